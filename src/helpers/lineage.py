"""Where a number comes from and what depends on it: source → rows → table → figure or fact → sentence → claim.

Everything is read from what the runs have recorded (the notebooks' stored outputs), from the links
of the prose and from the data package; no list is kept by hand.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from helpers import data, output, prose
from helpers.files import BookError

_LINK = re.compile(r"\]\(#((?:fact|claim)-[\w-]+)\)|\{numref\}`(?:[^`<]*<)?((?:fig|tab)-[\w-]+)>?`|\{preview\} ((?:fig|tab)-[\w-]+)")
# Of a link the words stay, of a role the target; list marks and emphasis go.
_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^)\s]*\)|\{\w+\}`([^`]*)`|^[\s>*-]+|\*+|`{3,}")


@dataclass(frozen=True)
class Item:
    """A figure, table, fact or claim as a run has recorded it, in the cell at ``place`` (``file:line``).

    It rests on ``rows`` (by table, in words), on ``sources`` and, if it is a claim, on the ``facts`` that its notes print.
    ``claims`` are those that its section of the page answers.
    """

    name: str
    text: str
    place: str
    rows: dict[str, str]
    sources: list[str]
    claims: set[str]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A line of prose that links to items by their ``names``; ``claims`` are those that its section answers."""

    file: str
    line: int
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
        """Return the sentences that link to any of the items."""
        names = {item.name for item in items}
        return [sentence for sentence in self.sentences if names & sentence.names]


def read(book: Path) -> Lineage:
    """Return the lineage of everything in a book folder."""
    items: dict[str, Item] = {}
    sentences: list[Sentence] = []
    for path in prose.pages(book):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.suffix == ".ipynb" else [{}]
        claims: set[str] = set()  # one set a section: what its last line adds, its first line has too
        for cell, (kind, text, line) in zip(cells, prose.cells(path), strict=True):
            for i, words in enumerate(text.split("\n") if kind == "markdown" else []):
                if re.match(r"#+ ", words):
                    claims = set()
                if names := frozenset("".join(found) for found in _LINK.findall(words)):
                    claims |= {name for name in names if name.startswith("claim-")}
                    said = _MARKUP.sub(lambda match: match[1] or match[2] or "", words)
                    sentences.append(Sentence(str(path), line(i), said, names, claims))
            for out in cell.get("outputs", []):
                items |= {item.name: item for item in _recorded(out.get("data", {}), f"{path}:{line(0)}", claims)}
    return Lineage(items, sentences)


def _recorded(bundle: dict[str, Any], place: str, section: set[str]) -> Iterator[Item]:
    """Yield what one output of a notebook has recorded."""
    if spec := bundle.get(output.FIGURE):
        about, datasets = spec["usermeta"], [rows for rows in spec.get("datasets", {}).values() if isinstance(rows, list)]
        drawn = (row[key] for rows in datasets for row in rows for key in row if key.endswith("source_id") and row[key])
        sources = list(dict.fromkeys([*about["sources"], *drawn]))
        yield Item(about["name"], about["title"], place, dict.fromkeys(about.get("tables", []), ""), sources, section)
    if table := bundle.get(output.TABLE):
        about = table["report-book"]
        yield Item(about["name"], about["caption"], place, dict.fromkeys(about.get("tables", []), ""), about["sources"], section)
    if fact := bundle.get(output.FACT):
        rows = {part["table"]: part["lines"] for part in fact["rows"]}
        yield Item(f"fact-{fact['name']}", f"{fact['text']} ({fact['definition']})", place, rows, fact["sources"], section)
    for claim in bundle.get(output.CLAIMS, {}).get("claims", []):
        text = f"{claim['claim']} ({claim['verdict']}; now {claim['status_now']})"
        sources = [claim[key] for key in ("source_id", "status_source_id") if claim[key]]
        facts = tuple(f"fact-{name}" for name in claim.get("facts", "").split())
        yield Item(f"claim-{claim['claim_id']}", text, place, {"claims": claim["claim_id"]}, sources, set(), facts)


def trace(book: Path, name: str) -> Iterator[str]:
    """Yield the lines of a tree: what a name rests on, then what rests on it.

    Parameters
    ----------
    book
        The book's folder.
    name
        A figure, table, fact or claim by its permanent name, a table of the data package or a source.

    Raises
    ------
    BookError
        If the book has nothing of that name.
    """
    lineage, tables = read(book), {each["name"]: each for each in data.package()["resources"] if "schema" in each}
    sources = set(data.load("sources")["source_id"])
    if name in lineage.items:
        item = lineage.items[name]
        yield from [f"{name}: {item.text}", f"  recorded at {item.place}", "rests on", *_grounds(lineage, item), "used in"]
        yield from _uses(lineage, item, "  ")
    elif name in tables:
        keys = [(each, key["reference"]["resource"]) for each in tables for key in tables[each]["schema"].get("foreignKeys", [])]
        yield from [f"{name}: {tables[name]['title']}; {_rows(len(data.load(name)))}, to {tables[name]['vintage']}", "rests on"]
        yield from (f"  {source_id}, {_rows(count)}: {_source(source_id)}" for source_id, count in cited(name).items())
        yield from (f"  {other}, by its key" for each, other in keys if each == name and other != "sources")
        yield "used in"
        yield from (f"  {each}, by its key" for each, other in keys if other == name != "sources")
        yield from _branches(lineage, lineage.on_table(name))
    elif name in sources:
        about = data.source(name)
        yield from [f"{name}: {_source(name)}", f"  {about['title']}, {about['url']}", "used in"]
        yield from (f"  {table}, {_rows(cited(table)[name])}" for table in tables if name in cited(table))
        yield from _branches(lineage, [item for item in lineage.items.values() if name in item.sources])
    else:
        near = get_close_matches(name, [*lineage.items, *tables, *sources], n=5)
        raise BookError(f"nothing is called {name!r}; " + (f"near it: {', '.join(near)}" if near else "no name is near it"))


def to_read(book: Path, names: Iterable[str]) -> Iterator[str]:
    """Yield where a person must read again what no check can judge: the words of figures, facts and claims that have changed.

    Parameters
    ----------
    book
        The book's folder.
    names
        Figures, tables, facts and claims by their permanent names.
    """
    lineage = read(book)
    for item in (lineage.items[name] for name in sorted(set(names)) if name in lineage.items):
        yield f"{item.place}: {item.name} has changed; read again: {item.text}"
        yield from (f"{each.file}:{each.line}: {item.name} has changed; read again: {each.text}" for each in lineage.naming([item]))
        for claim in sorted(item.claims):
            yield f"data/claims.csv: {item.name} has changed; read again: {claim}, {lineage.items[claim].text}"


def _grounds(lineage: Lineage, item: Item) -> Iterator[str]:
    """Yield the rows, sources and facts that an item rests on."""
    left = item.sources
    for table, rows in item.rows.items():
        known = cited(table)
        yield f"  {table}{', ' if rows else ''}{rows}"
        yield from (f"    {source_id}: {_source(source_id)}" for source_id in item.sources if source_id in known)
        left = [source_id for source_id in left if source_id not in known]
    yield from (f"  {source_id}: {_source(source_id)}" for source_id in left)
    yield from (f"  {name}, in its notes" for name in item.facts)
    names = {name for sentence in lineage.sentences if item.name in sentence.claims for name in sentence.names}
    if beside := sorted(name for name in names if name[:6] != "claim-"):
        yield f"  shown in the sections on it: {', '.join(beside)}"


def _uses(lineage: Lineage, item: Item, indent: str) -> Iterator[str]:
    """Yield the sentences that name an item, the claims of its and their sections, and the claims whose notes print it."""
    sentences = lineage.naming([item])
    for sentence in sentences:
        yield f"{indent}{sentence.file}:{sentence.line}: {sentence.text}"
    if claims := set().union(item.claims, *(sentence.claims for sentence in sentences)) if item.name[:6] != "claim-" else ():
        yield f"{indent}in sections on {', '.join(sorted(claims))}"
    if not sentences:
        yield f"{indent}no sentence links to it"
    yield from (f"{indent}{claim.name}, in its notes" for claim in lineage.items.values() if item.name in claim.facts)


def _branches(lineage: Lineage, items: list[Item]) -> Iterator[str]:
    for item in items:
        yield from [f"  {item.name}: {item.text}", *_uses(lineage, item, "    ")]


def cited(table: str) -> dict[str, int]:
    """Return how many rows of a table name each source, the most named first."""
    rows = data.load(table)
    columns = [column for column in rows.columns if column.endswith("source_id") and table != "sources"]
    return {str(name): int(count) for name, count in rows[columns].stack().value_counts().items()}


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _source(source_id: str) -> str:
    row = data.source(source_id)
    return f"{row['publisher']}, {row['published'] or 'undated'} (grade {row['grade']})"
