"""A stranger's draw: sentences of the book by lot, each with the rows and sources that it stands on.

``python tools/draw.py --seed 20261129 --number 200`` prints them for a re-reader, who checks each at a source
that the book does not cite. The same seed draws the same sentences from the same book.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.chapter import data
from helpers.judge import lineage
from helpers.judge.lineage import Item, Lineage, Sentence

BOOK = Path("book")
#: Of what rests on more rows than these, the first are shown.
ROWS = 4


def drawn(book: Lineage, seed: int, number: int) -> list[Sentence]:
    """Return sentences that link to facts, figures, tables or claims, each as likely, in reading order."""
    linked = [sentence for sentence in book.sentences if sentence.names & book.items.keys()]
    lot = random.Random(seed).sample(range(len(linked)), min(number, len(linked)))  # noqa: S311 - no secret
    return [linked[place] for place in sorted(lot)]


def shown(book: Lineage, sentence: Sentence) -> Iterator[str]:
    """Yield a sentence, and below it what it links to, with rows and sources."""
    yield f"{sentence.place}: {sentence.text}"
    for name in sorted(sentence.names & book.items.keys()):
        item = book.items[name]
        yield f"  {name}: {item.text}"
        yield from (f"    {row}" for row in _rows(item))
        for source_id in item.sources[:ROWS]:
            source = data.source(source_id)
            yield f"    {source_id}: {lineage.graded(source_id)}: {source['title']}, {source['url']}"


def _rows(item: Item) -> Iterator[str]:
    """Yield the rows that an item names by their lines or by their key."""
    for table, named in item.rows.items():
        if not named:
            yield f"{table}: rows grouped or joined in the cell"
            continue
        rows = lineage.held(table, named)
        for line, row in rows[:ROWS].astype("str").iterrows():
            cells = ", ".join(
                f"{column} {cell}" for column, cell in row.items() if cell not in ("nan", "NaT")
            )
            yield f"{table}:{line}: {cells}"
        if len(rows) > ROWS:
            yield f"{table}: and {len(rows) - ROWS} rows more"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--number", type=int, default=200)
    asked = parser.parse_args(arguments)
    book = lineage.read(BOOK)
    for number, sentence in enumerate(drawn(book, asked.seed, asked.number), start=1):
        print(f"{number}.", "\n".join(shown(book, sentence)), end="\n\n")


if __name__ == "__main__":
    main()
