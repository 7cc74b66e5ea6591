"""What a book is called and what only it knows: ``book.toml`` in the book's folder, read once.

The machine reads its names, words and colours from here and holds none of its own. ``root()`` is the folder
of the book that is worked on: the nearest one above the present folder with a ``book.toml``; else the clone
that this package lies in; else the package itself, which carries the data of its book when it is installed.
"""

import os
import re
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from helpers.files import BookError

NAME = "book.toml"

#: The forms of what names files or stands in addresses, each with an example.
_FORMS = {
    "Book.slug": ("[a-z0-9]+(-[a-z0-9]+)*", "bay-by-bicycle"),
    "Book.language": ("[a-z]{2,3}(-[A-Za-z0-9]+)*", "en-GB"),
    "Language.code": ("[a-z]{2,3}(-[A-Za-z0-9]+)*", "ja"),
    "Folders.chapters": ("[A-Za-z0-9-]+", "chapters"),
    "Folders.seminar": ("[A-Za-z0-9-]+", "seminar"),
}


@dataclass(frozen=True)
class Language:
    """A second language in which sources and terms are written; its terms stand in a column of its name."""

    code: str
    name: str
    #: The letters that it alone has, as in brackets of a regular expression, each as ``\\uXXXX``: by them
    #: its words are found and marked.
    letters: str
    #: The file in ``book/_assets/fonts`` that has them, which ``tools/fonts.py`` makes; without one a
    #: reader's own serves.
    font: str = ""


@dataclass(frozen=True)
class Book:
    """Who says what: the names that stand on the cover, in citations and in the metadata."""

    title: str
    authors: str
    subtitle: str
    description: str
    motto: str
    #: Names the files of the editions: ``<slug>.zip``.
    slug: str
    version: str
    #: The day of the edition: the date of everything that is made from it.
    date: date
    copyright: str
    #: The licence of text and figures by its short name, for citations.
    licence: str
    #: All licences in a sentence, for the foot of each page.
    licences: str
    language: str = "en-GB"
    #: Where the site is published, if it is; see `address`.
    address: str = ""
    #: Where the sources lie, for links to them and to the forms that answer readers: the web address of a
    #: repository, and its branch that is published.
    repository: str = ""
    branch: str = "main"
    second_language: Language | None = None


@dataclass(frozen=True)
class Labels:
    """The words of the pages that speak of this book's subject."""

    #: Heads the answer at the top of a chapter.
    answer: str = "In short."
    #: Heads the claims that a chapter answers, and on a slide what became of them.
    claims: str = "The claims in this chapter"
    claims_slide: str = "The claims, and what became of them"
    #: Heads of the columns: where a claim stands in its text, the claim, its verdict, its status.
    place: str = "Paragraph"
    claim: str = "Claim"
    verdict: str = "Verdict"
    status: str = "Since then"
    #: Heads what a page does not know: a list of which each line names its searches or why none could answer.
    unknown: str = "What is not known"
    #: In the titles of a teacher's notebook, and of the student's that is made from it.
    solutions: str = "Solutions"
    exercises: str = "Exercises"


@dataclass(frozen=True)
class Folders:
    """Where in ``book/`` the kinds of pages stand.

    Inside the seminar ``solutions`` has the teacher's notebooks and ``exercises`` the students',
    ``session-….md`` are sessions, and what lies in ``handouts`` and ``role-play`` is printed on sheets.
    """

    chapters: str = "chapters"
    seminar: str = "seminar"


@dataclass(frozen=True)
class Settings:
    """All of ``book.toml``."""

    root: Path
    book: Book
    labels: Labels = field(default_factory=Labels)
    folders: Folders = field(default_factory=Folders)
    #: Words after which a number is a name: "Article 5".
    naming: tuple[str, ...] = ()
    #: Names that are written in digits: "2+2".
    names: tuple[str, ...] = ()
    #: A light and a dark colour for each country or other actor, in the order of legends.
    actors: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Words for how a claim stands and for what became of a matter, each with the name of a colour.
    verdicts: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    #: Those of the statuses that rest on searches, of which a page says how often and when last.
    silent: tuple[str, ...] = ()
    #: The source in which the claims stand that the book judges, if they are those of one text.
    reviewed: str = ""
    #: The module with the checks of this book's data, if it has any.
    checks: str = ""


@cache
def _found(start: Path) -> Path:
    places = [*(start / "x").parents, *Path(__file__).resolve().parents[:3]]
    for folder in places:
        if (folder / NAME).is_file():
            return folder
        if (folder / "book" / "_toc.yml").is_file():  # or the book beside this machine would be taken for it
            raise BookError(
                f"{NAME}: expected one beside the folder book, found none; `new book` shows what it says"
            )
    raise BookError(f"{NAME}: expected one in {start} or above it, found none")


def root() -> Path:
    """Return the folder of the book that is worked on; raise `BookError` if there is none."""
    return _found(Path.cwd())


def settings() -> Settings:
    """Return the settings of the book that is worked on.

    Raises
    ------
    BookError
        If there is no ``book.toml``, or it lacks a key, or has one that nothing reads.
    """
    return read(root() / NAME)


def address() -> str:
    """Return where the site is published, with a slash at its end, or nothing if that is not known.

    The environment's ``BOOK_URL`` goes before what the settings say.

    Raises
    ------
    BookError
        If it is no address of a site.
    """
    given = os.environ.get("BOOK_URL") or settings().book.address
    if given and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", given):
        raise BookError(
            f"BOOK_URL or {NAME}: expected an address such as https://book.example/, found {given!r}"
        )
    return f"{given.rstrip('/')}/" if given else ""


@cache
def read(path: Path) -> Settings:
    """Return the settings in a file; raise `BookError`, which names the key, if they are not as expected."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # as some editors of Windows save it
    except UnicodeDecodeError as error:
        line, byte = error.object.count(b"\n", 0, error.start) + 1, error.object[error.start]
        raise BookError(f"{path.name}:{line}: expected UTF-8, found the byte {byte:#04x}") from error
    except (OSError, ValueError) as error:
        raise BookError(f"{path.name}: expected TOML, found {error}") from error
    made: Settings = _made(Settings, {"root": path.parent, **content}, path.name)
    return made


def _made(kind: Any, content: Any, where: str) -> Any:
    """Return a value of one of the classes above from what TOML has."""
    kinds, given = get_type_hints(kind), content if isinstance(content, dict) else {}
    known = {each.name: each for each in fields(kind)}
    for name in given:
        if name not in known:
            raise BookError(f"{where}: expected one of {', '.join(known)}, found {name!r}")
    for name, each in known.items():
        needed = each.default is each.default_factory  # both are MISSING
        if needed and name not in given:
            raise BookError(f"{where}: expected the key {name!r}, found none")
    for name, value in given.items():
        form, example = _FORMS.get(f"{kind.__name__}.{name}", ("", ""))
        if form and not (isinstance(value, str) and re.fullmatch(form, value)):
            raise BookError(f"{where}: {name}: expected a text such as {example!r}, found {value!r}")
    return kind(**{name: _value(kinds[name], value, f"{where}: {name}") for name, value in given.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    inner = next((each for each in (kind, *getattr(kind, "__args__", ())) if is_dataclass(each)), None)
    if inner:
        return _made(inner, value, where)
    if kind is str and not isinstance(value, str):
        raise BookError(f"{where}: expected text, found {value!r}")
    if kind == tuple[str, ...] and not _is_texts(value):
        raise BookError(f"{where}: expected a list of texts, found {value!r}")
    if kind == dict[str, str]:
        _check_words(value, where)
    if kind == dict[str, tuple[str, str]]:
        _check_colours(value, where)
    if kind is date and type(value) is not date:
        raise BookError(f"{where}: expected a date such as 2024-04-10, found {value!r}")
    if isinstance(value, dict):
        return {name: tuple(each) if isinstance(each, list) else each for name, each in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _check_words(value: Any, where: str) -> None:
    """Hold the words for verdicts or statuses, which are names of styles too, and of their colours."""
    for word, colour in value.items() if isinstance(value, dict) else [(value, "")]:
        if not (isinstance(word, str) and re.fullmatch("[a-z]+(-[a-z]+)*", word) and isinstance(colour, str)):
            raise BookError(
                f"{where}: expected words in lower case with hyphens, each with the name of a colour, "
                f"found {word!r} = {colour!r}"
            )


def _check_colours(value: Any, where: str) -> None:
    for name, pair in value.items() if isinstance(value, dict) else [("", value)]:
        right = (
            _is_texts(pair) and len(pair) == 2 and all(re.fullmatch("#[0-9a-f]{6}", each) for each in pair)
        )
        if not right:
            raise BookError(
                f"{where}: {name}: expected a light and a dark colour such as "
                f'["#1b7f4d", "#54c58a"], found {pair!r}'
            )
