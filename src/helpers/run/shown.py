"""What a cell may leave in a page: records of the book, text, plain tables and pictures.

Whatever else a library shows (a live chart of its own, a widget) needs scripts that no page loads. It is
named when the notebook is run, and again when a notebook that was run elsewhere is built. So are a
warning and a place on somebody's machine: neither is for readers.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.chapter import output
from helpers.settings import root

_OWN = {output.FIGURE, output.FACT, output.CLAIMS, output.ANSWER}
_PLAIN = {
    "text/plain", "text/html", "text/latex",
    "image/png", "image/jpeg", "image/svg+xml", "image/gif",
}  # fmt: skip
#: What to write instead, by a part of the type's name.
_INSTEAD = {
    "vega": "a chart: end the cell in figure(chart, …)",
    "widget": "a widget, which no page can show: end the cell in figure(…) or table(…)",
    "dataresource": "pandas’ own kind of table: leave display.html.table_schema as it is",
    "markdown": "Markdown, whose numbers are tied to nothing: write a cell of text, with links to facts",
    "javascript": "a script, which no page runs: take it away",
}
#: Where people's files lie, and those of a notebook that runs.
_MACHINE = re.compile(r"(?:/home/|/Users/|/root/|/tmp/|/var/folders/|\b[A-Za-z]:\\\\?Users\\)[^\s'\"<>:]*")
_ELSE = "what no page can show: end the cell in figure(…) or table(…)"


def faults(notebook: Any) -> Iterator[str]:
    """Yield a line for each cell of a notebook that leaves what no page can show: its name and what to do."""
    for cell in notebook.cells:
        for out in cell.get("outputs", []):
            if fault := _fault(out.get("data", {})) or _printed(out):
                yield f"cell {cell.get('id', '?')}: expected text, a picture or a record, found {fault}"
                break


def _printed(out: dict[str, Any]) -> str | None:
    """Return what of a cell's text is not for readers."""
    text = "".join(out.get("text", ""))
    if out.get("output_type") == "stream" and out.get("name") == "stderr" and text.strip():
        said = re.findall(r"\w+(?:Warning|Error)\b.*", text) or text.strip().splitlines()
        return f"a warning, {said[-1][:80]!r}: mend what it speaks of"
    bundle = out.get("data", {})
    for words in (text, *("".join(bundle.get(kind, "")) for kind in ("text/plain", "text/html"))):
        own = (str(place) for place in (root(), Path(__file__).parents[2]) if len(place.parts) > 2)
        found = next((place for place in own if place in words), None) or _MACHINE.search(words)
        if found:
            place = found if isinstance(found, str) else found[0]
            return f"a place on somebody's machine, {place!r}: print something else"
    return None


def _fault(bundle: dict[str, Any]) -> str | None:
    table = bundle.get(output.TABLE)
    if _OWN & bundle.keys() or (isinstance(table, dict) and "report-book" in table):
        return None
    strange = [kind for kind in bundle if kind not in _PLAIN]
    page = "".join(bundle.get("text/html", ""))
    if not strange and "<script" in page.lower():
        strange = ["vega"] if "vega" in page else ["javascript"]
    for kind in strange:
        return next((words for part, words in _INSTEAD.items() if part in kind), f"{_ELSE} ({kind})")
    return None
