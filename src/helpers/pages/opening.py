"""A chapter opens: under its answer the minutes it takes, how far its sources reach, the claims it judges."""

from datetime import date
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from helpers.chapter import data
from helpers.pages import evidence, markup, minutes, records
from helpers.pages.elements import PASSED_OVER
from helpers.settings import settings

#: Letters of a claim on its chip.
SHORT = 34


class opening(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """What stands under a page's answer."""


class Opening(SphinxTransform):
    """Put the opening under the answer of a chapter."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        """Append the node to the answer's paragraph, if there is one."""
        label = settings().labels.answer
        first = next(iter(self.document.findall(_is_text)), None)
        is_chapter = self.env.docname.startswith(f"{settings().folders.chapters}/")
        if is_chapter and first is not None and label and first.astext().startswith(label):
            first.parent.insert(first.parent.index(first) + 1, opening())


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.section)


def reach(document: nodes.document, page: records.Page) -> str:
    """Return the newest date of a source or an event that a page's rows or links name, such as ``2026-10``.

    It is empty if none is known.
    """
    named = {source_id for spec in page.figures.values() for source_id in spec["usermeta"]["sources"]}
    named |= {source_id for table in page.tables.values() for source_id in table["report-book"]["sources"]}
    named |= {source_id for fact in page.facts.values() for source_id in fact["sources"]}
    for claim in page.claims.values():
        named |= {claim["source_id"], claim["status_source_id"]}
    for link in document.findall(nodes.reference):
        kind, _, name = link.get("refuri", "").rpartition("#")[2].partition("-")
        named |= {name} if kind == "source" else set()
    dates = [data.source(source_id)["published"] for source_id in named if source_id]
    dates += [claim["status_date"] for claim in page.claims.values()]
    return max(dates, default="")


def in_words(day: str) -> str:
    """Return a date of any precision as a text has it.

    Examples
    --------
    >>> in_words("2026-10-08"), in_words("2026-10"), in_words("2026")
    ('8 October 2026', 'October 2026', '2026')
    """
    parts = [int(part) for part in day.split("-")]
    first = date(*[*parts, 1, 1][:3])
    month, day_of_month = f"{first:%B}", str(first.day)
    return " ".join([day_of_month, month, str(first.year)][3 - len(parts) :])


def short(text: str) -> str:
    """Return the first words of a text, as many as a chip holds."""
    words = text.rstrip(".")
    if len(words) <= SHORT:
        return words
    return f"{words[:SHORT].rpartition(' ')[0].rstrip(',;:')}…"


def _visit(self: Any, node: opening) -> None:
    if self.builder.name == "singlehtml":  # there the document is the whole book
        raise nodes.SkipNode
    page = records.pages(self.builder.env)[self.builder.current_docname]
    newest = reach(self.document, page)
    chips = [
        {
            "name": name,
            "number": evidence.number(name),
            "short": short(claim["claim"]),
            "verdict": claim["verdict"],
        }
        for name, claim in page.claims.items()
        if self.builder.name == "html"
    ]
    time, label = minutes.said(page.words), settings().labels.claims
    self.body.append(
        markup.render("opening", minutes=time, reach=newest and in_words(newest), chips=chips, label=label)
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the node and the transform."""
    app.add_node(opening, html=(_visit, None), text=PASSED_OVER, latex=PASSED_OVER)
    app.add_transform(Opening)
