"""A CSV that a person gives: its rows, its faults, and what its columns are meant to be."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.chapter import data
from helpers.chapter.schema import TYPES, reader
from helpers.files import BookError

#: The cells of a row or a column, each with its line in the file.
Cells = list[tuple[int, str]]
Rows = list[tuple[int, list[str]]]

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|ember|ober|\.)?"
#: What people write where a table has bare values, and what it should be.
_DRESSED = {
    r"-?\d{1,3}(,\d{3})+(\.\d+)?": "a bare number such as 1168",
    r"-?\d{1,3}([ \u00a0\u2009\u202f'’]\d{3})+([.,]\d+)?": "a bare number such as 1168",
    r"-?\d+,\d+": "a number with a point such as 1.5",
    r"[−–]\d+([.,]\d+)?": "a number with a hyphen as its sign, such as -1.5",
    r"[−–-]?[０-９．，]+": "a number in plain digits such as 1168",
    r"-?\d+(\.\d+)? ?%": "a bare number, with per cent as the column's unit",
    r"[-+]?(?i:inf|infinity)": "a finite number",
    r"-?\d{17,}(\.\d+)?": "a number of at most 16 digits",
    r"-?[$€£¥] ?\d[\d.,]*|-?\d[\d.,]* ?[$€£¥]": "a bare number, with its currency as the column's unit",
    r"\d{4}-\d\d-\d\d[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?": "a date such as 2024-04-10",
    r"\d{1,2}([/.])\d{1,2}\1\d{2,4}": "a date such as 2024-04-10",
    rf"(\d{{1,2}} )?{_MONTH} (\d{{1,2}}, )?\d{{4}}": "a date such as 2024-04-10",
    r"T(RUE|rue)|F(ALSE|alse)": "true or false in lower case",
}
#: What people write where a table has an empty cell.
_NONE = r"(?i:n/?a|nan|null|none|n\.a\.)|[-–—.…?]{1,3}"
#: What is so of this part of a column's cells is meant of all.
_MOSTLY = 0.75


def read(file: Path) -> tuple[list[str], Rows]:
    """Return header and rows, without blanks around cells and without empty rows at the end.

    Raises
    ------
    BookError
        If the file is no CSV in UTF-8; a byte-order mark and any ends of lines are taken.
    """
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row, byte = content[: error.start].count(b"\n") + 1, content[error.start]
        raise BookError(
            f"{file}: row {row}: expected UTF-8, found byte {byte:#04x}; save it as CSV UTF-8"
        ) from error
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error as error:
        raise BookError(f"{file}: row {lines.line_num}: expected CSV, found {error}") from error
    while rows and not any(rows[-1][1]):
        rows.pop()
    return (rows[0][1] if rows else []), rows[1:]


def misshapen(header: list[str], rows: Rows, shared: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the header and the number of cells."""
    if not any(header):
        yield "row 1: expected the names of the columns, found an empty row"
        return
    if len(header) == 1 and (found := re.search(r"[;\t|]", header[0])):
        yield f"row 1: expected commas between cells, found {found[0]!r}"
        return
    for number, name in enumerate(header, start=1):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield f"row 1, column {number}: expected a name such as fiscal_year, found {name!r}"
        elif name in header[: number - 1]:
            yield f"row 1, column {number}: expected a name used once, found {name!r} again"
    if "source_id" in shared and "source_id" not in header:
        yield "row 1: expected a column source_id, a key of sources.csv that says where the row comes from"
    if not rows:
        yield "row 2: expected a row, found none"
    for line, row in rows:
        if len(row) != len(header):
            yield f"row {line}: expected {len(header)} cells, found {len(row)}"


def meant(column: str, cells: Cells) -> str:
    """Return the type that a column is meant to be of: a cell that is not of it is then a fault."""
    filled = [cell for _, cell in cells if cell and not re.fullmatch(_NONE, cell)]
    if not filled or any(re.fullmatch(r"-?0\d+", cell) for cell in filled):
        return "string"  # "007" is a name
    if re.search(r"(?:^|_)(?:date|day|on)$", column) and all(
        re.fullmatch(r"[345]\d{4}", cell) for cell in filled
    ):
        return "date"  # what a spreadsheet counts days by
    if column.endswith("year") and all(re.fullmatch(r"\d{4}", cell) for cell in filled):
        return "year"
    types = ("integer", "number", "date", "yearmonth", "boolean")
    fits = {kind: [_is(kind, cell) for cell in filled] for kind in types}
    best = max(types, key=lambda kind: sum(fits[kind]))
    others = [i for i, fit in enumerate(fits[best]) if not fit]
    mixed = any(fits[kind][i] for kind in types for i in others)  # "2024" among days is no slip
    return best if sum(fits[best]) >= _MOSTLY * len(filled) and not mixed else "string"


def _is(kind: str, cell: str) -> bool:
    try:
        TYPES[kind].read(cell)
    except ValueError:
        return False
    return True


def wrong(field: dict[str, Any], cells: Cells, folder: Path) -> Iterator[str]:
    """Yield what is wrong with the cells of a column."""
    read = reader({key: each for key, each in field.items() if key != "references"}, field["name"])
    filled = [cell for _, cell in cells if cell]
    dressed = field["type"] == "string" and _undressed(filled)
    known = None
    if target := field.get("references"):
        known = set(data.load(target, folder)[data.resource(target, folder)["schema"]["primaryKey"][0]])
    for line, cell in cells:
        value, wanted = read(cell)
        if value is not None and known is not None and value not in known:
            wanted = f"a key of {target}"
        if dressed or (wanted and field["type"] != "string"):
            wanted = next((words for form, words in _DRESSED.items() if re.fullmatch(form, cell)), wanted)
        if wanted and re.fullmatch(_NONE, cell):
            wanted = f"{wanted}, or an empty cell where there is none"
        if wanted:
            found = repr(cell) if cell else "an empty cell"
            yield f"row {line}, column {field['name']}: expected {wanted}, found {found}"


def _undressed(cells: list[str]) -> bool:
    """Say whether nearly all cells of a column are values, bare or dressed, and some are dressed."""
    filled = [cell for cell in cells if not re.fullmatch(_NONE, cell)]
    forms = [any(re.fullmatch(form, cell) for form in _DRESSED) for cell in filled]
    bare = [any(_is(kind, cell) for kind in ("number", "date", "yearmonth", "boolean")) for cell in filled]
    return any(forms) and sum(map(max, forms, bare)) > _MOSTLY * len(filled)


def repeated(rows: Rows) -> Iterator[str]:
    """Yield the rows that say what another has said."""
    first: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        if (before := first.setdefault(tuple(row), line)) != line:
            yield f"row {line}: expected a row of its own, found row {before} again"


def key(header: list[str], rows: Rows) -> list[str]:
    """Return the fewest leading columns that tell all rows apart."""
    lengths = range(1, len(header) + 1)
    return header[: next(n for n in lengths if len({tuple(row[:n]) for _, row in rows}) == len(rows))]


def nameless(columns: list[str], header: list[str], rows: Rows) -> Iterator[str]:
    """Yield the empty cells of a key, such as those that were merged in a spreadsheet."""
    for line, row in rows:
        for column in columns:
            if not row[header.index(column)]:
                yield f"row {line}, column {column}: expected what tells rows apart, found an empty cell"
