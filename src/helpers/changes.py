"""What has changed in the book since a revision: facts, figures, verdicts and statuses, not words.

Both sides are read from the notebooks' stored outputs; those of a revision come out of git.
"""

import csv
import io
import json
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from helpers import data, output, prose
from helpers.files import BookError, write_whole

Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """What a book says and by which sources; of a figure's data the rows."""

    text: str
    sources: Sequence[str]
    rows: Rows = ()


#: Everything that a book says, by name and part: the text of a fact, title and data of a figure, verdict and status of a claim.
Book = dict[tuple[str, str], Said]


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
        return f"{self.name}, {self.part}: {kind}{said} ({', '.join(self.sources)})"


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
        packed = _git("archive", commit, str(book))
    except FileNotFoundError as error:
        raise BookError("expected git on the path, found none") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()[-1]
        raise BookError(f"expected a revision of this book, found {revision!r}: git says {said!r}") from error
    with TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        return compare(read(Path(folder) / book), read(book))


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], capture_output=True, check=True).stdout  # noqa: S607 - the git on the path


def read(book: Path) -> Book:
    """Return what a book folder says."""
    said: Book = {}
    for path in (path for path in prose.pages(book) if path.suffix == ".ipynb"):
        for fact in output.stored(path, output.FACT):
            said[f"fact-{fact['name']}", "text"] = Said(fact["text"], fact["sources"])
        for spec in output.stored(path, output.FIGURE):
            about, sets = spec["usermeta"], spec.get("datasets", {}).values()
            said[about["name"], "title"] = Said(about["title"], about["sources"])
            said[about["name"], "data"] = Said("", about["sources"], [row for rows in sets if isinstance(rows, list) for row in rows])
        for table in output.stored(path, output.TABLE):
            about = table["report-book"]
            said[about["name"], "title"] = Said(about["caption"], about["sources"])
            said[about["name"], "data"] = Said("", about["sources"], table["data"])
        for claim in (claim for box in output.stored(path, output.CLAIMS) for claim in box["claims"]):
            name, source_id = f"claim-{claim['claim_id']}", claim["source_id"]
            said[name, "verdict"] = Said(claim["verdict"], [source_id])
            said[name, "status"] = Said(claim["status_now"], [claim["status_source_id"] or source_id])
    return said


def compare(before: Book, now: Book) -> list[Change]:
    """Return what two books say differently, by name; of a figure that is new or gone only the title."""
    changes = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key, Said("", [])), now.get(key, Said("", []))
        if old.text != new.text:
            sources = [source_id for source_id in new.sources if source_id not in old.sources] or new.sources or old.sources
            changes.append(Change(*key, old.text, new.text, sources))
        elif old.rows and new.rows and any(moved := _moved(old.rows, new.rows)):
            named = {row[name] for row in moved[1] for name in row if name.endswith("source_id") and row[name]}
            changes.append(Change(*key, *_in_words(*moved), sorted(named) or new.sources))
    return changes


def _moved(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    """Return the rows that only the one and only the other has, in the columns that both have."""
    columns = {name for row in old for name in row} & {name for row in new for name in row}
    sides = [
        {json.dumps(kept, sort_keys=True): kept for row in rows if (kept := {n: row[n] for n in row if n in columns})}
        for rows in (old, new)
    ]
    return [sides[0][key] for key in sides[0].keys() - sides[1].keys()], [sides[1][key] for key in sides[1].keys() - sides[0].keys()]


def _in_words(gone: Rows, came: Rows) -> tuple[str, str]:
    """Say the cells that differ if one row has changed, else how many rows have."""
    if len(gone) == len(came) == 1:
        differ = [name for name in came[0] if gone[0].get(name) != came[0][name]]
        return ", ".join(f"{name} {gone[0].get(name)}" for name in differ), ", ".join(f"{name} {came[0][name]}" for name in differ)
    return f"{len(gone)} rows gone", f"{len(came)} rows new"


def save(revision: str, changes: Iterable[Change], folder: Path = data.FOLDER) -> None:
    """Write the changes since a release to ``changes.csv``, whole or not at all: the page of changes shows them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["since", "name", "part", "before", "after", "source_id"])
    rows.writerows([revision, c.name, c.part, c.before, c.after, source_id] for c in changes for source_id in c.sources)
    write_whole(folder / "changes.csv", text.getvalue().encode())


def corrections(name: str, folder: Path = data.FOLDER) -> list[str]:
    """Return what ``corrections.csv`` says of a figure, table or fact, a sentence or two for each correction."""
    table = data.load("corrections", folder)
    return [f"Corrected on {row.date:%Y-%m-%d}: {row.wrong} {row.fix}" for row in table[table["name"] == name].itertuples()]
