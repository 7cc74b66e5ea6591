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

from helpers.chapter import data, output
from helpers.files import BookError
from helpers.judge import corrections, links
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


def trace(book: Path, name: str) -> Iterator[str]:
    """Yield the lines of a tree: what a name rests on, then what rests on it.

    Parameters
    ----------
    book
        The book's folder.
    name
        A figure, table, fact or claim by its permanent name, a table of the data package, or a source, as the
        tables or as pages name it: ``…`` or ``source-…``.

    Raises
    ------
    BookError
        If the book has nothing of that name.
    """
    lineage = read(book)
    tables = {each["name"]: each for each in data.package()["resources"] if "schema" in each}
    sources = set(data.load("sources")["source_id"])
    if name in lineage.items:
        yield from _trace_item(lineage, lineage.items[name])
    elif name in tables:
        yield from _trace_table(lineage, tables, name)
    elif (source := name.removeprefix("source-")) in sources:
        yield from _trace_source(lineage, tables, source)
    else:
        raise BookError(
            f"nothing is called {name!r}; {links.near(name, [*lineage.items, *tables, *sources])}"
        )


def _trace_item(lineage: Lineage, item: Item) -> Iterator[str]:
    yield f"{item.name}: {item.text}"
    yield f"  recorded at {item.place}"
    yield from (f"  {each}" for each in corrections.told(item.name, item.sources))
    yield "rests on"
    yield from _grounds(lineage, item)
    yield "used in"
    yield from _uses(lineage, item, "  ")


def _trace_table(lineage: Lineage, tables: dict[str, Any], name: str) -> Iterator[str]:
    keys = [
        (table, key["reference"]["resource"])
        for table in tables
        for key in tables[table]["schema"].get("foreignKeys", [])
    ]
    rows = counted(len(data.load(name)), "row")
    yield f"{name}: {tables[name]['title']}; {rows}, to {tables[name]['vintage']}"
    yield "rests on"
    for source_id, count in cited(name).items():
        yield f"  {source_id}, {counted(count, 'row')}: {graded(source_id)}"
    yield from (f"  {other}, by its key" for table, other in keys if table == name and other != "sources")
    yield "used in"
    if name != "sources":
        yield from (f"  {table}, by its key" for table, other in keys if other == name)
    yield from _branches(lineage, lineage.on_table(name))


def _trace_source(lineage: Lineage, tables: Iterable[str], name: str) -> Iterator[str]:
    row = data.source(name)
    yield f"{name}: {graded(name)}"
    yield f"  {row['title']}, {row['url']}"
    yield from (f"  {each}" for each in corrections.told(f"source-{name}"))
    yield "used in"
    for table in tables:
        if count := cited(table).get(name):
            yield f"  {table}, {counted(count, 'row')}"
    yield from _branches(lineage, [item for item in lineage.items.values() if name in item.sources])


def _grounds(lineage: Lineage, item: Item) -> Iterator[str]:
    """Yield the rows, sources and facts that an item rests on."""
    left = item.sources
    for table, lines in item.rows.items():
        counts = cited(table, lines)
        yield f"  {table}, {lines or 'rows grouped or joined in the cell'}"
        for source_id in item.sources:
            if source_id in counts:
                count = f", {counted(counts[source_id], 'row')}" if lines else ""
                yield f"    {source_id}{count}: {graded(source_id)}"
        left = [source_id for source_id in left if source_id not in counts]
    yield from (f"  {source_id}: {graded(source_id)}" for source_id in left)
    yield from (f"  {name}, in its notes" for name in item.facts)
    sections = [sentence for sentence in lineage.sentences if item.name in sentence.claims]
    names = {name for sentence in sections for name in sentence.names}
    if beside := sorted(name for name in names if not name.startswith("claim-")):
        yield f"  shown in the sections on it: {', '.join(beside)}"


def _uses(lineage: Lineage, item: Item, indent: str) -> Iterator[str]:
    """Yield the sentences that name an item, and the claims that it bears on."""
    sentences = lineage.naming([item])
    yield from (f"{indent}{each.place}: {each.text}" for each in sentences)
    if not sentences:
        yield f"{indent}no sentence links to it"
    if not item.name.startswith("claim-"):
        for name in lineage.claims(item):
            how = "in its notes" if item.name in lineage.items[name].facts else "in its sections"
            yield f"{indent}{name}, {how}: {lineage.items[name].text}"


def _branches(lineage: Lineage, items: list[Item]) -> Iterator[str]:
    for item in items:
        yield f"  {item.name}: {item.text}"
        yield from _uses(lineage, item, "    ")


def cited(table: str, lines: str = "") -> dict[str, int]:
    """Return how many rows of a table name each source, the most named first.

    ``lines`` are those of its file to which the count keeps (``lines 3–7, 9``), or the key of one row;
    without, it takes all.
    """
    rows = data.load(table)
    if lines.startswith("line"):
        rows = rows.loc[data.numbered(lines)]
    elif lines:
        rows = rows[rows[data.resource(table)["schema"]["primaryKey"][0]] == lines]
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
