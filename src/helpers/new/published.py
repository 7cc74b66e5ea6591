"""A publisher's file, as the builder of a table reads it: each cell is held to what was expected.

A builder, ``data/builders/<table>.py``, has a function ``build(file, today)``: ``today`` has the cells of the
table as they are, as text, and what it returns is the table whole.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.files import BookError
from helpers.new import given


class Built(NamedTuple):
    """A table whose cells are text, and the source that the publisher's file is."""

    source_id: str
    table: pd.DataFrame


def header(file: Path) -> list[str]:
    """Return the names of a CSV's columns, by which a builder tells one publisher's file from another's."""
    return given.read(file)[0]


def rows(file: Path, expected: str) -> pd.DataFrame:
    """Return the rows of a CSV as text, by their number in the file.

    ``expected`` is the first row as the publisher has it; the order of columns is free.

    Raises
    ------
    BookError
        If the file is no CSV, lacks a column or has one that is not known, or a row has too few cells.
    """
    wanted, (names, lines) = expected.split(","), given.read(file)
    faults = [f"expected a column {name!r}, found none" for name in wanted if name not in names]
    faults += [f"expected no column {name!r}, found one" for name in names if name not in wanted]
    if faults:
        raise BookError("\n".join(f"{file.name}: row 1: {fault}" for fault in faults))
    for line, row in lines:
        if len(row) != len(names):
            raise BookError(f"{file.name}: row {line}: expected {len(names)} cells, found {len(row)}")
    return pd.DataFrame([row for _, row in lines], [line for line, _ in lines], names, dtype="str")


def hold(file: Path, cells: pd.Series, right: pd.Series, wanted: str) -> None:
    """Raise `BookError`, a line a fault, where cells of a column are not what was wanted."""
    faults = [
        f"{file.name}: row {row}, column {cells.name}: expected {wanted}, found {cell!r}"
        for row, cell in cells[~right.astype(bool)].items()
    ]
    if faults:
        raise BookError("\n".join(faults))


def numbers(file: Path, cells: pd.Series, *, missing: Sequence[str] = ("",)) -> pd.Series:
    """Return a column's cells as numbers, and what stands for a missing one as none.

    Commas between thousands are taken. A mark behind a number is not: a person reads its footnote.

    Raises
    ------
    BookError
        A line for each cell that is neither.
    """
    texts = cells.astype("str").str.strip()
    absent = texts.isin(missing)
    whole = texts.str.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][-+]?\d+)?")
    hold(file, cells, absent | whole, "a number")
    return pd.to_numeric(texts.mask(absent).str.replace(",", ""))


def months(file: Path, days: pd.Series) -> pd.Series:
    """Return the months of days in ISO form; raise `BookError` where a cell is no day."""
    hold(
        file,
        days,
        pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").notna(),
        "a day such as 2024-04-10",
    )
    return days.str[:7]


def unbroken(file: Path, months: pd.Series) -> None:
    """Raise `BookError` if months, such as 2024-04, leave one out; one may stand there more than once."""
    there = pd.PeriodIndex(months.drop_duplicates().sort_values(), freq="M")
    lacking = pd.period_range(there[0], there[-1], freq="M").difference(there)
    if len(lacking):
        raise BookError(
            f"{file.name}: column {months.name}: expected every month, found none of {lacking[0]}"
        )


def keep(made: pd.DataFrame, today: pd.DataFrame, key: Sequence[str], own: Sequence[str]) -> pd.DataFrame:
    """Return rows with the columns that are the book's own as they stand today beside the same key.

    A new row has them empty, or as ``made`` has them.
    """
    names = list(key)
    known = today.set_index(names)[list(own)]
    at = pd.MultiIndex.from_frame(made[names]) if len(names) > 1 else pd.Index(made[names[0]])
    kept = known.reindex(at).set_axis(made.index)
    return made.assign(**{name: kept[name].fillna(made.get(name, "")) for name in own})
