"""What is handed to the repository's host, by its ``gh``: releases, issues, changes to review.

Workflows call it, so that whatever they do can be done, and tried, from any machine.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from helpers.files import BookError
from helpers.make.build import BUILD
from helpers.programs import ask
from helpers.settings import settings

#: What `release` has put together: `NOTES` is what is said, all else is attached.
RELEASE, NOTES = BUILD / "release", "NOTES.md"
#: What a proposal has: the texts and the tables.
_PROPOSED = ("book", "data")


def release() -> None:
    """Make a release of the present version, with everything that belongs to it.

    Raises
    ------
    BookError
        If nothing has been put together, or the host refuses.
    """
    files = sorted(path for path in RELEASE.glob("*") if path.name != NOTES)
    if not files:
        raise BookError(f"{RELEASE}: expected the files of a release, found none; run `release` first")
    version = settings().book.version
    title = f"{settings().book.title} {version}"
    _gh(
        "release",
        "create",
        f"v{version}",
        "--verify-tag",
        "--title",
        title,
        "--notes-file",
        RELEASE / NOTES,
        *files,
    )


def issue(title: str, text: Path) -> None:
    """Open an issue with a title and the text of a file, or give the text to the one that is open under it.

    Raises
    ------
    BookError
        If the host refuses.
    """
    asked = ("issue", "list", "--state", "open", "--limit", "1000", "--json", "number,title")
    same = [str(each["number"]) for each in json.loads(ask("gh", *asked)) if each["title"] == title]
    if same:
        _gh("issue", "edit", same[0], "--body-file", text)
    else:
        _gh("issue", "create", "--title", title, "--body-file", text)


def propose(title: str, text: Path) -> None:
    """Put what has changed in book and data on a branch, named after title and day, and propose it.

    Without a change nothing is done.

    Raises
    ------
    BookError
        If git or the host refuse.
    """
    if not ask("git", "status", "--porcelain", "--untracked-files=no", "--", *_PROPOSED):
        print("nothing to propose")
        return
    branch = f"{re.sub(r'[^a-z0-9]+', '-', title.lower())}-{datetime.now(UTC):%Y-%m-%d}"
    _run("git", "switch", "--create", branch)
    _run("git", "commit", "--quiet", "--message", title, "--", *_PROPOSED)
    _run("git", "push", "--quiet", "origin", branch)
    _gh("pr", "create", "--title", title, "--body-file", text, "--head", branch)


def _gh(*arguments: str | Path) -> None:
    _run("gh", *arguments)


def _run(program: str, *arguments: str | Path) -> None:
    print(ask(program, *arguments).decode(), end="")
