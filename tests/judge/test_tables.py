"""Checks of any book's tables: what a descriptor promises is held, and an exception must be needed."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from helpers.chapter import data, package
from helpers.judge import tables, truths

#: The checks that hold only what a table promises.
PROMISES = (
    "An unbroken series has no hole",
    "A table that crosses lists is full",
    "What goes together does so in each row",
)
ROWS = ("2024,book,a", "2024,film,b", "2025,book,a", "2025,film,b", "2026,book,a")


@pytest.mark.parametrize(
    ("promise", "rows", "broken"),
    [
        ({"unbroken": "year"}, ROWS, []),
        ({"unbroken": "year"}, ROWS[:2] + ROWS[4:], ["counts: a"]),
        ({"crossed": ["year", "note"]}, ROWS[:4], []),
        ({"crossed": ["year", "note"]}, ROWS, ["counts"]),
        ({"determines": {"note": ["source_id"]}}, ROWS, []),
        ({"determines": {"note": ["source_id"]}}, (*ROWS, "2026,book,b"), ["counts: source_id of note: b"]),
        (
            {"determines": {"source_id": ["note"]}},
            (*ROWS, "2026,film,c"),
            ["counts: note of source_id: film"],
        ),
        ({}, (*ROWS[:2], *ROWS[4:], "2026,book,b"), []),
    ],
)
def test_what_a_table_promises_is_held(
    promise: dict[str, Any],
    rows: tuple[str, ...],
    broken: list[str],
    described: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = described / "counts.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["schema"]["primaryKey"] = ["year", "note"]
    path.write_text(json.dumps({**descriptor, **promise}), encoding="utf-8")
    (described / "sources.csv").write_text("source_id\nbook\nfilm\n", encoding="utf-8")
    (described / "counts.csv").write_text("\n".join(["year,source_id,note", *rows, ""]), encoding="utf-8")
    package.make(described)
    small = SimpleNamespace(
        package=lambda: data.package(described), resource=lambda name: data.resource(name, described)
    )
    for module in (truths, tables):
        monkeypatch.setattr(module, "data", small)
        monkeypatch.setattr(module, "load", lambda name: data.load(name, described))
    found = [check.compare() for check in truths.CHECKS if check.name in PROMISES]
    assert len(found) == len(PROMISES)
    assert [label for verdicts in found for label in verdicts.index[~verdicts]] == broken


def test_an_exception_that_nothing_needs_and_a_check_of_nothing_are_faults() -> None:
    check = truths.Check(
        "Odd", "", lambda: pd.Series([True, False], ["a", "b"]), lambda: {"a": "no longer", "b": "known"}
    )
    assert truths.run(check) == truths.Result(
        2, {"a": "no longer", "b": "known"}, ["a: the exception is not needed"]
    )
    empty = truths.Check("Empty", "", lambda: pd.Series([], dtype=bool), dict)
    assert truths.run(empty).faults == ["nothing to compare"]
