"""What a page says in a sentence: its answer, for its head, its neighbours and what is shared of it."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from helpers.pages import records
from helpers.settings import settings


def _summarise(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the page's answer, or else its first sentence."""
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    text, label = " ".join(first.astext().split()) if first else "", f"{settings().labels.answer} "
    said = text.removeprefix(label)
    # A figure's number is not known yet, and needed by none.
    said = re.sub(r" \((?:fig|tab)-[\w-]+\)", "", said)
    answers = text.startswith(label)
    records.pages(app.env)[app.env.docname].summary = said if answers else re.split(r"(?<=[.?!]) ", said)[0]


def _introduce(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the templates the summaries of this page and of its neighbours."""
    relations = getattr(app.builder, "relations", {}).get(pagename) or (None, None, None)
    for name, neighbour in zip(("up", "prev_summary", "next_summary"), relations, strict=True):
        context[name] = records.pages(app.env)[neighbour].summary if neighbour else ""
    page = records.pages(app.env).get(pagename, records.Page())
    context["summary"] = page.summary
    context["listing"] = bool(page.lists)


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("doctree-read", _summarise)
    app.connect("html-page-context", _introduce)
