"""What the code of a page compares texts and days with: values of its tables, or words of the page."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from conftest import ROOT
from helpers.chapter import data
from helpers.chapter.data import load
from helpers.judge.places import cells, pages

#: What neither a table nor a page has, by page, and why it is right.
OTHERS = {
    ("01-the-upgrade", "1988-01-01"): "parts the labels of the picture in two rows",
    ("01-the-upgrade", "2026-11-29"): "the last day of the search for news",
    ("02-command-integration", "2018-01"): "the first month drawn",
    ("09-minilaterals", "2023-01-01"): "from when a grouping is drawn as young",
    ("09-minilaterals", "2025-02-01"): "parts the labels of the picture in two rows",
    ("10-since-then", "2025-11-29"): "a year before the search for news ended",
    ("10-since-then", "2026-11-29"): "the last day of the search for news",
    ("10-since-then", "2029-01-01"): "how far the picture reaches",
    ("timeline", "1950-01-01"): "from when the picture is drawn",
    ("10-record", "2025-11-29"): "a year before the search for news ended",
}
_BOOKS = [path for path in pages(ROOT / "book") if path.suffix == ".ipynb" and "exercises" not in path.parts]


@cache
def _values(table: str) -> set[str]:
    """Return what a table has as texts: cells, names of columns, listed values, days, months and years."""
    found = {*load(table).columns}
    for field in data.fields(table).values():
        found |= set(map(str, field.get("constraints", {}).get("enum", [])))
    for _, column in load(table).items():
        filled = column.dropna()
        if filled.dtype.kind == "M":
            found |= {f"{day:{form}}" for day in filled for form in ("%Y-%m-%d", "%Y-%m", "%Y")}
        else:
            found |= set(map(str, filled))
    return found


def compared(code: str) -> Iterator[str]:
    """Yield the texts on the right side of comparisons."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            parts = [part for right in node.comparators for part in getattr(right, "elts", [right])]
            yield from (p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))


def _unknown(path: Path) -> Iterator[str]:
    asked = json.loads(path.read_text(encoding="utf-8"))["metadata"]["report-book"]["tables"]
    known = set[str]().union(*map(_values, asked))
    page = list(cells(path))
    said = " ".join(cell.text for cell in page if cell.kind == "markdown")
    bound = " ".join(cell.text for cell in page if cell.kind == "code")
    for text in (text for cell in page if cell.kind == "code" for text in compared(cell.text)):
        day = re.fullmatch(r"\d{4}-\d\d-\d\d", text)
        words = f"{pd.Timestamp(text).day} {pd.Timestamp(text):%B %Y}" if day else text
        # A text that a cell has made itself stands in the code twice.
        if text not in known and words not in said and (day or bound.count(f'"{text}"') < 2):
            yield text


@pytest.mark.parametrize("path", _BOOKS, ids=lambda path: path.stem)
def test_code_compares_with_what_a_table_or_the_page_has(path: Path) -> None:
    assert {text for text in _unknown(path) if (path.stem, text) not in OTHERS} == set()


def test_an_exception_is_needed() -> None:
    found = {(path.stem, text) for path in _BOOKS for text in _unknown(path)}
    assert found >= OTHERS.keys()


def test_texts_of_comparisons_are_found() -> None:
    code = 'a[a.country == "Japan"]; b if day < "2024-04-10" else c in ("x", "y"); f("no")'
    assert list(compared(code)) == ["Japan", "2024-04-10", "x", "y"]
