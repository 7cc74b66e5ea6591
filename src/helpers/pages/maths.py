"""Formulas as MathML, which browsers draw themselves: no script, nothing from elsewhere."""

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)


def mathml(node: Any, **options: Any) -> str:
    """Return a formula as MathML; warn, with its place, of what of it would be shown as it is written."""
    written = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", node.astext())  # the name that it knows
    try:
        made: str = convert(written, **options)
    except Exception as error:  # it has a kind of its own for each way to be wrong
        logger.warning("the formula cannot be drawn: %s", type(error).__name__, location=node)
        return ""
    for left in re.findall(r"<m[ion]>(\\[A-Za-z]+|&)</m[ion]>", made):
        logger.warning("the formula has %r, which no page can draw", left, location=node)
    return made


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    # A long one is moved by keys too.
    self.body.append(self.starttag(node, "div", "", CLASS="math scrolls", TABINDEX="0"))
    self.body.append(mathml(node, display="block"))
    if node.get("number"):  # it has a label, by which the prose leads here
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer that ``html_math_renderer: mathml`` asks for."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
