"""What the pages that list a whole table have in common: ``Listing``, a directive whose rows are targets."""

import re
from collections import defaultdict
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helpers.chapter import data
from helpers.pages import records
from helpers.pages.elements import link_to, scrolling, table_node
from helpers.settings import settings

Rows = list[list[nodes.Node]]


class Listing(SphinxDirective):
    """A directive that lists a whole table; subclasses say how."""

    #: Of which kind the page then lists everything, so that others can lead there.
    lists = ""

    def run(self) -> list[nodes.Node]:
        """Note what the page lists, and list it."""
        if self.lists:
            records.pages(self.env)[self.env.docname].lists.add(self.lists)
        return self.build()

    def build(self) -> list[nodes.Node]:
        """Return the list."""
        raise NotImplementedError

    def listed(
        self, headers: dict[str, int], rows: Rows, names: list[str], classes: list[str]
    ) -> nodes.container:
        """Return a table whose rows are the targets ``names``, in a box that may scroll.

        Columns have the headers' widths, in per cent. They are known before the rows are, so that a long
        table does not shift as it loads.
        """
        table = table_node(list(headers), rows)
        table["classes"] += [*classes, "colwidths-given"]
        for column, width in zip(table.findall(nodes.colspec), headers.values(), strict=True):
            column["colwidth"] = width
        for name, row in zip(names, table.traverse(nodes.tbody)[0], strict=True):
            records.target(self.state.document, row, name)
        return scrolling(table)

    def named(self, name: str) -> nodes.Node:
        """Return a link to a figure, table, fact, claim or source, or its bare name if it is gone."""
        sources = {f"source-{each}" for each in data.load("sources")["source_id"]}
        known = sources | records.read(Path(self.env.srcdir)).items.keys()
        return link_to(name, name) if name in known else nodes.Text(name)

    def linking(self, kind: str) -> dict[str, list[str]]:
        """Return the chapters that link to each ``#kind-name``, by name."""
        pages: dict[str, list[str]] = defaultdict(list)
        chapters = settings().folders.chapters
        for path in sorted((Path(self.env.srcdir) / chapters).glob("*.ipynb")):
            for name in sorted(set(re.findall(rf"\]\(#{kind}-([\w-]+)\)", path.read_text(encoding="utf-8")))):
                pages[name].append(f"{chapters}/{path.stem}")
        return pages


def folded(summary: str, content: nodes.Node) -> list[nodes.Node]:
    """Return something behind a line that unfolds it."""
    opens = f"<details class='hide'><summary>{summary}</summary>"
    return [nodes.raw("", opens, format="html"), content, nodes.raw("", "</details>", format="html")]


def download_link(path: str, text: str) -> nodes.Element:
    """Return a link to a file of the site that lies beside the pages' folders."""
    return nodes.reference("", text, refuri=f"../{path}")
