"""What differs from the last release, and why: ``{changes}``.

Reasons are those that the book has: a correction of what has changed, and lines of the log of changes. A line
that links to a page, ``[Chapter 1](book/chapters/01-lanes.ipynb)``, is told at that page.
"""

import re
from collections import Counter, defaultdict
from itertools import takewhile

import pandas as pd
from docutils import nodes

from helpers.chapter import data
from helpers.judge import corrections, lineage, releases
from helpers.pages import records
from helpers.pages.elements import page_link, scrolling, source_links, table_node
from helpers.pages.listing import Listing, Rows, download_link, folded

#: The kinds of changes, in the words of a fold, each with those for a reader who wonders what still stands.
KINDS = {
    "put right": "what the last release said was wrong",
    "new": "the last release did not have them",
    "gone": "the book does not have them any more",
    "moved": "by newer data, another judgement, or a title that says more exactly what is drawn",
}
#: Parts in a reader's words, where the record's own are a machine's.
PARTS = {"alt": "description", "data": "rows drawn", "text": "number"}


class Changes(Listing):
    """What differs from the last release: in short, then page by page, each page's changes in a fold."""

    lists = "changes"

    def build(self) -> list[nodes.Node]:
        """Return the whole in short and the pages with their tables, or a sentence for a first release."""
        table = data.load("changes")
        if table.empty:
            version = data.package()["version"]
            text = f"This is version {version}, the first: there is none to compare it with."
            return [nodes.paragraph("", text)]
        version = table["since"].iloc[0].removeprefix("v")
        release = next((each for each in releases.known() if each.version == version), None)
        told = list(takewhile(lambda each: each.version != version, releases.notes()))
        mended = corrections.wrong_on(release.date) if release else {}
        pages: dict[str, Rows] = defaultdict(list)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for _, each in table.fillna("").groupby(["name", "part"]):
            first, why = each.iloc[0], mended.get(each["name"].iloc[0], "")
            page = records.where(self.env, first["name"])
            kinds[page][_kind(first, why)] += 1
            said = (PARTS.get(first["part"], first["part"]), first["before"], first["after"])
            texts = [nodes.Text(text or "none") for text in said]
            pages[page].append([self.named(first["name"]), *texts, _why(why, list(each["source_id"]))])
        day = f" of {release.date.day} {release.date:%B %Y}" if release else ""
        parts = _in_short(version + day, told, sum(kinds.values(), Counter()))
        headers = ["What", "Part", f"In {version}", "Now", "Why, by which source"]
        for page, rows in sorted(pages.items(), key=lambda each: (not each[0], each[0])):
            heading = page_link(page) if page else nodes.Text("Sources, and what the book no longer has")
            listed = table_node(headers, rows)
            listed["classes"] += ["cards", "changes"]
            parts.append(nodes.rubric("", "", heading, classes=["table-title"]))
            parts += [nodes.paragraph("", line) for line in _lines(told, page)]
            count = ", ".join(f"{kinds[page][kind]} {kind}" for kind in KINDS if kinds[page][kind])
            summary = f"{lineage.counted(len(rows), 'change')}: {count}"
            parts += folded(summary, scrolling(listed))
        return parts


def _kind(change: pd.Series, why: str) -> str:
    if not change["before"]:
        return "new"
    if why:
        return "put right"
    return "moved" if change["after"] else "gone"


def _why(corrected: str, sources: list[str]) -> nodes.Node:
    """Return what was corrected, if that was it, and the sources of what the book says now."""
    return nodes.inline("", "", nodes.Text(f"{corrected} " if corrected else ""), *source_links(sources))


def _in_short(since: str, told: list[releases.Notes], kinds: Counter[str]) -> list[nodes.Node]:
    """Return what the log says of all that has moved, and how many changes there are of each kind."""
    listed = nodes.bullet_list()
    for kind in (each for each in KINDS if kinds[each]):
        count = nodes.strong("", f"{kinds[kind]} {kind}")
        listed += nodes.list_item("", nodes.paragraph("", "", count, nodes.Text(f": {KINDS[kind]}")))
    whole = nodes.paragraph("", f"Since version {since} there are {kinds.total()} changes. ")
    whole += download_link("data/changes.csv", "All, with every source, as CSV")
    return [whole, listed, *(nodes.paragraph("", each.summary) for each in told if each.summary)]


def _lines(told: list[releases.Notes], page: str) -> list[str]:
    """Return the lines of the log that link to a page, without their marks."""
    link = re.compile(rf"\]\(book/{re.escape(page)}\.\w+\)")
    lines = [line for each in told for line in each.lines if page and link.search(line)]
    return [releases.unlinked(line).replace("`", "") for line in lines]
