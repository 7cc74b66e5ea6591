"""A tree in words for who asks where a number comes from: what it rests on, and what rests on it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from helpers.chapter import data
from helpers.files import BookError
from helpers.judge import corrections, links
from helpers.judge.lineage import Item, Lineage, cited, counted, graded, read


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
