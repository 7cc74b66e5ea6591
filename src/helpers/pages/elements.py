"""What many pages are made of, as docutils has it: links to what the book holds, lists of them, tables."""

from docutils import nodes
from sphinx import addnodes

from helpers.chapter import data

#: How many sources a list names; the table that it is of has all.
SHOWN = 6
#: What a builder does at a node that only the site shows.
PASSED_OVER = (lambda self, node: None, lambda self, node: None)


def table_node(headers: list[str], rows: list[list[nodes.Node]], title: str = "") -> nodes.table:
    """Return a docutils table with a header row; the first cell of each row heads it, others may be lists."""
    group = nodes.tgroup(cols=len(headers))
    group += [nodes.colspec(colwidth=1) for _ in headers]
    group += nodes.thead("", nodes.row("", *[nodes.entry("", nodes.paragraph("", text)) for text in headers]))
    body = nodes.tbody()
    for row in rows:
        body += nodes.row("", *[nodes.entry("", _block(cell)) for cell in row])
    group += body
    return nodes.table("", *([nodes.title("", title)] if title else []), group)


def _block(cell: nodes.Node) -> nodes.Node:
    return cell if isinstance(cell, nodes.bullet_list) else nodes.paragraph("", "", cell)


def scrolling(table: nodes.table) -> nodes.container:
    """Return a table in a box that scrolls where it is wider than the page."""
    return nodes.container("", table, classes=["scrolls"])


def link_to(target: str, text: str) -> nodes.Element:
    """Return a link to a target anywhere in the book."""
    return _reference("ref", target, nodes.inline("", text), explicit=True)


def page_link(docname: str) -> nodes.Element:
    """Return a link to a page by its title."""
    return _reference("doc", f"/{docname}", nodes.inline(), explicit=False)


def numbered(name: str) -> nodes.Element:
    """Return a reference to a figure or table by its number."""
    return _reference("numref", name, nodes.literal("", name, classes=["xref"]), explicit=False)


def _reference(kind: str, target: str, words: nodes.Element, *, explicit: bool) -> nodes.Element:
    """Return what Sphinx makes a link once it has read all pages; ``explicit`` if it keeps these words."""
    return addnodes.pending_xref(
        "", words, refdomain="std", reftype=kind, reftarget=target, refexplicit=explicit, refwarn=True
    )


def table_link(name: str) -> nodes.Element:
    """Return a link to a table's entry in the catalogue."""
    return link_to(f"table-{name.replace('_', '-')}", name)


def source_link(source_id: str) -> nodes.Element:
    """Return a link to a source's row on the page of sources."""
    row = data.source(source_id)
    return link_to(f"source-{source_id}", f"{row['publisher']}, {row['published'] or 'undated'}")


def source_links(source_ids: list[str]) -> list[nodes.Node]:
    """Return links to the first sources of a list, and how many more there are."""
    rest = f"; {len(source_ids) - SHOWN} more" if len(source_ids) > SHOWN else ""
    return [join([source_link(each) for each in source_ids[:SHOWN]], "; "), nodes.Text(rest)]


def join(parts: list[nodes.Node], between: str) -> nodes.inline:
    """Return nodes in a row with a text between them."""
    joined = nodes.inline()
    for i, part in enumerate(parts):
        joined += [nodes.Text(between), part] if i else [part]
    return joined
