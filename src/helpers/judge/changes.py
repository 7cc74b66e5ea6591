"""What has changed in the book since a revision: facts, figures, verdicts and statuses, not words.

Both sides are read from the notebooks' stored outputs; those of a revision come out of git.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from helpers.chapter import data
from helpers.files import BookError, write_whole
from helpers.judge.lineage import Item, counted, read
from helpers.programs import RefusedError, ask

Rows = Sequence[dict[str, Any]]

#: Parts in words of the author's: they say something else when a number in them is another.
_WORDED = ("caption", "alt")


@dataclass(frozen=True)
class Change:
    """A part of the book that has changed: the text before and after, and the sources that brought this."""

    name: str
    part: str
    before: str
    after: str
    sources: Sequence[str]

    def __str__(self) -> str:
        kind = "gone: " if not self.after else "new: " if not self.before else ""
        texts = " → ".join(filter(None, (self.before, self.after)))
        sources = f" ({', '.join(self.sources)})" if self.sources else ""
        return f"{self.name}, {self.part}: {kind}{texts}{sources}"


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
        named = ask("git", "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        packed = ask("git", "archive", "--format=zip", commit := named.decode().strip(), str(book))
    except RefusedError as error:
        raise BookError(
            f"expected a revision of this book, found {revision!r}: git says {error.said!r}"
        ) from error
    with TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
        return [*_of_sources(commit), *compare(read(Path(folder) / book).items, read(book).items)]


def _of_sources(commit: str) -> Iterator[Change]:
    """Yield what the row of a source says otherwise, but for the day on which it was read."""
    try:
        before = ask("git", "show", f"{commit}:./data/sources.csv").decode()
    except RefusedError:
        return  # the book had no such table then
    old = {row["source_id"]: row for row in csv.DictReader(io.StringIO(before))}
    with (data.FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            was = old.get(row["source_id"], row)
            for part in row:  # in the file's order, so that what is saved is the same each time
                if part in was and part != "retrieved" and row[part] != was[part]:
                    name = row["source_id"]
                    yield Change(f"source-{name}", part, was[part], row[part], [name])


def compare(before: Mapping[str, Item], now: Mapping[str, Item]) -> list[Change]:
    """Return what two books say differently, by name; of a figure that is new or gone only the title."""
    changes: list[Change] = []
    for name in sorted(before.keys() | now.keys()):
        changes += _between(before.get(name, Item(name)), now.get(name, Item(name)))
    return changes


def _between(old: Item, new: Item) -> Iterator[Change]:
    """Yield what an item says differently: the rows that it draws, then its parts by name."""
    gone, added = _moved(old.drawn, new.drawn) if old.drawn and new.drawn else ([], [])
    row_sources = sorted({row[key] for row in added for key in row if key.endswith("source_id") and row[key]})
    if gone or added:
        yield Change(new.name, "data", *_in_words(gone, added), row_sources or new.sources)
    for part in sorted({*old.parts, *new.parts}):
        before, after = old.parts.get(part, ""), new.parts.get(part, "")
        if before != after and not (part in _WORDED and _same_numbers(before, after)):
            was, now = _sources(old, part), _sources(new, part)
            fresh = [source_id for source_id in now if source_id not in was]
            yield Change(new.name, part, before, after, fresh or row_sources or now or was)


def _same_numbers(before: str, after: str) -> bool:
    """Say whether two texts differ in words only; a figure that is new or gone has no words to compare."""
    was, now = (re.findall(r"\d[\d,.]*", text) for text in (before, after))
    return not before or not after or was == now


def _sources(item: Item, part: str) -> Sequence[str]:
    """Return the sources of a part: a claim's first is its verdict's, its last its status's."""
    return {"verdict": item.sources[:1], "status": item.sources[-1:]}.get(part, item.sources)


def _moved(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    """Return the rows, in the columns that both sides have, that only the one and only the other has.

    A row that stands there twice is two rows.
    """
    shared = {name for row in old for name in row} & {name for row in new for name in row}
    before, after = (
        [{name: row[name] for name in row if name in shared} for row in rows] for rows in (old, new)
    )
    return _beyond(before, after), _beyond(after, before)


def _beyond(rows: Rows, others: Rows) -> Rows:
    """Return the rows that have no equal among the others, each of which is the equal of one row."""
    left = Counter(map(_key, others))
    beyond = []
    for row in rows:
        left[_key(row)] -= 1
        if left[_key(row)] < 0:
            beyond.append(row)
    return beyond


def _key(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


def _in_words(gone: Rows, added: Rows) -> tuple[str, str]:
    """Say the cells that differ if one row has changed, else how many rows have."""
    if len(gone) == len(added) == 1:
        (old,), (new,) = gone, added
        names = [name for name in new if old.get(name) != new[name]]
        before, after = (", ".join(f"{name} {row.get(name)}" for name in names) for row in (old, new))
        return before, after
    return f"{counted(len(gone), 'row')} gone", f"{counted(len(added), 'row')} new"


def to_read(changes: Iterable[Change], book: Path) -> Iterator[str]:
    """Yield where a person must read again what no check can judge.

    That is what has changed itself, each sentence that names it, and each claim that it bears on.
    """
    lineage = read(book)
    changed: dict[str, Item] = {}
    for change in changes:
        if change.name in lineage.items:
            item = changed[change.name] = lineage.items[change.name]
            yield f"{item.place}: read again: {change}"
        elif change.name.startswith("source-"):
            resting = [
                item.name for item in lineage.items.values() if set(change.sources) & set(item.sources)
            ]
            if resting:
                yield f"data/sources.csv: read again what rests on it, {', '.join(resting)}: {change}"
    for sentence in lineage.naming(changed.values()):
        names = ", ".join(sorted(changed.keys() & sentence.names))
        yield f"{sentence.place}: read again, for {names} changed: {sentence.text}"
    bearing = {name: lineage.claims(item) for name, item in changed.items()}
    claims = data.load("claims") if any(bearing.values()) else pd.DataFrame({"claim_id": []})
    lines = dict(zip(claims["claim_id"], claims.index, strict=True))
    for claim in sorted(set().union(*bearing.values())):
        names = ", ".join(sorted(name for name in bearing if claim in bearing[name]))
        place = f"data/claims.csv:{lines[claim.removeprefix('claim-')]}"
        yield f"{place}: read again, for {names} changed: {claim}, {lineage.items[claim].text}"


def save(revision: str, changes: Iterable[Change], folder: Path = data.FOLDER) -> None:
    """Write the changes since a release to ``changes.csv``, whole or not at all.

    The page of changes shows them. One row a change and source that the book still has; an exercise's answer,
    which names none, is left out.
    """
    known = set(data.load("sources", folder)["source_id"])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["since", "name", "part", "before", "after", "source_id"])
    for change in changes:
        cells = [revision, change.name, change.part, change.before, change.after]
        writer.writerows([*cells, source_id] for source_id in change.sources if source_id in known)
    write_whole(folder / "changes.csv", text.getvalue().encode())
