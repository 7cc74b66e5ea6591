"""The Sphinx extension: what turns the notebooks' records into pages.

In reading order: ``config`` tells Sphinx of the book; ``records`` keeps what the pages hold, and
``elements`` has the links and tables that many are made of; ``figures`` and ``evidence`` make nodes from the
notebooks' outputs, which ``outputs`` hands them, and ``again`` shows a figure on another page; ``drawings``
makes a figure's files, ``markup`` what it is in a page, with the HTML itself in ``templates``, ``tips`` what
its marks say, and ``reuse`` how it is cited; ``folds`` puts its code there; ``boxes`` marks exercises;
``opening`` says what a chapter takes and judges; ``unfolding`` reads a text again, claim by claim, and
``minutes`` counts how long a page takes; ``reference``, with ``listing``, ``differences``, ``glossary`` and
``ledgers``, and ``results`` write the pages that list everything; ``maths`` draws formulas; ``numref`` finds
figures' numbers; ``quiz`` asks and ``switch`` lets pages run; ``search`` lists what can be found;
``summary`` keeps a page's answer, ``metadata`` says what it is, and ``cards`` draws what a shared link
shows; ``repository`` leads to the repository; ``top``, with ``feed``, writes what a site has beside its
pages; ``trim``, with ``sheets``, trims what a page loads; ``allowed`` and ``options`` name what it could not
show; ``paper`` is for PDF and e-book, ``previewed`` for who writes.
"""

from typing import Any

from sphinx.application import Sphinx

from helpers.pages import (
    again,
    allowed,
    boxes,
    cards,
    config,
    evidence,
    figures,
    folds,
    maths,
    metadata,
    minutes,
    numref,
    opening,
    options,
    previewed,
    quiz,
    records,
    reference,
    repository,
    results,
    search,
    summary,
    switch,
    top,
    trim,
    unfolding,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part."""
    for name in ("sphinx_exercise", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "helpers.pages.paper"):
        app.setup_extension(name)
    for part in (
        config,
        options,
        records,
        allowed,
        figures,
        again,
        evidence,
        folds,
        boxes,
        opening,
        reference,
        results,
        maths,
        numref,
        quiz,
        unfolding,
        minutes,
        switch,
        search,
        summary,
        metadata,
        repository,
        cards,
        top,
        previewed,
        trim,
    ):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
