"""The check that every exercise says what it takes: a pencil and what is printed, a page, or Python.

A room without computers needs to know. In a page the directive says it by its class, ``:class: with-paper``,
which the title shows; in a teacher's notebook each section ends in the words, ``*With paper.*``, by which the
print packs choose.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from helpers.judge import prose
from helpers.judge.places import Problem, cells, pages
from helpers.settings import settings

#: What an exercise may take: the class of a directive, and the words for it.
NEEDS = {"with-paper": "with paper", "with-page": "with the page", "with-python": "with Python"}
_ENDS = [words[0].upper() + words[1:] for words in NEEDS.values()]
_OPTIONS = re.compile(r"(?::[\w-]+:.*\n)*")
_CLASSES = re.compile(r"^:class:(.*)$", re.MULTILINE)
_LAST = re.compile(r"\*([^*\n]+)\.\*\s*\Z")


def check(book: Path) -> Iterator[Problem]:
    """Yield the exercises in the pages of a book folder that do not say what they take, or twice."""
    sections = book / settings().folders.seminar / "solutions"
    for path in pages(book):
        for cell in cells(path):
            if cell.kind == "markdown":
                found = [*_directives(cell.text), *(_sections(cell.text) if path.parent == sections else ())]
                yield from (Problem(cell.at(at), message) for at, message in found)


def _directives(text: str) -> Iterator[tuple[int, str]]:
    for token in prose.parser().parse(text):
        if token.type in ("fence", "colon_fence") and token.info.strip().startswith("{exercise}"):
            options = _OPTIONS.match(token.content)
            given = " ".join(_CLASSES.findall(options[0])).split() if options else []
            if len(NEEDS.keys() & {*given}) != 1:
                found = " ".join(given) or "none"
                yield (token.map or [0])[0], f"expected one class of {', '.join(NEEDS)}, found {found}"


def _sections(text: str) -> Iterator[tuple[int, str]]:
    for section in re.finditer(r"^## .*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        last = _LAST.search(section[0])
        if not last or last[1] not in _ENDS:
            line = text.count("\n", 0, section.start())
            yield line, f"expected an exercise to end in {', '.join(f'*{words}.*' for words in _ENDS)}"
