"""Figures and tables: from a notebook's output to a numbered figure with picture, data and downloads."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from helpers import changes, data, drawings, notebooks, output, vegalite
from helpers.sphinx_ext import record, reuse

#: Folders of the built site: what belongs to a figure, and the libraries that pages fetch when needed.
FIGURES, LIBRARY = "_figures", "lib"
#: Rows beyond which a table can be searched, filtered and sorted, and scrolls in a window of its own.
LONG = 100


class picture(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """The drawing of a figure; its ``name`` is the figure's."""


class backing(nodes.General, nodes.Element):  # noqa: N801
    """What stands behind a figure or table: sources, data, downloads; its ``name`` is the figure's."""


class thumbnail(nodes.General, nodes.Element):  # noqa: N801
    """A figure's picture, fetched only when a reader comes near it; its ``name`` is the figure's."""


def figure_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Return the numbered figure for a stored chart."""
    about = content["usermeta"]
    record.keep(renderer.sphinx_env, "figures", about["name"], content)
    figure = nodes.figure(classes=["chart"])
    figure += nodes.paragraph("", about["title"], classes=["chart-title"])
    figure += picture(name=about["name"])
    figure += [nodes.caption("", about["caption"]), backing(name=about["name"])]
    record.target(renderer.document, figure, about["name"])
    return [figure]


def table_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Return the numbered table for a stored table."""
    about = content["report-book"]
    record.keep(renderer.sphinx_env, "tables", about["name"], content)
    headers = content["schema"]["fields"]
    known = set(data.load("sources")["source_id"])

    def node(header: str, text: str) -> nodes.Node:
        return source_link(text) if header == "Source" and text in known else nodes.Text(text)

    table = table_node(
        [field["name"] for field in headers],
        [[node(f["name"], row[f["name"]]) for f in headers] for row in content["data"]],
        about["caption"],
    )
    table["classes"].append("book-table")
    if len(content["data"]) > LONG:
        table["classes"] += ["filterable", "long"]
    for i, field in enumerate(headers):
        if field["type"] == "number":
            for entry in table.findall(nodes.row):
                entry.children[i]["classes"].append("number")
    record.target(renderer.document, table, about["name"])
    return [table, backing(name=about["name"])]


def source_link(source_id: str) -> nodes.Element:
    """Return a link to a source's row on the page of sources."""
    row = data.source(source_id)
    return link_to(f"source-{source_id}", f"{row['publisher']}, {row['published'] or 'undated'}")


class Preview(SphinxDirective):
    """``{preview} fig-…``: a figure of another page, small, as a way there."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawing and a link to the figure."""
        name = self.arguments[0]
        return [
            nodes.container(
                "", picture(name=name), nodes.paragraph("", "", link_to(name, "The figure in its chapter")), classes=["preview"]
            )
        ]


class Again(SphinxDirective):
    """``{again} fig-…``: a figure of another page with its caption and sources, for a sheet that must stand alone."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the drawing and what it rests on."""
        name = self.arguments[0]
        return [nodes.container("", picture(name=name), backing(name=name, again=True), classes=["preview"])]


class Gallery(SphinxDirective):
    """``{figure-gallery}``: every figure of the book, small, notebook by notebook."""

    def run(self) -> list[nodes.Node]:
        """Return a heading and a grid for each notebook with figures."""
        found: list[nodes.Node] = []
        for path in notebooks.find(Path(self.env.srcdir)):
            grid = nodes.container(classes=["gallery"])
            for spec in output.stored(path, output.FIGURE):
                about = spec["usermeta"]
                grid += nodes.container("", thumbnail(name=about["name"]), nodes.paragraph("", "", link_to(about["name"], about["title"])))
            if len(grid):
                docname = path.relative_to(self.env.srcdir).with_suffix("").as_posix()
                heading = nodes.rubric("", "", classes=["table-title"])
                heading += addnodes.pending_xref(
                    "", nodes.inline(), refdomain="std", reftype="doc", reftarget=f"/{docname}", refexplicit=False, refwarn=True
                )
                found += [heading, grid]
        return found


def table_node(headers: list[str], rows: list[list[nodes.Node]], title: str = "") -> nodes.table:
    """Return a docutils table with a header row; the first cell of each row heads it."""
    group = nodes.tgroup(cols=len(headers))
    group += [nodes.colspec(colwidth=1) for _ in headers]
    group += nodes.thead("", nodes.row("", *[nodes.entry("", nodes.paragraph("", text)) for text in headers]))
    body = nodes.tbody()
    for row in rows:
        body += nodes.row("", *[nodes.entry("", nodes.paragraph("", "", cell)) for cell in row])
    group += body
    return nodes.table("", *([nodes.title("", title)] if title else []), group)


def link_to(target: str, text: str) -> nodes.Element:
    """Return a link to a target anywhere in the book."""
    words = nodes.inline("", text)
    return addnodes.pending_xref("", words, refdomain="std", reftype="ref", reftarget=target, refexplicit=True, refwarn=True)


def numbered(name: str) -> nodes.Element:
    """Return a reference to a figure or table by its number."""
    number = nodes.literal("", name, classes=["xref"])
    return addnodes.pending_xref("", number, refdomain="std", reftype="numref", reftarget=name, refexplicit=False, refwarn=True)


def table_link(name: str) -> nodes.Element:
    """Return a link to a table's entry in the catalogue."""
    return link_to(f"table-{name.replace('_', '-')}", name)


def join(parts: list[nodes.Node], between: str) -> nodes.inline:
    """Return nodes in a row with a text between them."""
    joined = nodes.inline()
    for i, part in enumerate(parts):
        joined += [nodes.Text(between), part] if i else [part]
    return joined


def headers(spec: dict[str, Any], columns: list[str]) -> list[str]:
    """Return the columns' titles with units, from the schemas of the tables that the figure names."""
    known: dict[str, str] = {}
    for table in spec["usermeta"].get("tables", []):
        for name, field in data.fields(table).items():
            known.setdefault(name, field["title"] + (f" ({field['unit']})" if field.get("unit") else ""))
    return [known.get(column, column.replace("_", " ").capitalize()) for column in columns]


def source_line(source_ids: list[str], link: Callable[[str], str]) -> str:
    """Return the HTML that names a figure's sources: each publisher once, with its grade and a link for each date."""
    dates: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source_id in source_ids:
        row = data.source(source_id)
        dates[row["publisher"], row["grade"]].append(f'<a href="{link(source_id)}">{row["published"] or "undated"}</a>')
    return "; ".join(f"{escape(publisher)}, {', '.join(links)} (grade {grade})" for (publisher, grade), links in dates.items())


def slim(drawing: str, prefix: str) -> str:
    """Return an SVG for use inside a page: own ids, and nothing that the page's own text and styles give already."""
    drawing = re.sub(r'<(?:[^>"]|"[^"]*")*>', lambda tag: _slim_tag(tag[0], prefix), drawing)  # a label is never touched
    drawing = re.sub(r'<path(?: class="background")? d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>', "", drawing)
    return re.sub(r"<g></g>", "", drawing)


def _slim_tag(tag: str, prefix: str) -> str:
    tag = re.sub(r' (?:aria-[\w-]+|role|font-family|xmlns(?::\w+)?|version|pointer-events)="[^"]*"', "", tag)
    tag = re.sub(r' (?:(?:stroke-|fill-)?opacity|stroke-width)="1"| stroke-miterlimit="10"| transform="translate\(0,0\)"', "", tag)
    tag = re.sub(r' class="(?!background)[^"]*"', "", tag)
    tag = re.sub(r"var\((--rb-[\w-]+), #[0-9a-f]{6}\)", r"var(\1)", tag)
    tag = re.sub(r'(id="|url\(#)(?=(?:clip|gradient_)\d)', rf"\g<1>{prefix}-", tag)
    return re.sub(r"(\d\.\d)\d+", r"\1", tag)


def store(app: Sphinx) -> Path:
    """Return where drawings outlive a build: they are named after what they are made of."""
    return Path(app.confdir).parent / "_build" / "drawings"


def find(env: BuildEnvironment, name: str) -> dict[str, Any]:
    """Return the stored output of a figure or table."""
    for page in record.pages(env).values():
        for kind in (page.figures, page.tables):
            if name in kind:
                return kind[name]
    raise KeyError(name)


def drawing(spec: dict[str, Any], variant: str, store: Path) -> str:
    """Return one of a figure's drawings as SVG for use inside a page."""
    text = (drawings.folder(spec, store) / f"{variant}.svg").read_text(encoding="utf-8")
    return slim(text, f"{spec['usermeta']['name']}-{variant[0]}")


def size(drawn: str) -> tuple[float, float]:
    """Return the width and the height of an SVG in CSS pixels."""
    width, height = re.findall(r' (?:width|height)="([\d.]+)"', drawn)[:2]
    return float(width), float(height)


def picture_html(spec: dict[str, Any], store: Path, *, whole: bool = True) -> str:
    """Return a figure's drawings, one for a page and one for a phone, of which a style sheet shows what fits.

    Unless ``whole``, the phone's is a place of the right shape, which the page script fills when a reader comes near.
    """
    name, variants = spec["usermeta"]["name"], []
    for variant in vegalite.WIDTHS:
        drawn = drawing(spec, variant, store)
        width, height = size(drawn)
        later = "" if whole or variant == "wide" else f' data-part="{name}.{variant}"'
        shape = f' style="--width:{width};--height:{height}"'  # known before it is drawn: what is off screen need not be
        variants.append(f'<div class="{variant}"{shape}{later}>{"" if later else drawn}</div>')
    controls = json.dumps(spec.get("params", [])).count('"bind": {')
    return (
        f'<div class="chart-picture" data-chart="{name}" role="img" aria-label="{escape(spec["description"])}"'
        f' style="--controls:{controls}">{"".join(variants)}</div>'
    )


def _visit_picture(self: Any, node: picture) -> None:
    # The first picture of a page is there at once, whatever the screen.
    whole = self.builder.name != "html" or next(self.document.findall(picture)) is node
    self.body.append(picture_html(find(self.builder.env, node["name"]), store(self.builder.app), whole=whole))
    raise nodes.SkipNode


def _visit_thumbnail(self: Any, node: thumbnail) -> None:
    if self.builder.name == "html":
        root = "../" * self.builder.current_docname.count("/")
        self.body.append(f'<img src="{root}{FIGURES}/{node["name"]}.svg" alt="" loading="lazy" width="340" height="240">')
    raise nodes.SkipNode


def backing_html(content: dict[str, Any], source: Callable[[str], str], catalogue: str) -> str:
    """Return what a figure or table rests on: sources with dates and grades, unit, span, data, notes.

    Parameters
    ----------
    content
        The stored output of ``figure`` or ``table``.
    source
        Gives the address of a source's row.
    catalogue
        Address of the data catalogue.
    """
    about = content.get("usermeta") or content["report-book"]
    lines = [f"Source: {source_line(about['sources'], source)}."]
    if about.get("unit"):
        lines.append(f"Unit: {escape(about['unit'])}.")
    if "datasets" in content and (span := drawings.span(content)):
        lines.append(f"Span: {span}.")
    if about.get("tables"):
        tables = ", ".join(f'<a href="{catalogue}#table-{table.replace("_", "-")}">{table}</a>' for table in about["tables"])
        lines.append(f"Data: {tables}, to {max(data.resource(table).get('vintage', '') for table in about['tables'])}.")
    if about.get("note"):
        lines.append(f"Note: {escape(about['note'])}")
    lines += map(escape, changes.corrections(about["name"]))
    return f'<p class="chart-source">{" ".join(lines)}</p>'


def _visit_backing(self: Any, node: backing) -> None:
    content, current = find(self.builder.env, node["name"]), self.builder.current_docname
    sources, catalogue = (self.builder.get_relative_uri(current, f"reference/{page}") for page in ("sources", "data"))
    if node.get("again"):
        self.body.append(f'<p class="chart-caption"><strong>{escape(content["usermeta"]["title"])}.</strong> ')
        self.body.append(f"{escape(content['usermeta']['caption'])}</p>")
    self.body.append(backing_html(content, lambda source_id: f"{sources}#source-{source_id}", catalogue))
    if "datasets" in content and self.builder.name == "html" and not node.get("again"):
        self.body.append(tools_html(content, "../" * current.count("/"), store(self.builder.app)))
    raise nodes.SkipNode


def rows_html(spec: dict[str, Any]) -> str:
    """Return the rows that a figure draws as a table."""
    columns, records = drawings.rows(spec)
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headers(spec, columns))
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(drawings.shown(row.get(column)))}' for column in columns)}" for row in records
    )  # HTML closes them
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def tools_html(spec: dict[str, Any], root: str, made: Path, rows: str = "") -> str:
    """Return a figure's data as a table, its downloads, and how to cite and reuse it.

    ``root`` leads to the site's top, ``made`` holds the drawings. Without ``rows`` the page script fetches the table
    when a reader opens it.
    """
    about = spec["usermeta"]
    name, title = about["name"], escape(about["title"])
    height = 420 + round(max(size(drawing(spec, variant, made))[1] for variant in vegalite.WIDTHS))  # with its words, on a phone too
    part = "" if rows else f' data-part="{name}.rows"'
    rows = rows or f'<p><a href="{root}{FIGURES}/{name}.html">The figure alone, with its data</a></p>'
    downloads = " ".join(f'<a href="{root}{FIGURES}/{name}.{ending}" download>{label}</a>' for ending, label in drawings.DOWNLOADS.items())
    code = "; ".join(f'load("{table}")' for table in about.get("tables", []))
    lines = "; ".join(f"{table}.csv, {held}" for table, held in about.get("lines", {}).items())
    return (
        f'<div class="chart-tools"><details><summary>Data<span class="visually-hidden"> of {title}</span></summary>'
        f'<div class="chart-data" role="region" tabindex="0" aria-label="Data drawn: {title}"{part}>{rows}</div></details>'
        f'<details><summary>Cite, embed, load<span class="visually-hidden"> {title}</span></summary><dl class="chart-reuse">'
        f"<dt>Cite</dt><dd>{escape(reuse.citation(about))} "
        f'<a href="{root}{FIGURES}/{name}.bib" download>BibTeX</a> <a href="{root}{FIGURES}/{name}.ris" download>RIS</a></dd>'
        f'<dt>Embed</dt><dd><code class="chart-embed">{escape(reuse.frame(about, root + FIGURES, height))}</code> '
        f'<a href="{root}{FIGURES}/{name}.html">The figure alone</a></dd>'
        + (f"<dt>Rows drawn</dt><dd>{lines}</dd>" if lines else "")
        + (f"<dt>Load in Python</dt><dd><code>from helpers import load; {escape(code)}</code></dd>" if code else "")
        + f'</dl></details><span class="chart-links">{downloads} <a href="#{name}" class="chart-link">Link'
        '<span class="visually-hidden"> to this figure</span></a></span></div>'
    )


def _draw_all(app: Sphinx) -> None:
    """Draw what is new in the notebooks' stored outputs, before the pages are written one by one."""
    if app.builder.format == "html":
        drawings.draw_all([spec for path in notebooks.find(Path(app.srcdir)) for spec in output.stored(path, output.FIGURE)], store(app))


def _write_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the figures' files into the site, and the one library that brings them alive."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for name in (FIGURES, LIBRARY):
        (site / name).mkdir(exist_ok=True)
    (site / LIBRARY / "vega.js").write_text(vegalite.script(), encoding="utf-8")
    for docname, page in record.pages(app.env).items():
        for name, spec in page.figures.items():
            for path in drawings.folder(spec, store(app)).glob(f"{name}.*"):
                shutil.copyfile(path, site / FIGURES / path.name)
            texts = reuse.files(spec["usermeta"]) | {"html": _alone(spec, f"{docname}.html", store(app))}
            # Scripts, because a page opened from disk may load these but fetch nothing.
            for part, html in (("narrow", drawing(spec, "narrow", store(app))), ("rows", rows_html(spec))):
                texts[f"{part}.js"] = f"reportBook.parts[{json.dumps(f'{name}.{part}')}]={json.dumps(html, ensure_ascii=False)};\n"
            for ending, text in texts.items():
                (site / FIGURES / f"{name}.{ending}").write_text(text, encoding="utf-8")


def _alone(spec: dict[str, Any], home: str, made: Path) -> str:
    parts = {
        "picture": picture_html(spec, made),
        "backing": backing_html(spec, lambda source_id: f"../reference/sources.html#source-{source_id}", "../reference/data.html"),
        "tools": tools_html(spec, "../", made, rows_html(spec)),
    }
    return reuse.alone(spec["usermeta"], f"{home}#{spec['usermeta']['name']}", parts)


def setup(app: Sphinx) -> None:
    """Register the nodes and the writing of files."""
    nothing = (lambda self, node: None, lambda self, node: None)
    app.add_node(picture, html=(_visit_picture, None), text=nothing, latex=nothing)
    app.add_node(backing, html=(_visit_backing, None), text=nothing, latex=nothing)
    app.add_node(thumbnail, html=(_visit_thumbnail, None), text=nothing, latex=nothing)
    app.add_directive("preview", Preview)
    app.add_directive("again", Again)
    app.add_directive("figure-gallery", Gallery)
    app.connect("builder-inited", _draw_all)
    app.connect("build-finished", _write_files)
