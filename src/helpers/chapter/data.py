"""The data package: ``load("sources")`` gives a typed, checked table.

``data/datapackage.json`` (a Frictionless Data Package) says what every table holds.
``load`` checks a table against it when a process first asks for it, so that no chapter
ever draws from a broken table. The checks need pandas and the standard library only,
because chapters also run where nothing else is installed; the test suite lets the
``frictionless`` library judge the same package.
"""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.files import BookError
from helpers.settings import root

#: The folder that holds ``datapackage.json``.
FOLDER = root() / "data"

#: Names of the tables that this process has asked for, in order: what a notebook's outputs rest on.
asked_for: list[str] = []


class DataError(BookError):
    """A table or the package breaks its contract; the message is one line that says where and how."""


def load(name: str, folder: Path = FOLDER) -> pd.DataFrame:
    """Return a table of the data package, checked and typed.

    Parameters
    ----------
    name
        Name of a table in ``datapackage.json``, such as ``"sources"``.
    folder
        Folder that holds ``datapackage.json`` and the CSV files.

    Returns
    -------
    pandas.DataFrame
        One row a CSV row, with the schema's columns in its order. ``string`` columns are ``str``,
        ``integer`` and ``year`` are ``int64`` (``Int64`` where values are missing), ``number`` is
        ``float64``, ``boolean`` is ``boolean``, ``date`` and ``yearmonth`` are ``datetime64`` (a month
        is its first day). The index is the row's line in the file; ``attrs["table"]`` is the name.

    Raises
    ------
    DataError
        If the table is unknown or breaks its schema: the message names file, row, column and
        what was expected.

    Examples
    --------
    >>> sources = load("sources")
    >>> sources.attrs["table"], sources.index.name, str(sources.retrieved.dtype)
    ('sources', 'line', 'datetime64[s]')
    >>> load("sauces")
    Traceback (most recent call last):
    helpers.chapter.data.DataError: datapackage.json: no table named 'sauces'; expected one of: ...
    """
    if name not in asked_for:
        asked_for.append(name)
    return _load(name, folder).copy()


@cache
def package(folder: Path = FOLDER) -> dict[str, Any]:
    """Return the parsed ``datapackage.json``; raise `DataError` if it cannot be read."""
    path = folder / "datapackage.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not all({"name", "path"} <= set(resource) for resource in content["resources"]):
            raise KeyError("a resource without name or path")
        return {**content, "resources": list(content["resources"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path.name}: expected a JSON data package, found {error}") from error


def resource(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return the descriptor of one table or file; raise `DataError` if there is none of that name."""
    resources = package(folder)["resources"]
    for candidate in resources:
        if candidate["name"] == name:
            return candidate
    known = ", ".join(candidate["name"] for candidate in resources)
    raise DataError(f"datapackage.json: no table named {name!r}; expected one of: {known}")


def has(name: str, folder: Path = FOLDER) -> bool:
    """Say whether the package has a table or file of this name."""
    return any(candidate["name"] == name for candidate in package(folder)["resources"])


def fields(name: str, folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Return a table's field descriptors by column name."""
    return {field["name"]: field for field in resource(name, folder)["schema"]["fields"]}


def source(source_id: str, folder: Path = FOLDER) -> dict[str, str]:
    """Return one row of ``sources.csv``; raise `DataError` if the source is not registered."""
    try:
        return _sources(folder)[source_id]
    except KeyError:
        raise DataError(f"sources.csv: no source {source_id!r}; expected a registered source_id") from None


@cache
def _sources(folder: Path) -> dict[str, dict[str, str]]:
    """Return the rows of ``sources.csv`` by source, days as ISO dates; pages ask for them thousands of times."""
    table = _load("sources", folder)
    texts = (
        table.assign(retrieved=table["retrieved"].dt.strftime("%Y-%m-%d"))
        .astype(object)
        .where(table.notna(), "")
        .astype(str)
    )
    return {
        row["source_id"]: {str(column): value for column, value in row.items()}
        for row in texts.to_dict("records")
    }


def lines(*frames: Any) -> dict[str, str]:
    """Return by table, as ``lines 3–7, 9`` of its file, the rows that selections of loaded tables hold.

    What is no such selection, because it was grouped, merged or never loaded, is left out.
    """
    found: dict[str, set[int]] = {}
    for rows in frames:
        if isinstance(rows, pd.DataFrame) and "table" in rows.attrs and rows.index.name == "line":
            found.setdefault(rows.attrs["table"], set()).update(rows.index)
    return {table: _ranges(sorted(held)) for table, held in found.items()}


def numbered(lines: str) -> list[int]:
    """Return the line numbers that a text such as ``lines 3–7, 9`` means; the inverse of `lines`.

    Examples
    --------
    >>> numbered("lines 3–5, 9")
    [3, 4, 5, 9]
    """
    runs = re.findall(r"(\d+)(?:–(\d+))?", lines)
    return [line for first, last in runs for line in range(int(first), int(last or first) + 1)]


def _ranges(numbers: list[int]) -> str:
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    ]
    ranges = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"line {ranges}" if len(numbers) == 1 else f"lines {ranges}"


@cache
def _load(name: str, folder: Path) -> pd.DataFrame:
    """Read and check one table; one reading serves the whole process."""
    descriptor = resource(name, folder)
    if "schema" not in descriptor:
        raise DataError(f"datapackage.json: {name!r} is a file, not a table")
    path, schema = folder / descriptor["path"], descriptor["schema"]
    names = [field["name"] for field in schema["fields"]]
    lines = _read(path, names)
    columns = {
        field["name"]: _column(path.name, field, [(line, row[i]) for line, row in lines])
        for i, field in enumerate(schema["fields"])
    }
    table = pd.DataFrame(columns, index=pd.Index([line for line, _ in lines], name="line"))
    _check_key(path.name, table, _listed(schema.get("primaryKey")))
    for key in schema.get("foreignKeys", []):
        _check_reference(path.name, table, _listed(key["fields"]), key["reference"], folder)
    if "sumCheck" in descriptor:
        _check_sum(path.name, table, _listed(schema.get("primaryKey")), descriptor["sumCheck"])
    table.attrs["table"] = name
    return table


def _read(path: Path, names: list[str]) -> list[tuple[int, list[str]]]:
    """Return the file's rows with their line numbers, after checking encoding, header and widths."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise DataError(f"{path.name}: expected a readable file, found {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name}: expected UTF-8, found byte {error.object[error.start]:#04x} at offset {error.start}"
        ) from error
    if text.startswith("\ufeff"):
        raise DataError(f"{path.name}: row 1: expected UTF-8 without a byte-order mark, found one")
    if "\r" in text:
        raise DataError(f"{path.name}: expected lines that end in LF, found CR")
    if not text.endswith("\n"):
        raise DataError(f"{path.name}: expected a newline at the end, found none (is the file cut off?)")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DataError(f"{path.name}: row {reader.line_num}: expected CSV, found {error}") from error
    header = rows[0][1] if rows else []
    for column in [name for name in names if name not in header]:
        raise DataError(
            f"{path.name}: row 1, column {column}: expected this column, found {', '.join(header) or 'nothing'}"
        )
    if header != names:
        raise DataError(f"{path.name}: row 1: expected columns {', '.join(names)}, found {', '.join(header)}")
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise DataError(f"{path.name}: row {line}: expected {len(names)} cells, found {len(row)}")
    return rows[1:]


def _finite(cell: str) -> float:
    if math.isinf(value := float(cell)):
        raise ValueError(cell)
    return value


#: For each Frictionless type: what a cell looks like, how it is read, what a reader of the message calls it, its pandas type.
#: A whole number has no more digits than a float can hold exactly.
_TYPES: dict[str, tuple[str, Callable[[str], Any], str, str]] = {
    "string": (r"[^=+\-@\t](?s:.*)", str, "text that no spreadsheet would run as a formula", "str"),
    "integer": (r"-?[0-9]{1,15}", int, "a whole number", "Int64"),
    "year": (r"-?[0-9]{1,15}", int, "a year", "Int64"),
    "number": (r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", _finite, "a number", "float64"),
    "boolean": (r"true|false", "true".__eq__, "true or false", "boolean"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", pd.Timestamp, "a date such as 2024-04-10", "datetime64[s]"),
    "yearmonth": (r"[0-9]{4}-[0-9]{2}", pd.Timestamp, "a month such as 2024-04", "datetime64[s]"),
}


def _column(file: str, field: dict[str, Any], cells: Iterable[tuple[int, str]]) -> Any:
    """Return one typed column (a list-like without index), after checking each cell's type and constraints."""
    if field["type"] not in _TYPES:
        raise DataError(
            f"datapackage.json: {file}, field {field['name']}: expected a type among {', '.join(_TYPES)}, found {field['type']!r}"
        )
    form, parse, wanted, dtype = _TYPES[field["type"]]
    limits = field.get("constraints", {})
    values: list[Any] = []
    for line, cell in cells:
        here = f"{file}: row {line}, column {field['name']}"
        if cell == "":
            if limits.get("required"):
                raise DataError(f"{here}: expected a value, found an empty cell")
            values.append(None)
            continue
        try:
            value = parse(re.fullmatch(form, cell)[0])  # type: ignore[index]
        except (TypeError, ValueError) as error:
            raise DataError(f"{here}: expected {wanted}, found {cell!r}") from error
        if "enum" in limits and value not in limits["enum"]:
            raise DataError(f"{here}: expected one of {', '.join(map(str, limits['enum']))}, found {cell!r}")
        if "pattern" in limits and not re.fullmatch(limits["pattern"], cell):
            raise DataError(f"{here}: expected the pattern {limits['pattern']}, found {cell!r}")
        if "maxLength" in limits and len(cell) > limits["maxLength"]:
            raise DataError(f"{here}: expected at most {limits['maxLength']} characters, found {len(cell)}")
        if "minimum" in limits and value < parse(str(limits["minimum"])):
            raise DataError(f"{here}: expected at least {limits['minimum']}, found {cell}")
        if "maximum" in limits and value > parse(str(limits["maximum"])):
            raise DataError(f"{here}: expected at most {limits['maximum']}, found {cell}")
        values.append(value)
    if dtype == "Int64" and None not in values:
        dtype = "int64"
    return pd.Series(values, dtype=dtype).array


def _listed(key: str | list[str] | None) -> list[str]:
    return [key] if isinstance(key, str) else list(key or [])


def _check_key(file: str, table: pd.DataFrame, key: list[str]) -> None:
    if not key:
        return
    repeated = table[table.duplicated(key)]
    if not repeated.empty:
        values = ", ".join(str(value) for value in repeated.iloc[0][key])
        raise DataError(
            f"{file}: row {repeated.index[0]}, column {'+'.join(key)}: expected a key used once, found {values} again"
        )


def _check_reference(
    file: str, table: pd.DataFrame, columns: list[str], reference: dict[str, Any], folder: Path
) -> None:
    target = _load(reference["resource"], folder)
    known = set(target[_listed(reference["fields"])].itertuples(index=False, name=None))
    for row in table[columns].dropna().itertuples(name=None):
        if row[1:] not in known:
            found = ", ".join(map(str, row[1:]))
            raise DataError(
                f"{file}: row {row[0]}, column {'+'.join(columns)}: expected a key of {reference['resource']}, found {found}"
            )


def _check_sum(file: str, table: pd.DataFrame, key: list[str], check: dict[str, Any]) -> None:
    """Hold each published total against its parts, wherever the total and all parts are published."""
    over, field, total, parts = (check[name] for name in ("over", "field", "total", "parts"))
    group = [column for column in key if column != over]
    wide = table.reset_index().pivot(index=group, columns=over, values=["line", field])
    values = wide[field].reindex(columns=[total, *parts]).dropna().astype("float64")
    sums = values[parts].sum(axis=1)
    for index in values.index[(values[total] - sums).abs() > check.get("tolerance", 1e-9)]:
        raise DataError(
            f"{file}: row {wide['line'].loc[index, total]:.0f}, column {field}: expected {sums[index]:g}, the sum of "
            f"{', '.join(parts)}, found {values.loc[index, total]:g}"
        )
