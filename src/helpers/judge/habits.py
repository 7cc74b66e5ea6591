"""Habits of code that a page cannot bear: a typed colour, a set width, an open cell, a figure nobody needs.

A colour code stays as it is in the dark, and a width does not fit a phone. In a chapter code is folded, and
each figure is named by a sentence, since one that no sentence needs is none.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.chapter import output
from helpers.judge import code, prose
from helpers.judge.prose import Problem
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
    texts = {path: path.read_text(encoding="utf-8") for path in prose.pages(book)}
    named = {name for text in texts.values() for name in _NAMED.findall(text)}
    known = {
        meta["name"]
        for path in texts
        if path.suffix == ".ipynb"
        for kind, key in ((output.FIGURE, "usermeta"), (output.TABLE, "report-book"))
        for content in output.stored(path, kind)
        if (meta := content.get(key))
    }
    for path, text in texts.items():
        for found in _NAMED.finditer(text):
            if found[1] not in known and f"({found[1]})=" not in text:
                line = text.count("\n", 0, found.start()) + 1
                message = f"no notebook records a picture {found[1]!r}; {prose.near(found[1], known)}"
                yield Problem(str(path), line, message)
        if path.suffix == ".ipynb":
            yield from _in_code(path)
            if settings().folders.chapters in path.relative_to(book).parts:
                yield from _open(path)
                drawn = (spec["usermeta"]["name"] for spec in output.stored(path, output.FIGURE))
                for name in (name for name in drawn if name not in named):
                    message = f"expected a sentence that names {name}, as {{numref}}`{name}`, found none"
                    yield Problem(str(path), 1, message)


def _in_code(path: Path) -> Iterator[Problem]:
    for kind, text, line in prose.cells(path):
        if kind == "code":
            try:
                tree = code.parsed(text)
            except SyntaxError:  # of which the rule for prose speaks
                continue
            yield from (Problem(str(path), line(at - 1), message) for at, message in _habits(tree))


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


def _open(path: Path) -> Iterator[Problem]:
    written = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for (kind, text, line), cell in zip(prose.cells(path), written, strict=True):
        if kind == "code" and text.strip() and not _FOLDED & {*cell.get("metadata", {}).get("tags", [])}:
            yield Problem(str(path), line(0), "this cell's code lies open; tag it hide-input")
