"""The myst-nb plugin: what each of the book's own outputs becomes in a page."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes

from helpers.chapter import output
from helpers.pages import evidence, figures


def _nothing(renderer: Any, content: Any) -> list[nodes.Element]:
    return [nodes.comment("", "recorded")]  # an empty list would let the plain text through


_NODES: dict[str, Callable[[Any, Any], list[nodes.Element]]] = {
    output.FIGURE: figures.figure_nodes,
    output.TABLE: figures.table_nodes,
    output.FACT: evidence.fact_nodes,
    output.CLAIMS: evidence.claims_nodes,
    output.ANSWER: _nothing,
}


class Renderer:
    """Entry point of ``myst_nb.mime_renderers``."""

    mime_priority_overrides: ClassVar = [("*", kind, 1) for kind in _NODES]

    @staticmethod
    def handle_mime(renderer: Any, mime: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the nodes for an output of ours, or None for any other."""
        own = mime.mime_type in _NODES and (mime.mime_type != output.TABLE or "report-book" in mime.content)
        if inline or not own:  # pandas has tables of that type too
            return None
        return _NODES[mime.mime_type](renderer.renderer, mime.content)
