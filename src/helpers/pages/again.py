"""Figures of one page on another: small under their finding, whole on a sheet, all of them in a gallery."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.chapter import output
from helpers.judge import links
from helpers.pages import drawings, markup, records
from helpers.pages.elements import PASSED_OVER, link_to, page_link
from helpers.pages.figures import backing, find, picture, store
from helpers.run import notebooks


class thumbnail(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A figure's picture, fetched only when a reader comes near it; its ``name`` is the figure's."""


class _OfAFigure(SphinxDirective):
    """A directive whose argument is a figure of another page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what the directive shows; refuse a name that no figure of the book's pages has."""
        name, items = self.arguments[0], records.read(Path(self.env.srcdir)).items
        figures = [
            item.name
            for item in items.values()
            if item.name.startswith("fig-") and records.is_page(self.env, item.place.file)
        ]
        if name not in figures:
            raise self.error(
                f"{self.name}: expected a figure of the book, found {name!r}; {links.near(name, figures)}"
            )
        return [nodes.container("", *self.shown(name, items[name].parts["title"]), classes=["preview"])]

    def shown(self, name: str, title: str) -> list[nodes.Node]:
        """Return the figure's finding, its drawing, and what stands below."""
        raise NotImplementedError


class Preview(_OfAFigure):
    """``{preview} fig-…``: a figure of another page, small, under its finding, which leads there."""

    def shown(self, name: str, title: str) -> list[nodes.Node]:
        """Return the finding as a link, and the drawing."""
        heading = nodes.paragraph("", "", link_to(name, title), classes=["chart-title"])
        return [heading, picture(name=name)]


class Again(_OfAFigure):
    """``{again} fig-…``: a figure of another page with caption and sources, on a sheet that stands alone."""

    def shown(self, name: str, title: str) -> list[nodes.Node]:
        """Return the finding, the drawing, its caption and what it rests on."""
        heading = nodes.paragraph("", title, classes=["chart-title"])
        return [heading, picture(name=name), backing(name=name, again=True)]


class Gallery(SphinxDirective):
    """``{figure-gallery}``: every figure of the book, small, notebook by notebook."""

    def run(self) -> list[nodes.Node]:
        """Return a heading and a grid for each notebook with figures."""
        records.pages(self.env)[self.env.docname].lists.add("figures")
        listed: list[nodes.Node] = []
        for path in notebooks.find(Path(self.env.srcdir)):
            grid = nodes.container(classes=["gallery"])
            for spec in output.stored(path, output.FIGURE):
                name, title = spec["usermeta"]["name"], spec["usermeta"]["title"]
                heading = nodes.paragraph("", "", link_to(name, title))
                grid += nodes.container("", heading, thumbnail(name=name))
            if len(grid):
                page = page_link(records.page_of(self.env, path))
                listed += [nodes.rubric("", "", page, classes=["table-title"]), grid]
        return listed


def _visit_thumbnail(self: Any, node: thumbnail) -> None:
    if self.builder.name == "html":
        root, name = "../" * self.builder.current_docname.count("/"), node["name"]
        folder = drawings.folder(find(self.builder.env, name), store(self.builder.app))
        shape = markup.shape(markup.drawing(folder, name, "narrow"))
        self.body.append(f'<div class="thumb" data-part="{name}.narrow" aria-hidden="true"{shape}></div>')
        image = (
            f'<img src="{root}{markup.FIGURES}/{name}.svg" alt="" loading="lazy" width="340" height="240">'
        )
        self.body.append(f"<noscript>{image}</noscript>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directives and the small picture."""
    app.add_node(thumbnail, html=(_visit_thumbnail, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.add_directive("preview", Preview)
    app.add_directive("again", Again)
    app.add_directive("figure-gallery", Gallery)
