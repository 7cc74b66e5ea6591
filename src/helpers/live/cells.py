"""Cells without Jupyter: what runs a chapter's code in the Python of a page.

`Session.run` does for a cell what a kernel does: it keeps names from cell to cell, shows what the cell
prints and displays, shows the value of a last expression, and shows an error as Python shows it.
"""

import ast
import json
import linecache
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import TextIOBase
from types import ModuleType
from typing import Any

import altair as alt

from helpers.chapter import output, vegalite

#: Takes one output: JSON of content by MIME type, or of what was printed, under ``"print"`` or ``"error"``.
Show = Callable[[str], None]


#: Characters that one cell may print: a loop without an end would fill the page before a reader can stop it.
_PRINTED = 100_000


class _Printed(TextIOBase):
    """A stream that shows what is written to it, up to a limit."""

    def __init__(self, show: Show) -> None:
        self.show, self.left = show, _PRINTED

    def write(self, text: str) -> int:
        if self.left > 0:
            self.left -= len(text)
            end = "" if self.left > 0 else "\n… (no more is shown of what this cell prints)\n"
            self.show(json.dumps({"print": f"{text}{end}"}))
        return len(text)


class Session:
    """The names that a chapter's cells share, and where their outputs go.

    Parameters
    ----------
    show
        Takes each output as it comes.
    """

    def __init__(self, show: Show) -> None:
        self.show = show
        self.variant = "wide"
        self.names: dict[str, Any] = {"__name__": "__main__", "display": self.display}
        # What `helpers.chapter.output` displays with: in a page there is no IPython.
        display = ModuleType("IPython.display")
        display.display = self.display  # type: ignore[attr-defined]
        sys.modules["IPython"] = ModuleType("IPython")
        sys.modules["IPython.display"] = display

    def run(self, code: str, label: str, variant: str) -> bool:
        """Run a cell; return whether it ended without an error.

        Parameters
        ----------
        code
            The cell's text.
        label
            What error messages call the cell.
        variant
            The width for which charts are drawn, a key of `theme.WIDTHS`.
        """
        self.variant = variant
        # Error messages quote from here.
        linecache.cache[label] = (len(code), None, code.splitlines(keepends=True), label)
        printed = _Printed(self.show)
        try:
            with redirect_stdout(printed), redirect_stderr(printed):
                tree, last = ast.parse(code, label), None
                if tree.body and isinstance(tree.body[-1], ast.Expr):
                    last = ast.Expression(tree.body[-1].value)
                    tree.body.pop()
                exec(compile(tree, label, "exec"), self.names)  # noqa: S102 - running the reader's code is the purpose
                value = eval(compile(last, label, "eval"), self.names) if last else None  # noqa: S307
                if value is not None:
                    self.display(value)
        except BaseException as error:
            # Without this module's own line; a fault of syntax was raised in no line but this module's.
            inside = error.__traceback__.tb_next if error.__traceback__ else None
            shown = error.with_traceback(None if isinstance(error, SyntaxError) else inside)
            self.show(json.dumps({"error": "".join(traceback.format_exception(shown))}))
            return False
        return True

    def display(self, *values: Any, raw: bool = False, metadata: Any = None) -> None:
        """Show values, or with ``raw`` MIME bundles, as `IPython.display.display` does.

        A page has no use for the metadata.
        """
        for value in values:
            bundle = dict(value) if raw else _bundle(value)
            if output.FIGURE in bundle:
                # The page measures what axes and legends add, and corrects this first width.
                width = vegalite.first_width(self.variant)
                bundle[output.FIGURE] = vegalite.sized(bundle[output.FIGURE], width, self.variant)
                bundle["width"] = width
            self.show(json.dumps(bundle, default=str))


def _bundle(value: Any) -> dict[str, Any]:
    """Return content by MIME type for a value that a cell ends in."""
    if isinstance(value, alt.TopLevelMixin):
        return {output.FIGURE: vegalite.canonical(value.to_dict())}
    if hasattr(value, "_repr_html_"):
        return {"text/html": value._repr_html_(), "text/plain": repr(value)}
    return {"text/plain": repr(value)}
