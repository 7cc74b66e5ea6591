"""What was wrong in a published book and has been put right: rows of ``corrections.csv`` by their names.

A row names a figure, a table or a fact, or a source, ``source-…``: what rests on that is then marked too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.chapter import data


def told(name: str, sources: Iterable[str] = (), folder: Path = data.FOLDER) -> list[str]:
    """Return what is said of a name and the sources that it rests on, in a sentence or two a correction."""
    return list(map(_said, _rows(name, sources, folder)))


def days(name: str, sources: Iterable[str] = (), folder: Path = data.FOLDER) -> list[date]:
    """Return the days on which something was corrected of a name and the sources that it rests on."""
    return sorted({row.date.date() for row in _rows(name, sources, folder)})


def _rows(name: str, sources: Iterable[str], folder: Path) -> list[Any]:
    if not data.has("corrections", folder):
        return []
    names = {name, *(f"source-{source_id}" for source_id in sources)}
    return sorted(row for each in names for row in _by_name(folder).get(each, ()))


@cache
def _by_name(folder: Path) -> Mapping[str, Sequence[Any]]:
    """Return the rows by what they correct, each with its line first; pages ask thousands of times."""
    table = data.load("corrections", folder)
    return {str(name): list(rows.itertuples()) for name, rows in table.groupby("name")}


def wrong_on(day: date) -> dict[str, str]:
    """Return what is said of each name of which the book was wrong on a day, and has been corrected since."""
    if not data.has("corrections"):
        return {}
    said: dict[str, str] = {}
    table, then = data.load("corrections"), pd.Timestamp(day)
    rows: Iterable[Any] = table[(table["since"] <= then) & (table["date"] > then)].itertuples()
    for row in rows:
        said[row.name] = f"{said.get(row.name, '')} {_said(row)}".strip()
    return said


def _said(row: Any) -> str:
    return f"Corrected on {row.date:%Y-%m-%d}: {row.wrong} {row.fix}"


def log() -> str:
    """Return all corrections as a text for those who read the project and not the site, newest first."""
    parts = [
        "# Corrections",
        "What was wrong in a published book, since when, and what it says now. The book shows each beside "
        "what it concerns. Made from `data/corrections.csv` by `python -m helpers package`.",
    ]
    table = data.load("corrections")
    for row in table.sort_values(["date", "name"], ascending=[False, True]).itertuples():
        parts.append(f"## {row.date:%Y-%m-%d}, {row.name}")
        parts.append(f"{row.wrong} (since {row.since:%Y-%m-%d})\n{row.fix}")
    return "\n\n".join(parts if len(table) else [*parts, "None so far."]) + "\n"
