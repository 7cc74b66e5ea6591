"""Figures and tables: from a notebook's output to a numbered figure with picture, data and downloads."""

import base64
import json
import shutil
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from helpers.chapter import data, output
from helpers.pages import drawings, markup, records, reuse
from helpers.pages.elements import PASSED_OVER, source_link, table_node
from helpers.run import notebooks

#: The folder of the built site with the libraries that pages fetch when needed.
LIBRARY = "lib"
#: Stands before the library, whose own notices are lost when it is packed.
NOTICE = b"/*! Vega, Vega-Lite, Vega-Embed, D3 and what they use; licences: lib/vega-licences.txt */\n"
#: Rows beyond which a table can be searched, filtered and sorted, and scrolls in a window of its own.
LONG = 100


class picture(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """The drawing of a figure; its ``name`` is the figure's."""


class backing(nodes.General, nodes.Element):  # noqa: N801
    """What stands behind a figure or table: sources, data, downloads; its ``name`` is the figure's."""


def figure_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Return the numbered figure for a stored chart."""
    meta = content["usermeta"]
    records.keep(renderer.sphinx_env, "figures", meta["name"], content)
    figure = nodes.figure(classes=["chart"])
    figure += nodes.paragraph("", meta["title"], classes=["chart-title"])
    figure += picture(name=meta["name"])
    figure += [nodes.caption("", meta["caption"]), backing(name=meta["name"])]
    records.target(renderer.document, figure, meta["name"])
    return [figure]


def table_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Return the numbered table for a stored table."""
    meta = content["report-book"]
    records.keep(renderer.sphinx_env, "tables", meta["name"], content)
    headers = content["schema"]["fields"]
    known = set(data.load("sources")["source_id"])

    def node(header: str, text: str) -> nodes.Node:
        return source_link(text) if header == "Source" and text in known else nodes.Text(text)

    table = table_node(
        [field["name"] for field in headers],
        [[node(f["name"], row[f["name"]]) for f in headers] for row in content["data"]],
        meta["caption"],
    )
    table["classes"].append("book-table")
    if len(content["data"]) > LONG:
        table["classes"] += ["filterable", "long"]
    for i, field in enumerate(headers):
        if field["type"] == "number":
            for entry in table.findall(nodes.row):
                entry.children[i]["classes"].append("number")
    records.target(renderer.document, table, meta["name"])
    return [table, backing(name=meta["name"])]


def store(app: Sphinx) -> Path:
    """Return where drawings and the library outlive a build: they are named after what they are made of."""
    return Path(app.confdir).parent / "_build" / "drawings"


def find(env: BuildEnvironment, name: str) -> dict[str, Any]:
    """Return the stored output of a figure or table.

    Raises
    ------
    ExtensionError
        If no page has it any more, as when a page that shows it again was read before it went.
    """
    for page in records.pages(env).values():
        for kind in (page.figures, page.tables):
            if name in kind:
                return kind[name]
    raise ExtensionError(f"expected a figure or table of the book, found {name!r}, which no page has")


def address(builder: Any, docname: str, kind: str) -> str | None:
    """Return where, seen from a page, the book lists all of a kind; None if it does nowhere."""
    home = records.home(builder.env, kind)
    return builder.get_relative_uri(docname, home) if home else None


def _visit_picture(self: Any, node: picture) -> None:
    # The first picture of a page is there at once, whatever the screen.
    builder, spec = self.builder, find(self.builder.env, node["name"])
    whole = builder.name != "html" or next(self.document.findall(picture)) is node
    # Where a figure is shown again, small or on a sheet, its marks lead nowhere.
    at_home = builder.name == "html" and isinstance(node.parent, nodes.figure)
    lead = partial(_target, builder, node["name"], builder.current_docname) if at_home else None
    self.body.append(markup.picture_html(spec, store(builder.app), whole=whole, lead=lead))
    raise nodes.SkipNode


def _target(builder: Any, figure: str, here: str | None, name: str) -> str:
    """Return the address of what a mark of a figure leads to, seen from a page or else from the site's top.

    Raises
    ------
    ExtensionError
        If the book has nothing of that name.
    """
    docname, anchor, *_ = builder.env.get_domain("std").anonlabels.get(name, ("", ""))
    if not docname:
        raise ExtensionError(
            f"{figure}: expected marks that lead to targets of the book, as links of the text do, "
            f"found #{name}"
        )
    page = builder.get_relative_uri(here, docname) if here else builder.get_target_uri(docname)
    return f"{page}#{anchor}"


def _visit_backing(self: Any, node: backing) -> None:
    content, current = find(self.builder.env, node["name"]), self.builder.current_docname
    sources, catalogue = (address(self.builder, current, kind) for kind in ("sources", "data"))
    if "again" in node:
        caption = escape(content["usermeta"]["caption"])
        self.body.append(f'<p class="chart-caption">{caption}</p>')
    self.body.append(markup.source_html(content, sources, catalogue, again="again" in node))
    if "again" in node:
        raise nodes.SkipNode
    code = _code(self, node)
    if "datasets" in content and self.builder.name == "html":
        root = "../" * current.count("/")
        self.body.append(markup.tools_html(content, root, store(self.builder.app), code=code))
    elif code:
        fold = markup.render("code", code=code, title=content["report-book"]["caption"])
        self.body.append(f'<div class="chart-tools">{fold}</div>')
    raise nodes.SkipNode


def _code(self: Any, node: backing) -> str:
    """Return as HTML the code that lies in what stands behind a figure."""
    before = len(self.body)
    for cell in node.children:
        cell.walkabout(self)
    code = "".join(self.body[before:])
    del self.body[before:]
    return code


def _stored(app: Sphinx) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield every figure of the notebooks that this build reads, and its picture."""
    for path in notebooks.find(Path(app.srcdir)):
        if app.env.path2doc(path) in records.just_read(app.env):
            yield from stored(path)


def stored(path: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield every figure of a notebook's stored outputs and its picture.

    Raises
    ------
    ExtensionError
        If a figure has no picture.
    """
    for bundle in output.bundles(path, output.FIGURE):
        spec = bundle[output.FIGURE]
        name = spec["usermeta"]["name"]
        records.check_name(name, "fig-", str(path))
        if output.PICTURE not in bundle:
            raise ExtensionError(
                f"{path}: {name}: expected a picture beside the chart, found none; run the notebook"
            )
        yield spec, base64.b64decode(bundle[output.PICTURE])


def _draw_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Begin to draw what is new, while the pages are read."""
    if app.builder.format == "html":
        drawings.draw_ahead([spec for spec, _ in _stored(app)], store(app))


def _write_files(app: Sphinx, exception: Exception | None) -> None:
    """Put the figures' files into the site, and the one library that brings them alive."""
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for name in (markup.FIGURES, LIBRARY):
        (site / name).mkdir(exist_ok=True)
    (site / LIBRARY / "vega.js").write_bytes(NOTICE + drawings.library(store(app)).read_bytes())
    for spec, picture in _stored(app):
        (site / markup.FIGURES / f"{spec['usermeta']['name']}.png").write_bytes(picture)
    homes = (records.home(app.env, kind) for kind in ("sources", "data"))
    sources, catalogue = (home and f"{home}.html" for home in homes)
    icon = Path(app.config.html_favicon or "").name
    for docname in sorted(records.just_read(app.env)):
        page = records.pages(app.env).get(docname, records.Page())
        for name, spec in page.figures.items():
            drawn = drawings.folder(spec, store(app))
            for path in drawn.glob(f"{name}.*"):
                shutil.copyfile(path, site / markup.FIGURES / path.name)
            address = app.config.html_baseurl and f"{app.config.html_baseurl}{docname}.html#{name}"
            texts = reuse.files(spec["usermeta"], address)
            lead = partial(_target, app.builder, name, None)
            texts["html"] = markup.alone(spec, f"{docname}.html", store(app), sources, catalogue, icon, lead)
            # Scripts, because a page opened from disk may load these but fetch nothing.
            rows = markup.rows_html(spec, markup.leads(spec, store(app), lead))
            parts = {"narrow": markup.drawing(drawn, name, "narrow"), "rows": rows}
            for part, html in parts.items():
                place, content = json.dumps(f"{name}.{part}"), json.dumps(html, ensure_ascii=False)
                texts[f"{part}.js"] = f"reportBook.parts[{place}]={content};\n"
            for ending, text in texts.items():
                (site / markup.FIGURES / f"{name}.{ending}").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the nodes and the writing of files."""
    app.add_node(picture, html=(_visit_picture, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.add_node(backing, html=(_visit_backing, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.connect("env-before-read-docs", _draw_ahead)
    app.connect("build-finished", _write_files)
