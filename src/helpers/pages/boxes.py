"""Boxes of exercises: the title says what an exercise takes, and the ids in a box are its own."""

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


def setup(app: Sphinx) -> None:
    """Register the changes."""
    app.add_post_transform(OwnIds)
    app.add_post_transform(Marks)
