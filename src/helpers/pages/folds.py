"""The code of a figure, in one fold: all cells between it and the text before it, beside its data.

The cells keep their places in the page, empty, because a page that runs puts its editors there.
"""

from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from helpers.pages.figures import backing


class FoldCode(SphinxPostTransform):
    """Move the folded code of cells that lead to a figure or table into what stands behind it."""

    builders = ("html",)
    default_priority = 150  # outputs have been chosen, and code is not folded yet

    def run(self, **_: Any) -> None:
        """Gather the cells up to each figure; any text between them begins anew."""
        waiting: list[nodes.Element] = []
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            if waiting and _before(cell) is not waiting[-1]:
                waiting = []
            behind = next(iter(cell.findall(backing)), None)
            if behind is not None:
                for each in [*waiting, cell]:
                    behind += _taken(each)
            waiting = [*waiting, cell] if behind is None and _is_quiet(cell) else []


def _before(cell: nodes.Element) -> nodes.Node | None:
    place = cell.parent.index(cell)
    return cell.parent[place - 1] if place else None


def _is_quiet(cell: nodes.Element) -> bool:
    """Whether a cell's code is folded and its output, if it has any, is nothing that a reader sees."""
    shown = (part for part in cell.children if part.get("nb_element") == "cell_code_output")
    silent = nodes.container | nodes.comment | nodes.Text
    return cell.get("hide_mode") == "input" and all(
        isinstance(node, silent) for part in shown for node in part.findall()
    )


def _taken(cell: nodes.Element) -> list[nodes.Node]:
    """Take the code out of a cell, if it is folded."""
    if cell.get("hide_mode") != "input" or cell[0].get("nb_element") != "cell_code_source":
        return []
    source = cell[0]
    cell.remove(source)
    code, source.children = source.children, []
    return code


def _visit_fold(self: Any, node: HideCodeCellNode) -> None:
    classes = " ".join(["hide", *node["classes"]])
    self.body.append(f'<details class="{classes}"><summary>{self.encode(node["prompt_show"])}</summary>\n')


def _depart_fold(self: Any, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Register the move, and a fold whose name is what it shows."""
    app.add_post_transform(FoldCode)
    app.add_node(HideCodeCellNode, override=True, html=(_visit_fold, _depart_fold))
