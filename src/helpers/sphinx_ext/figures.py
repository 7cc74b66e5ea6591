"""Figures and tables: from a notebook's output to a numbered figure with picture, data and downloads."""

import json
import re
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers import data, drawings, notebooks, output, vegalite
from helpers.sphinx_ext import record

#: Folders of the built site: what belongs to a figure, and the libraries that pages fetch when needed.
FIGURES, LIBRARY = "_figures", "lib"


class picture(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """The drawing of a figure; its ``name`` is the figure's."""


class backing(nodes.General, nodes.Element):  # noqa: N801
    """What stands behind a figure or table: sources, data, downloads; its ``name`` is the figure's."""


class FigureRenderer:
    """myst-nb plugin for charts."""

    mime_priority_overrides: ClassVar = [("*", output.FIGURE, 1)]

    @staticmethod
    def handle_mime(renderer: Any, mime: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the figure node for a chart."""
        if inline or mime.mime_type != output.FIGURE:
            return None
        about = mime.content["usermeta"]
        record.keep(renderer.renderer.sphinx_env, "figures", about["name"], mime.content)
        figure = nodes.figure(classes=["chart"])
        figure += nodes.paragraph("", about["title"], classes=["chart-title"])
        figure += picture(name=about["name"])
        figure += nodes.caption("", about["caption"])
        figure += nodes.legend("", backing(name=about["name"]))
        record.target(renderer.renderer.document, figure, about["name"])
        return [figure]


class TableRenderer:
    """myst-nb plugin for tables."""

    mime_priority_overrides: ClassVar = [("*", output.TABLE, 1)]

    @staticmethod
    def handle_mime(renderer: Any, mime: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the table node for a table."""
        if inline or mime.mime_type != output.TABLE:
            return None
        about = mime.content["report-book"]
        record.keep(renderer.renderer.sphinx_env, "tables", about["name"], mime.content)
        headers = mime.content["schema"]["fields"]
        known = set(data.load("sources")["source_id"])

        def node(header: str, text: str) -> nodes.Node:
            return source_link(text) if header == "Source" and text in known else nodes.Text(text)

        table = table_node(
            [field["name"] for field in headers],
            [[node(f["name"], row[f["name"]]) for f in headers] for row in mime.content["data"]],
            about["caption"],
        )
        table["classes"].append("book-table")
        for i, field in enumerate(headers):
            if field["type"] == "number":
                for entry in table.findall(nodes.row):
                    entry.children[i]["classes"].append("number")
        record.target(renderer.renderer.document, table, about["name"])
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
    """Return the HTML that names a figure's sources, each with its date and grade."""
    parts = []
    for source_id in source_ids:
        row = data.source(source_id)
        published = f", {row['published']}" if row["published"] else ""
        parts.append(f'<a href="{link(source_id)}">{escape(row["publisher"])}</a>{published} (grade {row["grade"]})')
    return "; ".join(parts)


def slim(drawing: str, prefix: str) -> str:
    """Return an SVG for use inside a page: own ids, and nothing that the page's own text and styles give already."""
    drawing = re.sub(r' (?:aria-[\w-]+|role|font-family|xmlns(?::\w+)?|version|pointer-events)="[^"]*"', "", drawing)
    drawing = re.sub(r' (?:(?:stroke-|fill-)?opacity|stroke-width)="1"| stroke-miterlimit="10"| transform="translate\(0,0\)"', "", drawing)
    drawing = re.sub(r' class="(?!background)[^"]*"', "", drawing)
    drawing = re.sub(r'<path(?: class="background")? d="(?:M0,0h0v0h0Z)?"(?: display="none")?/>', "", drawing)
    drawing = re.sub(r"var\((--rb-[\w-]+), #[0-9a-f]{6}\)", r"var(\1)", drawing)
    drawing = re.sub(r"<g></g>", "", drawing)
    drawing = re.sub(r'(id="|url\(#)(?=(?:clip|gradient_)\d)', rf"\g<1>{prefix}-", drawing)
    return re.sub(r"(\d\.\d)\d+", r"\1", drawing)


def _store(app: Sphinx) -> Path:
    """Return where drawings outlive a build: they are named after what they are made of."""
    return Path(app.confdir).parent / "_build" / "drawings"


def _find(translator: Any, name: str) -> dict[str, Any]:
    for page in record.pages(translator.builder.env).values():
        for kind in (page.figures, page.tables):
            if name in kind:
                return kind[name]
    raise KeyError(name)


def _visit_picture(self: Any, node: picture) -> None:
    spec = _find(self, node["name"])
    made = drawings.folder(spec, _store(self.builder.app))
    variants = "".join(
        f'<div class="{variant}">{slim((made / f"{variant}.svg").read_text(encoding="utf-8"), node["name"] + "-" + variant[0])}</div>'
        for variant in vegalite.WIDTHS
    )
    controls = json.dumps(spec.get("params", [])).count('"bind": {')
    self.body.append(
        f'<div class="chart-picture" data-chart="{node["name"]}" role="img" aria-label="{escape(spec["description"])}"'
        f' style="--controls:{controls}">{variants}</div>'
    )
    raise nodes.SkipNode


def _visit_backing(self: Any, node: backing) -> None:
    content = _find(self, node["name"])
    about = content.get("usermeta") or content["report-book"]
    current = self.builder.current_docname

    def link(source_id: str) -> str:
        return f"{self.builder.get_relative_uri(current, 'reference/sources')}#source-{source_id}"

    lines = [f"Source: {source_line(about['sources'], link)}."]
    if about.get("unit"):
        lines.append(f"Unit: {escape(about['unit'])}.")
    if about.get("tables"):
        catalogue = self.builder.get_relative_uri(current, "reference/data")
        tables = ", ".join(f'<a href="{catalogue}#table-{table.replace("_", "-")}">{table}</a>' for table in about["tables"])
        lines.append(f"Data: {tables}, to {max(data.resource(table).get('vintage', '') for table in about['tables'])}.")
    if about.get("note"):
        lines.append(f"Note: {escape(about['note'])}")
    self.body.append(f'<p class="chart-source">{" ".join(lines)}</p>')
    if "datasets" in content and self.builder.name == "html":
        self.body.append(_tools(content, "../" * current.count("/")))
    raise nodes.SkipNode


def _tools(spec: dict[str, Any], root: str) -> str:
    name, (columns, records) = spec["usermeta"]["name"], drawings.rows(spec)
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headers(spec, columns))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(drawings.shown(row.get(column)))}</td>" for column in columns) + "</tr>" for row in records
    )
    links = " ".join(f'<a href="{root}{FIGURES}/{name}.{ending}" download>{label}</a>' for ending, label in drawings.DOWNLOADS.items())
    title = escape(spec["usermeta"]["title"])
    return (
        f'<div class="chart-tools"><details><summary>Data<span class="visually-hidden"> of {title}</span></summary>'
        f'<div class="chart-data" role="region" tabindex="0" aria-label="Data drawn: {title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
        f'<span class="chart-links">{links} <a href="#{name}" aria-label="Permanent link to this figure">Link</a></span></div>'
    )


def _draw_all(app: Sphinx) -> None:
    """Draw what is new in the notebooks' stored outputs, before the pages are written one by one."""
    if app.builder.format == "html":
        drawings.draw_all([spec for path in notebooks.find(Path(app.srcdir)) for spec in output.stored(path, output.FIGURE)], _store(app))


def _write_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the figures' files into the site, and the one library that brings them alive."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for name in (FIGURES, LIBRARY):
        (site / name).mkdir(exist_ok=True)
    (site / LIBRARY / "vega.js").write_text(vegalite.script(), encoding="utf-8")
    for page in record.pages(app.env).values():
        for name, spec in page.figures.items():
            for path in drawings.folder(spec, _store(app)).glob(f"{name}.*"):
                shutil.copyfile(path, site / FIGURES / path.name)


def setup(app: Sphinx) -> None:
    """Register the nodes and the writing of files."""
    nothing = (lambda self, node: None, lambda self, node: None)
    app.add_node(picture, html=(_visit_picture, None), text=nothing, latex=nothing)
    app.add_node(backing, html=(_visit_backing, None), text=nothing, latex=nothing)
    app.add_directive("preview", Preview)
    app.connect("builder-inited", _draw_all)
    app.connect("build-finished", _write_files)
