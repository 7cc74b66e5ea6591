"""Facts and claims in the page: records become targets, and the prose is held against them."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from helpers.chapter import data
from helpers.judge import corrections, lineage, links, places, rules
from helpers.pages import markup, records, repository
from helpers.pages.elements import (
    join,
    link_to,
    numbered,
    scrolling,
    source_link,
    table_link,
    table_node,
)
from helpers.pages.previewed import is_preview
from helpers.run import notebooks, shown
from helpers.settings import settings

logger = logging.getLogger(__name__)


def fact_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Keep a fact: nothing where it stands, a row in the page's evidence."""
    records.keep(renderer.sphinx_env, "facts", content["name"], content)
    return [nodes.comment("", content["name"])]  # an empty list would let the plain text through


def claims_nodes(renderer: Any, content: dict[str, Any]) -> list[nodes.Element]:
    """Return the box at a chapter's head: the claims that it answers."""
    rows: list[list[nodes.Node]] = []
    book, labels = Path(renderer.sphinx_env.srcdir), settings().labels
    items = records.read(book).items.values()
    for claim in content["claims"]:
        records.keep(renderer.sphinx_env, "claims", claim["claim_id"], claim)
        beside = [item.name for item in items if f"claim-{claim['claim_id']}" in item.claims]
        figures = [name for name in beside if name.startswith("fig-")]
        which = nodes.strong("", number(claim["claim_id"]))
        said = nodes.inline("", "", which, nodes.Text(f" {claim['claim']} "), _aside(claim, figures))
        rows.append([said, *judged(claim, book)])
    table = table_node([labels.claim, labels.verdict, labels.status], rows)
    table["classes"] += ["claims"]
    for claim, row in zip(content["claims"], table.traverse(nodes.tbody)[0], strict=True):
        records.target(renderer.document, row, f"claim-{claim['claim_id']}")
    title = nodes.paragraph("", labels.claims, classes=["box-title"])
    return [nodes.container("", title, table, classes=["claims-box"])]


def number(claim_id: str) -> str:
    """Return the number by which readers know a claim.

    Examples
    --------
    >>> number("c07"), number("opening")
    ('7', 'opening')
    """
    found = re.fullmatch(r"[a-z]+0*(\d+)", claim_id)
    return found[1] if found else claim_id


def _aside(claim: dict[str, str], figures: list[str]) -> nodes.inline:
    """Return where a claim stands in its text, and the figures of the sections that answer it."""
    place = f"{settings().labels.place.lower()} {claim['paragraph']}"
    where = nodes.inline("", f"({place}, {claim['kind']}", classes=["aside"])
    for name in figures:
        where += [nodes.Text("; "), numbered(name)]
    where += nodes.Text(")")
    return where


def judged(claim: dict[Any, str], book: Path) -> list[nodes.Node]:
    """Return verdict and status of a claim, each with reason and source, the status with its history.

    A claim that names no matter has no status.
    """
    items = records.read(book).items
    names = [name for name in (f"fact-{each}" for each in claim.get("facts", "").split()) if name in items]
    notes = f"{claim['verdict_note']} {claim['status_note']}"
    facts = {links.printed(items[name].parts["text"], notes) or "": name for name in names}
    verdict = nodes.inline("", "", badge("verdict", claim["verdict"]), *_linked(claim["verdict_note"], facts))
    verdict += source_link(claim["source_id"])
    if not claim["status_now"]:
        return [verdict, nodes.inline()]
    status = became(claim, facts)
    if data.has("matter_events"):
        status += [nodes.Text(" "), link_to(f"matter-{claim['matter_id']}", "History")]
    return [verdict, status]


def became(row: dict[Any, str], facts: dict[str, str]) -> nodes.inline:
    """Return the status of a matter, or of what names one, with reason, source and date.

    If it rests on searches, it says how often and when last, and leads to them.
    """
    note = _linked(row["status_note"], facts)
    status = nodes.inline("", "", badge("status", row["status_now"]), *note)
    if row["status_source_id"]:
        status += source_link(row["status_source_id"])
    if row["status_date"]:
        status += nodes.Text(f" (as of {row['status_date']})")
    if found := searches(row):
        status += [nodes.Text(" "), link_to(f"search-{row['matter_id']}", found[0].upper() + found[1:])]
    return status


def searches(row: dict[Any, str]) -> str:
    """Return how often, and when last, was searched for what a status rests on, if on searches."""
    silent = row["status_now"] in settings().silent
    return records.searched().get(row.get("matter_id", ""), "") if silent else ""


def _linked(note: str, facts: dict[str, str]) -> list[nodes.Node]:
    """Return a note of a claim, with links to the facts from their texts, or their numbers alone, in it."""
    longest_first = sorted(filter(None, facts), key=len, reverse=True)
    words = rf"(?<![\d.,])({'|'.join(map(re.escape, longest_first))})(?!\d|[.,]\d)"
    parts = re.split(words, f" {note} ") if longest_first else [f" {note} "]
    return [link_to(facts[part], part) if part in facts else nodes.Text(part) for part in parts]


def badge(kind: str, word: str) -> nodes.inline:
    """Return a verdict or a status as a marked word."""
    return nodes.inline("", word.replace("-", " "), classes=["badge-" + kind, f"is-{word}"])


class EvidenceSection(SphinxTransform):
    """Append a page's facts as a table, so that every number's link lands on its proof."""

    default_priority = 400  # before Sphinx numbers and collects the targets

    def apply(self, **_: Any) -> None:
        """Append the section if the page records facts."""
        page = records.pages(self.env).get(self.env.docname)
        if page is None or not page.facts:
            return
        section = nodes.section("", nodes.title("", "Evidence"), classes=["evidence"])
        records.target(self.document, section, f"evidence-{self.env.docname.replace('/', '-')}")
        section += nodes.paragraph(
            "", "Every number in the text above, the rows of data that it stands on and where they come from."
        )
        rows: list[list[nodes.Node]] = []
        for fact in page.facts.values():
            parts: list[nodes.Node] = []
            for part in fact["rows"]:
                where = nodes.Text(f", {part['lines']}, to {_vintage(part['table'])}")
                parts.append(nodes.inline("", "", table_link(part["table"]), where))
            sources = join([source_link(source_id) for source_id in fact["sources"]], "; ")
            computed = [f"Computed: {fact['computed']}"] if "computed" in fact else []
            mended = corrections.told(f"fact-{fact['name']}", fact["sources"])
            meaning = [fact["definition"], *computed, *mended]
            meant = nodes.inline("", " ".join([*map(markup.sentence, meaning[:-1]), meaning[-1]]))
            if report := repository.report(f"fact-{fact['name']}"):
                meant += [nodes.Text(" "), nodes.reference("", "Report a mistake", refuri=report)]
            rows.append([nodes.strong("", fact["text"]), meant, join(parts, "; "), sources])
        table = table_node(["In the text", "What it is", "Data", "Source"], rows)
        for name, row in zip(page.facts, table.traverse(nodes.tbody)[0], strict=True):
            records.target(self.document, row, f"fact-{name}")
        section += scrolling(table)
        home = next((node for node in self.document if isinstance(node, nodes.section)), self.document)
        home += section


def _vintage(table: str) -> str:
    return str(data.resource(table)["vintage"])


def _explain_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each link to a term, or to another page's fact, its explanation as a title.

    A page's own facts end it as a table. A link to searches says how many there were and when the last was:
    in its words, if these are ``searched``, else in its title.
    """
    facts = {name: fact for page in records.pages(app.env).values() for name, fact in page.facts.items()}
    terms = data.load("glossary").set_index("term_id") if data.has("glossary") else pd.DataFrame()
    language, searched = settings().book.second_language, records.searched()
    for link in doctree.findall(nodes.reference):
        kind, _, name = (link.get("refid") or link.get("refuri", "").rpartition("#")[2]).partition("-")
        if kind == "fact" and name in facts and corrections.told(f"fact-{name}", facts[name]["sources"]):
            link["classes"].append("corrected")
        if kind == "fact" and name in facts and name not in records.pages(app.env)[docname].facts:
            fact = facts[name]
            sources = "; ".join(map(lineage.graded, fact["sources"]))
            reach = max(_vintage(part["table"]) for part in fact["rows"])
            meaning = markup.sentence(f"{fact['text']}: {fact['definition']}")
            link["reftitle"] = f"{meaning}\nSource: {sources}. Data to {reach}"
        elif kind == "source" and docname.startswith(f"{settings().folders.seminar}/role-play"):
            # On a card of paper a link is not enough.
            link["reftitle"] = (
                f"{markup.sentence(data.source(name)['title'])}\nSource: {lineage.graded(name)}"
            )
        elif kind == "search" and name in searched:
            if link.astext() == "searched":
                link.children = [nodes.inline("", searched[name])]
            else:
                link["reftitle"] = searched[name]
        elif kind == "term" and name in terms.index:
            term = terms.loc[name]
            also = term[language.name.lower()] if language else None
            also = f" ({also}, {term['reading']})" if isinstance(also, str) else ""
            link["reftitle"] = f"{term['term']}{also}: {term['definition']}"


def _check_prose(app: Sphinx) -> None:
    """Warn of what is no page, or says what the data does not; the build turns warnings into errors."""
    book = Path(app.srcdir)
    if none := list(places.broken(book)):
        raise ExtensionError("\n".join(map(str, none)))
    if is_preview(app):
        return
    for problem in rules.check(book):
        logger.warning("%s", problem, type="report", subtype="number")
    for path in notebooks.find(book):
        for fault in shown.faults(notebooks.read(path)):
            logger.warning("%s: %s", path, fault, type="report", subtype="output")


def setup(app: Sphinx) -> None:
    """Register the check of the prose and the evidence section."""
    app.connect("builder-inited", _check_prose)
    app.connect("doctree-resolved", _explain_links)
    app.add_transform(EvidenceSection)
