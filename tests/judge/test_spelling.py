"""A word that stands once, in a table, is not one letter beside one that stands often.

That one is most likely meant. No list of the language's words is needed to say so: the book's own texts do.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpers.judge.places import cells, pages

#: Words that stand once, one letter beside another, and are right.
RIGHT = {
    "abolishes", "adapted", "appealed", "branches", "competing", "defended", "explodes", "exploding",
    "formal", "foster", "founds", "friction", "matched", "multiple", "pauses", "possibly", "prepares",
    "pressurized", "raises", "pricey", "processed", "ratifies", "recognize", "reneged", "reposted",
    "scrambled", "spikes", "strain", "submit", "viewed", "winner",
}  # fmt: skip
#: Plain words; not names, addresses, or what a path or an id is made of.
_WORD = re.compile(r"(?<![\w/.#=@-])[a-z]{6,}(?![\w/=@-]|\.\w)")


def odd(tables: Iterable[str], others: Iterable[str] = ()) -> Iterator[str]:
    """Yield each word that stands once, in tables, with a word beside it that stands three times or more."""
    words = [word for text in tables for word in _WORD.findall(text)]
    counts = Counter([*words, *(word for text in others for word in _WORD.findall(text))])
    single = {word for word in words if counts[word] == 1}
    gaps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for word in counts:
        for at in range(len(word)):
            gaps[word[:at], word[at + 1 :]].append(word)
    for alike in gaps.values():
        common = [word for word in alike if counts[word] > 2]
        yield from (f"{word} ({common[0]}?)" for word in single.intersection(alike) if common)


def _tables(root: Path) -> Iterator[str]:
    for path in sorted((root / "data").glob("*.csv")):
        if path.name != "changes.csv":  # made from what the book says
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    yield from (row[name] for name in row if name != "url" and not name.endswith("_id"))


def _pages(root: Path) -> Iterator[str]:
    yield from (cell.text for path in pages(root / "book") for cell in cells(path))
    yield from (path.read_text(encoding="utf-8") for path in (root / "data").glob("*.json"))


def test_a_slip_of_one_letter_is_named() -> None:
    said = ["Then a counterstrike follows.", "No counterstrike, no counterttrike", "see #fact-counterstrikf"]
    assert list(odd(said)) == []
    assert list(odd(said, ["One counterstrike", "one countirstrike"])) == ["counterttrike (counterstrike?)"]


def test_no_word_of_a_table_is_one_letter_beside_another(root: Path) -> None:
    found = set(odd(_tables(root), _pages(root)))
    assert {each for each in found if each.split()[0] not in RIGHT} == set()
    assert {each.split()[0] for each in found} >= RIGHT, "a word that need not be named any more"
