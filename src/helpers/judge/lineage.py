"""Where a number comes from and what depends on it.

The way is source → rows → table → figure or fact → sentence → claim. Everything is read from what the runs
have recorded (the notebooks' stored outputs), from the links of the prose and from the data package; no list
is kept by hand.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.chapter import data, output
from helpers.judge.places import Place, cells, pages

_LINK = re.compile(
    r"\]\(#((?:fact|claim)-[\w-]+)\)"
    r"|\{numref\}`(?:[^`<]*<)?((?:fig|tab)-[\w-]+)>?`"
    r"|\{preview\} ((?:fig|tab)-[\w-]+)"
)
# Of a link the words stay, of a role the target; list marks and emphasis go.
_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^)\s]*\)|\{\w+\}`([^`]*)`|^[\s>*-]+|\*+|`{3,}")


_NOWHERE = Place("")


@dataclass(frozen=True)
class Item:
    """A figure, table, fact, claim or exercise's answer as a run has recorded it.

    The cell that did stands at ``place``. ``text`` is what it says in a line, ``parts`` its
    texts by name as far as they hang on the data. It rests on the lines ``rows`` of tables (empty where a
    cell has grouped or joined them), on ``sources`` and, if it is a claim, on the ``facts`` that its notes
    print. A figure or table has ``drawn`` its records. ``claims`` are those that its section of the page
    answers.
    """

    name: str
    place: Place = _NOWHERE
    text: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    facts: tuple[str, ...] = ()
    drawn: list[dict[str, Any]] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Sentence:
    """A line of prose that links to items by their ``names``; its section answers the ``claims``."""

    place: Place
    text: str
    names: frozenset[str]
    claims: set[str]


@dataclass(frozen=True)
class Lineage:
    """All items by name, and all sentences in reading order."""

    items: dict[str, Item]
    sentences: list[Sentence]

    def on_table(self, table: str) -> list[Item]:
        """Return the items that rest on rows of a table."""
        return [item for item in self.items.values() if table in item.rows]

    def naming(self, items: Iterable[Item]) -> list[Sentence]:
        """Return the sentences that name any of these items."""
        names = {item.name for item in items}
        return [sentence for sentence in self.sentences if names & sentence.names]

    def claims(self, item: Item) -> list[str]:
        """Return the claims that an item bears on.

        They are those of its section, those of its sentences' sections, and those whose notes print it.
        """
        sections = item.claims.union(*(sentence.claims for sentence in self.naming([item])))
        return sorted(sections | {claim.name for claim in self.items.values() if item.name in claim.facts})


def read(book: Path) -> Lineage:
    """Return the lineage of everything in a book folder."""
    items: dict[str, Item] = {}
    sentences: list[Sentence] = []
    for path in pages(book):
        claims: set[str] = set()  # one set a section: what its last line adds, its first line has too
        for cell in cells(path):
            for i, words in enumerate(cell.text.split("\n") if cell.kind == "markdown" else []):
                if re.match(r"#+ ", words):
                    claims = set()
                if names := frozenset("".join(groups) for groups in _LINK.findall(words)):
                    claims |= {name for name in names if name.startswith("claim-")}
                    plain = _MARKUP.sub(lambda match: match[1] or match[2] or "", words)
                    sentences.append(Sentence(cell.at(i), plain, names, claims))
            for bundle in cell.bundles:
                for item in _recorded(bundle, cell.at(0), claims):
                    items[item.name] = item
    return Lineage(items, sentences)


def _recorded(bundle: dict[str, Any], place: Place, section: set[str]) -> Iterator[Item]:
    """Yield what one output of a notebook has recorded; its section answers the claims in ``section``."""
    if picture := bundle.get(output.FIGURE):
        yield _picture(picture, picture["usermeta"], place, section)
    elif table := bundle.get(output.TABLE):
        yield _picture(table, table["report-book"], place, section)
    if fact := bundle.get(output.FACT):
        name, text = f"fact-{fact['name']}", f"{fact['text']} ({fact['definition']})"
        rows = {part["table"]: part["lines"] for part in fact["rows"]}
        yield Item(name, place, text, {"text": fact["text"]}, rows, fact["sources"], claims=section)
    if answer := bundle.get(output.ANSWER):
        text = "".join(bundle["text/plain"]).partition(": ")[2]
        yield Item(f"answer-{answer['name']}", place, text, {"answer": text}, claims=section)
    for claim in bundle.get(output.CLAIMS, {}).get("claims", []):
        yield _claim(claim, place)


def _picture(content: dict[str, Any], meta: dict[str, Any], place: Place, section: set[str]) -> Item:
    """Return a figure or a table with the rows that it shows."""
    caption = meta.get("caption", "")
    parts = {"title": meta.get("title", caption), "caption": caption, "alt": content.get("description", "")}
    datasets = content.get("datasets", {"": content.get("data", [])}).values()
    drawn = [row for rows in datasets if isinstance(rows, list) for row in rows]
    named = [row[key] for row in drawn for key in row if key.endswith("source_id") and row[key]]
    rows = {table: meta.get("lines", {}).get(table, "") for table in meta.get("tables", [])}
    sources = list(dict.fromkeys([*meta["sources"], *named]))
    return Item(meta["name"], place, parts["title"], parts, rows, sources, drawn=drawn, claims=section)


def _claim(claim: dict[str, str], place: Place) -> Item:
    name, parts = f"claim-{claim['claim_id']}", {"verdict": claim["verdict"], "status": claim["status_now"]}
    now = f"; now {parts['status']}" if parts["status"] else ""
    text = f"{claim['claim']} ({parts['verdict']}{now})"
    sources = [claim[key] for key in ("source_id", "status_source_id") if claim[key]]
    rows = {"claims": claim["claim_id"]}
    if claim.get("matter_id"):
        rows["matters"] = claim["matter_id"]
    facts = tuple(f"fact-{each}" for each in claim.get("facts", "").split())
    return Item(name, place, text, parts, rows, sources, facts)


def held(table: str, named: str = "") -> pd.DataFrame:
    """Return the rows of a table that an item names, by lines of the file, ``lines 3–7, 9``, or one's key.

    Without a name they are all.
    """
    rows = data.load(table)
    if named.startswith("line"):
        return rows.loc[data.numbered(named)]
    return rows[rows[data.resource(table)["schema"]["primaryKey"][0]] == named] if named else rows


def cited(table: str, named: str = "") -> dict[str, int]:
    """Return how many rows of a table, of all or of those `held`, name each source, the most named first."""
    rows = held(table, named)
    columns = [column for column in rows.columns if column.endswith("source_id") and table != "sources"]
    return {str(name): int(count) for name, count in rows[columns].stack().value_counts().items()}


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, which ends in s unless there is one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def graded(source_id: str) -> str:
    """Return a source in words: publisher, date, grade."""
    row = data.source(source_id)
    return f"{row['publisher']}, {row['published'] or 'undated'} ({grade(row)})"


def grade(source: dict[str, str]) -> str:
    """Return a source's grade in words, and whether its publisher is a party to what it tells."""
    return f"grade {source['grade']}" + (", a party" if source.get("party") == "True" else "")
