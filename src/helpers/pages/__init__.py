"""The Sphinx extension: what turns the notebooks' records into pages.

In reading order: ``records`` keeps what the pages hold; ``figures`` and ``evidence`` make nodes from the
notebooks' outputs, which ``outputs`` hands them; ``markup`` has what a figure is in a page, with the HTML
itself in ``templates``, and ``reuse`` how it is cited; ``reference`` and ``checks`` write the pages that list
everything; ``maths`` draws formulas; ``numref`` finds figures' numbers; ``quiz`` asks and ``switch`` lets
pages run; ``search`` lists what can be found; ``metadata`` says what a page is; ``published``, with ``feed``,
writes what a site has beside its pages; ``trim`` trims what a page loads; ``paper`` is for PDF and e-book,
``preview`` for who writes.
"""

from typing import Any

from sphinx.application import Sphinx

from helpers.pages import (
    checks,
    config,
    evidence,
    figures,
    maths,
    metadata,
    numref,
    preview,
    published,
    quiz,
    records,
    reference,
    search,
    switch,
    trim,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part."""
    for name in ("sphinx_exercise", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "helpers.pages.paper"):
        app.setup_extension(name)
    for part in (
        config,
        records,
        figures,
        evidence,
        reference,
        checks,
        maths,
        numref,
        quiz,
        switch,
        search,
        metadata,
        published,
        preview,
        trim,
    ):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
