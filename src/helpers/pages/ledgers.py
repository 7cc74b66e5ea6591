"""What became of what a text says: ``{claims-ledger}``, ``{matters}`` and ``{searches}``."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.chapter import data, matters
from helpers.pages import records
from helpers.pages.elements import join, link_to, page_link, source_link
from helpers.pages.evidence import became, judged, number
from helpers.pages.listing import Listing, Rows
from helpers.settings import settings

#: How a date is printed by how exactly it is known.
PRINTED = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class ClaimsLedger(Listing):
    """Every claim with verdict and status, in the order of the text that makes them."""

    lists = "claims"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = matters.with_status(data.load("claims")).sort_values(["paragraph", "claim_id"])
        rows: Rows = []
        labels = settings().labels
        for claim in table.astype(object).where(table.notna(), "").to_dict("records"):
            where = link_to(f"claim-{claim['claim_id']}", _chapter(claim["chapter"]))
            given = (number(claim["claim_id"]), str(claim["paragraph"]), claim["claim"])
            rows.append([*map(nodes.Text, given), *judged(claim, Path(self.env.srcdir)), where])
        texts = {labels.claim: 23, labels.verdict: 27, labels.status: 27}
        headers = {"No.": 5, labels.place: 10, **texts, "Chapter": 8}
        names = [f"ledger-{claim_id}" for claim_id in table["claim_id"]]
        return [self.listed(headers, rows, names, ["filterable", "cards", "ledger"])]


class Matters(Listing):
    """Every matter with its status and its dated history, chapter by chapter."""

    lists = "matters"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = data.load("matters").sort_values(["chapter", "matter"])
        history = dict(iter(data.load("matter_events").sort_values("date").groupby("matter_id")))
        rows: Rows = []
        for matter in table.astype(object).where(table.notna(), "").to_dict("records"):
            events = nodes.bullet_list()
            for event in history[matter["matter_id"]].to_dict("records"):
                text = f"{event['date']:{PRINTED[event['precision']]}}: {event['what']} "
                events += nodes.list_item("", nodes.paragraph("", text, source_link(event["source_id"])))
            name = [nodes.strong("", matter["matter"]), nodes.Text(f" ({matter['kind']})")]
            rows.append([nodes.inline("", "", *name), became(matter, {}), events])
        headers = {"Matter": 20, settings().labels.status: 35, "History": 45}
        names = [f"matter-{matter_id}" for matter_id in table["matter_id"]]
        return [self.listed(headers, rows, names, ["filterable", "cards"])]


class Searches(Listing):
    """Every search by what it bears on: matters, claims, and lines of the text with the pages."""

    lists = "searches"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        known = {
            row[key]: link_to(f"{kind}-{row[key]}", row[kind])
            for kind, key in (("matter", "matter_id"), ("claim", "claim_id"))
            for row in data.load(f"{kind}s").to_dict("records")
        }
        said, pages, names = records.searched(), self.linking("search"), []
        rows: Rows = []
        searches = matters.by_subject(data.load("searches").fillna(""))
        for subject, found in ((str(subject), rows) for subject, rows in searches.groupby("subject")):
            sought = nodes.Text("; ".join(dict.fromkeys(found["sought"])))
            about = nodes.inline("", "", known.get(subject, sought), nodes.Text(f": {said[subject]}. "))
            about += join([page_link(page) for page in pages[subject]], ", ")
            each = nodes.bullet_list()
            for search in found.to_dict("records"):
                reach = f", to {search['reached_to']}" if search["reached_to"] else ""
                text = f" ({search['where']}{reach}): {search['result']}: {search['near']}"
                each += nodes.list_item("", nodes.paragraph("", "", _words(search), nodes.Text(text)))
            rows.append([about, each])
            names.append(f"search-{subject}")
        return [self.listed({"What": 30, "Searches": 70}, rows, names, ["filterable", "cards"])]


def _chapter(name: str) -> str:
    """Return what a table calls a chapter: its number, if its file begins with one."""
    number = re.match(r"\d+", name)
    return f"Chapter {int(number[0])}" if number else name.replace("-", " ").capitalize()


def _words(search: dict[Any, Any]) -> nodes.inline:
    """Return the words of a search, marked as their language is."""
    other = search["language"] != settings().book.language[:2]
    return nodes.inline("", search["words"], classes=[f"language-{search['language']}"] if other else [])
