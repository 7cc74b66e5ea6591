"""What has changed in the book since a revision: facts, figures, verdicts and statuses, not words.

Both sides are read from the notebooks' stored outputs; those of a revision come out of git.
"""

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from helpers.chapter import data
from helpers.files import BookError, write_whole
from helpers.judge.lineage import Item, read

Rows = Sequence[dict[str, Any]]

#: Parts that are words: they have changed when a number in them has.
_WORDS = ("caption", "alt")


@dataclass(frozen=True)
class Change:
    """A part of the book that has changed: what it said, what it says now, and the sources that brought the change."""

    name: str
    part: str
    before: str
    after: str
    sources: Sequence[str]

    def __str__(self) -> str:
        kind = "gone: " if not self.after else "new: " if not self.before else ""
        said = " → ".join(filter(None, (self.before, self.after)))
        return f"{self.name}, {self.part}: {kind}{said}" + (
            f" ({', '.join(self.sources)})" if self.sources else ""
        )


def since(revision: str, book: Path) -> list[Change]:
    """Return what has changed between a git revision and now, by name.

    Parameters
    ----------
    revision
        Any name that git has for a commit, such as ``v0.1.0`` or ``HEAD``.
    book
        The book's folder, relative to the present one.

    Raises
    ------
    BookError
        If this is no git clone, or git knows no such revision, or that has no book.
    """
    try:
        commit = _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
        packed = _git("archive", "--format=zip", commit, str(book))
    except FileNotFoundError as error:
        raise BookError("expected git on the path, found none") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()[-1]
        raise BookError(f"expected a revision of this book, found {revision!r}: git says {said!r}") from error
    with TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
        return compare(read(Path(folder) / book).items, read(book).items)


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], capture_output=True, check=True).stdout  # noqa: S607 - the git on the path


def compare(before: Mapping[str, Item], now: Mapping[str, Item]) -> list[Change]:
    """Return what two books say differently, by name; of a figure that is new or gone only the title."""
    names = sorted(before.keys() | now.keys())
    return [
        change
        for name in names
        for change in _between(before.get(name, Item(name)), now.get(name, Item(name)))
    ]


def _between(old: Item, new: Item) -> Iterator[Change]:
    moved = _moved(old.drawn, new.drawn) if old.drawn and new.drawn else ([], [])
    named = sorted({row[key] for row in moved[1] for key in row if key.endswith("source_id") and row[key]})
    if any(moved):
        yield Change(new.name, "data", *_in_words(*moved), named or new.sources)
    for part in sorted({*old.said, *new.said}):
        before, after = old.said.get(part, ""), new.said.get(part, "")
        numbers = [re.findall(r"\d[\d,.]*", words) for words in (before, after)]
        if before != after and (part not in _WORDS or (before and after and numbers[0] != numbers[1])):
            # A claim's first source is its verdict's, its last its status's.
            ours, theirs = (
                {"verdict": each.sources[:1], "status": each.sources[-1:]}.get(part, each.sources)
                for each in (new, old)
            )
            came = [source_id for source_id in ours if source_id not in theirs]
            yield Change(new.name, part, before, after, came or named or ours or theirs)


def _moved(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    """Return the rows that only the one and only the other has, in the columns that both have."""
    columns = {name for row in old for name in row} & {name for row in new for name in row}
    sides = [
        {
            json.dumps(kept, sort_keys=True): kept
            for row in rows
            if (kept := {n: row[n] for n in row if n in columns})
        }
        for rows in (old, new)
    ]
    return [sides[0][key] for key in sides[0].keys() - sides[1].keys()], [
        sides[1][key] for key in sides[1].keys() - sides[0].keys()
    ]


def _in_words(gone: Rows, came: Rows) -> tuple[str, str]:
    """Say the cells that differ if one row has changed, else how many rows have."""
    if len(gone) == len(came) == 1:
        differ = [name for name in came[0] if gone[0].get(name) != came[0][name]]
        return ", ".join(f"{name} {gone[0].get(name)}" for name in differ), ", ".join(
            f"{name} {came[0][name]}" for name in differ
        )
    return f"{len(gone)} rows gone", f"{len(came)} rows new"


def to_read(found: Iterable[Change], book: Path) -> Iterator[str]:
    """Yield where a person must read again what no check can judge.

    That is what has changed itself, each sentence that names it, and each claim that it bears on.
    """
    lineage = read(book)
    changed: dict[str, Item] = {}
    for change in (each for each in found if each.name in lineage.items):
        changed[change.name] = lineage.items[change.name]
        yield f"{changed[change.name].place}: read again: {change}"
    for sentence in lineage.naming(changed.values()):
        names = ", ".join(sorted(changed.keys() & sentence.names))
        yield f"{sentence.file}:{sentence.line}: read again, for {names} changed: {sentence.text}"
    claimed = sorted({name for item in changed.values() for name in lineage.claims(item)})
    table = data.load("claims") if claimed else pd.DataFrame({"claim_id": []})
    lines = dict(zip(table["claim_id"], table.index, strict=True))
    for name in claimed:
        names = ", ".join(sorted(item.name for item in changed.values() if name in lineage.claims(item)))
        yield f"data/claims.csv:{lines[name[6:]]}: read again, for {names} changed: {name}, {lineage.items[name].text}"


def save(revision: str, changes: Iterable[Change], folder: Path = data.FOLDER) -> None:
    """Write the changes since a release to ``changes.csv``, whole or not at all: the page of changes shows them.

    One row a change and source; an exercise's answer, which names none, is left out.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["since", "name", "part", "before", "after", "source_id"])
    rows.writerows(
        [revision, c.name, c.part, c.before, c.after, source_id] for c in changes for source_id in c.sources
    )
    write_whole(folder / "changes.csv", text.getvalue().encode())


def corrections(name: str, folder: Path = data.FOLDER) -> list[str]:
    """Return what ``corrections.csv`` says of a figure, table or fact, a sentence or two for each correction."""
    if not data.has("corrections", folder):
        return []
    table = data.load("corrections", folder)
    return [
        f"Corrected on {row.date:%Y-%m-%d}: {row.wrong} {row.fix}"
        for row in table[table["name"] == name].itertuples()
    ]
