"""The code of cells as Python reads it, with what only a notebook understands out of the way."""

import ast
import re

#: Magics whose line or cell is Python still: they time it, or keep what it prints.
_PYTHON = r"(?:time|timeit|prun|capture)"
#: Lines that only a notebook reads: magics and commands, also where a name takes what they give; questions.
_NOTEBOOK = re.compile(
    r"^([ \t]*)(?:(?:[\w, ]+= *)?[%!][^\n]*|\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE
)


def parsed(code: str) -> ast.Module:
    r"""Return the tree of a cell's code, without lines for the notebook alone: ``%pip``, ``!ls``, ``load?``.

    Raises
    ------
    SyntaxError
        If the rest is no Python; its line is that of the cell, counted from 1.

    Examples
    --------
    >>> ast.unparse(parsed("%time x = 1\n!ls\nfiles = !ls\nload?"))
    'x = 1'
    """
    head = re.match(r"\s*%%(\w+)[^\n]*", code)
    if head and not re.fullmatch(_PYTHON, head[1]):
        return ast.parse("")  # the whole cell is in another language
    code = re.sub(r"\A(\s*)%%\w+[^\n]*", r"\1", code)
    code = re.sub(rf"(?m)^([ \t]*)%{_PYTHON}[ \t]+(?:-\w+[ \t]*\d*[ \t]+)*", r"\1", code)
    try:
        return ast.parse(code)  # most have nothing of the kind, and some texts look like it
    except SyntaxError:
        return ast.parse(re.sub(_NOTEBOOK, _pass, code))


def _pass(line: re.Match[str]) -> str:
    """Return a line that does nothing in the place of one that Python cannot read."""
    return f"{line[1]}pass" if line[1] else ""
