"""The Sphinx extension: what turns the notebooks' records into pages.

``record`` keeps what the pages hold; ``figures``, ``tables`` and ``evidence`` make nodes from the
notebooks' outputs; ``reference`` writes the pages that list everything; ``maths`` draws formulas; ``page`` trims what a page loads.
"""

from typing import Any

from sphinx.application import Sphinx

from helpers.sphinx_ext import evidence, figures, maths, page, record, reference


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part."""
    for part in (record, figures, evidence, reference, maths, page):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
