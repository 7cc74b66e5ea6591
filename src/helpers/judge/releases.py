"""The book's releases: a line each in ``releases.csv``, in the book's folder, known without a tag.

The columns are ``version``, ``date`` (ISO), ``commit`` (empty until the release is made, since no commit can
name itself) and ``summary``, a sentence for readers. The newest stands first.
"""

import csv
from dataclasses import dataclass
from datetime import date

from helpers.files import BookError
from helpers.settings import root

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
        If a line is not as expected.
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
    return found


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
