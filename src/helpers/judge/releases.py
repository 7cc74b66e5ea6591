"""The book's releases: a line each in ``releases.csv``, and what ``CHANGELOG.md`` says of a version.

The columns of the record are ``version``, ``date`` (ISO), ``commit`` and ``summary``, a sentence or two for
readers; the newest stands first. Only what has been made is recorded: no commit can name itself, so `record`
writes the line in the next one. Until then the settings' version ends in ``.dev0``.
"""

import csv
import io
import re
from dataclasses import asdict, dataclass
from datetime import date

from helpers.files import BookError, write_whole
from helpers.programs import ask
from helpers.settings import root, settings

NAME, LOG = "releases.csv", "CHANGELOG.md"


@dataclass(frozen=True)
class Release:
    """A release of the book."""

    version: str
    date: date
    commit: str
    summary: str


@dataclass(frozen=True)
class Notes:
    """What the log of changes says of a version: the words of its head, what it is in short, and its list."""

    version: str
    head: str
    summary: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return all that is said below the head; links into the book would lead nowhere elsewhere."""
        listed = "\n".join(f"- {line}" for line in self.lines)
        return unlinked("\n\n".join(filter(None, (self.summary, listed))))


def unlinked(text: str) -> str:
    """Return a text of Markdown with the words of its links into the book alone."""
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)


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
                if not re.fullmatch("[0-9a-f]{7,64}", row["commit"]):
                    raise ValueError(f"the commit {row['commit']!r}")
                day = date.fromisoformat(row["date"])
                found.append(Release(row["version"], day, row["commit"], row["summary"]))
            except (KeyError, TypeError, ValueError) as error:
                raise BookError(
                    f"{NAME}: line {reader.line_num}: expected version, date, commit, summary; found {error}"
                ) from error
    return found


def notes() -> list[Notes]:
    """Return what the log of changes says of each version, newest first; nothing if there is no log."""
    path = root() / LOG
    if not path.is_file():
        return []
    found = []
    for part in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, below = part.partition("\n")
        summary, _, listed = f"\n{below}".partition("\n- ")
        lines = filter(
            None, (" ".join(line.split()) for line in re.split(r"^- ", listed, flags=re.MULTILINE))
        )
        found.append(Notes(head.split(" ")[0], head.strip(), " ".join(summary.split()), tuple(lines)))
    return found


def due() -> Notes:
    """Return the notes on the version that the settings name, if they and the log are those of a release.

    Raises
    ------
    BookError
        If the version is one in the making, or made already, or the log does not head it with its day, or
        does not say in a sentence what it is.
    """
    book = settings().book
    if re.search(r"\.dev\d+$", book.version):
        raise BookError(
            f"book.toml: version: expected that of a release, such as 1.2.0, found {book.version}"
        )
    if made := next((each for each in known() if each.version == book.version), None):
        raise BookError(f"{NAME}: expected no {book.version} yet, found it, of commit {made.commit}")
    head = f"{book.version} ({book.date.day} {book.date:%B %Y})"
    newest = next(iter(notes()), None)
    if newest is None or newest.head != head:
        raise BookError(f"{LOG}: expected {head!r} first, found {newest.head if newest else 'nothing'!r}")
    if not newest.summary:
        raise BookError(f"{LOG}: expected a sentence for readers below {head!r}, before its list, found none")
    return newest


def record() -> Release:
    """Write down that the commit which is checked out is the release that is `due`, and return it.

    Raises
    ------
    BookError
        If none is due, something is not committed, or git knows no commit.
    """
    book, summary = settings().book, due().summary
    if changed := ask("git", "status", "--porcelain", "--untracked-files=no").decode().splitlines():
        raise BookError(f"{NAME}: expected everything committed, found {changed[0].strip()}")
    commit = ask("git", "rev-parse", "--verify", "HEAD").decode().strip()
    made = Release(book.version, book.date, commit, summary)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(asdict(made)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, [made, *known()]))
    write_whole(root() / NAME, text.getvalue().encode())
    return made


def revision(name: str) -> str:
    """Return the commit of a release, with or without a ``v`` before its version; or the name itself."""
    return next((each.commit for each in known() if each.version == name.removeprefix("v")), name)
