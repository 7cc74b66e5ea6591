"""The book's releases: a line each in ``releases.csv``, in the book's folder, known without a tag.

The columns are ``version``, ``date`` (ISO), ``commit`` and ``summary``, a sentence for readers. The newest
stands first. It alone may have no commit yet: no commit can name itself, so `record` writes it afterwards.
"""

import csv
import io
import subprocess
from dataclasses import asdict, dataclass, replace
from datetime import date

from helpers.files import BookError, write_whole
from helpers.settings import root, settings

NAME = "releases.csv"


@dataclass(frozen=True)
class Release:
    """A release of the book."""

    version: str
    date: date
    commit: str
    summary: str


def known() -> list[Release]:
    """Return all releases, newest first; none if the book records none.

    Raises
    ------
    BookError
        If a line is not as expected, or another than the newest has no commit.
    """
    path = root() / NAME
    if not path.is_file():
        return []
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in (reader := csv.DictReader(file)):
            try:
                day = date.fromisoformat(row["date"])
                found.append(Release(row["version"], day, row["commit"], row["summary"]))
            except (KeyError, TypeError, ValueError) as error:
                raise BookError(
                    f"{NAME}: line {reader.line_num}: expected version, date, commit, summary; found {error}"
                ) from error
    if unmade := [release.version for release in found[1:] if not release.commit]:
        raise BookError(f"{NAME}: expected the commit of {unmade[0]}, which is not the newest, found none")
    return found


def record() -> Release:
    """Write the commit that is checked out into the newest line, and return that release.

    Raises
    ------
    BookError
        If the line is of another version than the settings of that commit, or has a commit already, or git
        knows none.
    """
    found, version = known(), settings().book.version
    newest = found[0] if found else None
    if newest is None or newest.version != version or newest.commit:
        there = f"{newest.version}, commit {newest.commit or 'none'}" if newest else "nothing"
        raise BookError(f"{NAME}: expected {version} first, without a commit, found {there}")
    asked = ["git", "rev-parse", "--verify", "HEAD"]
    done = subprocess.run(asked, cwd=root(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BookError(f"{NAME}: expected a commit, found none: {done.stderr.strip().splitlines()[-1]}")
    made = replace(newest, commit=done.stdout.strip())
    text = io.StringIO()
    writer = csv.DictWriter(text, list(asdict(made)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, [made, *found[1:]]))
    write_whole(root() / NAME, text.getvalue().encode())
    return made


def revision(name: str) -> str:
    """Return the commit of a release, with or without a ``v`` before its version; or the name itself.

    Raises
    ------
    BookError
        If the release has no commit yet.
    """
    for release in known():
        if release.version == name.removeprefix("v"):
            if not release.commit:
                raise BookError(f"{NAME}: expected the commit of {release.version}, found none")
            return release.commit
    return name
