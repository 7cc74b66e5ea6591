"""Ids that are one page's own: what an extension names alike in each box of a page is named after the box."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

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


def setup(app: Sphinx) -> None:
    """Register the change."""
    app.add_post_transform(OwnIds)
