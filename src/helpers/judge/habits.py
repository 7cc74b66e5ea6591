"""Habits of code that a page cannot bear: a typed colour, a set width, an open cell, a figure nobody needs.

A colour code stays as it is in the dark, and a width does not fit a phone. In a chapter code is folded, and
each figure is named by a sentence, since one that no sentence needs is none.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.chapter import output
from helpers.judge import code
from helpers.judge.links import near
from helpers.judge.places import Cell, Problem, cells, pages
from helpers.settings import settings

_COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|(?:rgb|hsl)a?\(.*\)", re.IGNORECASE)
#: Arguments of Altair that take a colour; a plain word there is the name of one.
_PAINTS = ("color", "fill", "stroke", "background")
_NO_COLOUR = ("transparent", "none", "currentColor", "")
#: Where a page names a figure or a table.
_NAMED = re.compile(r"\{(?:numref|preview|again)\}[` ](?:[^`<\n]*<)?((?:fig|tab)-[\w-]+)")
#: Tags of a cell whose code does not lie open on the page.
_FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


def check(book: Path) -> Iterator[Problem]:
    """Yield the habits in the notebooks of a book folder, each with file and line."""
    written = {path: list(cells(path)) for path in pages(book)}
    named = {name for page in written.values() for cell in page for name in _NAMED.findall(cell.text)}
    known: dict[str, Cell] = {}
    shown = ((each, name) for page in written.values() for each in page for name in _shown(each))
    for cell, name in shown:
        if name in known:
            other = known[name].at(0)
            yield Problem(cell.at(0), f"{name} is recorded in {other}, too; call one of them otherwise")
        known[name] = cell
    for path, page in written.items():
        in_chapter = settings().folders.chapters in path.relative_to(book).parts
        labels = "".join(cell.text for cell in page)
        for cell in page:
            for found in _NAMED.finditer(cell.text):
                if found[1] not in known and f"({found[1]})=" not in labels:
                    place = cell.at(cell.text.count("\n", 0, found.start()))
                    yield Problem(
                        place, f"no notebook records a picture {found[1]!r}; {near(found[1], known)}"
                    )
            if cell.kind == "code":
                yield from _in_code(cell)
                yield from _in_chapter(cell, named) if in_chapter else ()


def _shown(cell: Cell) -> Iterator[str]:
    """Yield the names of the figures and tables that a cell has shown."""
    for kind, key in ((output.FIGURE, "usermeta"), (output.TABLE, "report-book")):
        yield from (content[key]["name"] for content in cell.stored(kind) if content.get(key))


def _in_code(cell: Cell) -> Iterator[Problem]:
    try:
        tree = code.parsed(cell.text)
    except SyntaxError:  # of which the rule for prose speaks
        return
    yield from (Problem(cell.at(at - 1), message) for at, message in _habits(tree))


def _habits(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _COLOUR.fullmatch(node.value):
            yield node.lineno, f"{node.value!r} is a typed colour; take one of helpers.theme"
        if isinstance(node, ast.Call):
            yield from _in_call(node)


def _in_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = _name(call)
    for keyword in call.keywords:
        word, paints = keyword.value, name.startswith(("mark_", "configure"))
        if isinstance(word, ast.Call) and _name(word) == "value" and word.args:
            word, paints = word.args[0], True
        paints = paints and keyword.arg in _PAINTS
        value = word.value if paints and isinstance(word, ast.Constant) else None
        if isinstance(value, str) and value not in _NO_COLOUR and not _COLOUR.fullmatch(value):
            yield call.lineno, f"{value!r} is a typed colour; take one of helpers.theme"
        if keyword.arg == "width" and name in ("properties", "Chart"):
            yield call.lineno, "a chart has a set width; leave it out, each page draws it in its own"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else str(getattr(call.func, "id", ""))


def _in_chapter(cell: Cell, named: set[str]) -> Iterator[Problem]:
    if cell.text.strip() and not _FOLDED & {*cell.tags}:
        yield Problem(cell.at(0), "this cell's code lies open; tag it hide-input")
    for spec in cell.stored(output.FIGURE):
        if (name := spec["usermeta"]["name"]) not in named:
            yield Problem(
                cell.at(0), f"expected a sentence that names {name}, as {{numref}}`{name}`, found none"
            )
