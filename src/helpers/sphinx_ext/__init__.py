"""The Sphinx extension: what turns the notebooks' records into pages.

In reading order: ``record`` keeps what the pages hold; ``figures`` and ``evidence`` make nodes from the notebooks' outputs, which
``outputs`` hands them; ``html`` has what a figure is in a page, with the HTML itself in ``templates``, and ``reuse`` how it is cited;
``reference`` and ``checks`` write the pages that list everything; ``maths`` draws formulas; ``numbers`` finds figures' numbers;
``quiz`` asks and ``live`` lets pages run; ``search`` lists what can be found; ``metadata`` says what a page is; ``page`` trims what a
page loads; ``paper`` is for PDF and e-book.
"""

from typing import Any

from sphinx.application import Sphinx

from helpers.sphinx_ext import checks, evidence, figures, live, maths, metadata, numbers, page, quiz, record, reference, search


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part."""
    for part in (record, figures, evidence, reference, checks, maths, numbers, quiz, live, search, metadata, page):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
