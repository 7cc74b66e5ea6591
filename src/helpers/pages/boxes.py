"""Boxes: what folds, folds by itself; an exercise says in its title what it takes, and has ids of its own."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from helpers.judge.needs import NEEDS

#: The ids that every exercise and every solution has for what lies in it.
_ALIKE = (["exercise-content"], ["solution-content"])


class OwnIds(SphinxPostTransform):
    """Name the content of each exercise and solution after it."""

    default_priority = 1

    def run(self, **_: Any) -> None:
        """Change the page, or in the PDF the whole book."""
        for section in self.document.findall(nodes.section):
            if section["ids"] in _ALIKE:
                section["ids"] = [f"{section.parent['ids'][0]}-content"]


class Marks(SphinxPostTransform):
    """Say behind the number of each exercise what it takes, by its class."""

    default_priority = 30  # once the extension has made the titles

    def run(self, **_: Any) -> None:
        """Change the page, or in the PDF the whole book."""
        for title in self.document.findall(nodes.title):
            for name in NEEDS.keys() & {*title.parent["classes"]}:
                title += nodes.inline("", f"· {NEEDS[name]}", classes=["takes"])


class Folds(SphinxPostTransform):
    """Fold a box of the class ``dropdown`` in the page itself: where no script runs, it folds too."""

    default_priority = 40
    builders = ("html",)

    def run(self, **_: Any) -> None:
        """Change the page."""
        for box in self.document.findall(nodes.admonition):
            title = box[0] if box.children else None
            if "dropdown" in box["classes"] and isinstance(title, nodes.title):
                head = f'<details><summary class="admonition-title">{escape(title.astext())}</summary>'
                title.replace_self(nodes.raw("", head, format="html"))
                box += nodes.raw("", "</details>", format="html")


def setup(app: Sphinx) -> None:
    """Register the changes."""
    app.add_post_transform(Folds)
    app.add_post_transform(OwnIds)
    app.add_post_transform(Marks)
