"""The data package: ``load("sources")`` gives a typed, checked table.

``data/datapackage.json`` (a Frictionless Data Package) says what every table holds; it is made from one
descriptor a table (see `helpers.chapter.package`). ``load`` checks a table against it when a process first
asks for it, so that no chapter ever draws from a broken table. The checks need pandas and the standard
library only, because chapters also run where nothing else is installed; the test suite lets the
``frictionless`` library judge the same package.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.chapter.schema import TYPES, DataError, check_columns, check_resource, listed, reader, unknown
from helpers.settings import root

#: The folder that holds ``datapackage.json``.
FOLDER = root() / "data"

#: Names of the tables that this process has asked for, in order: what a notebook's outputs rest on.
asked_for: list[str] = []


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
    helpers.chapter.schema.DataError: datapackage.json: no table named 'sauces'; near it: ...
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
        resources = list(content["resources"])
        if not all(isinstance(resource.get(key), str) for resource in resources for key in ("name", "path")):
            raise TypeError("a resource without name or path")
    except FileNotFoundError as error:
        raise DataError(
            f"{path.name}: expected the data package, found none; `python -m helpers package` makes it"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path.name}: expected a JSON data package, found {getattr(error, 'strerror', None) or error}; "
            "`python -m helpers package` makes it anew"
        ) from error
    for name, count in Counter(resource["name"] for resource in resources).items():
        if count > 1:
            raise DataError(f"{path.name}: expected one table named {name!r}, found {count}")
    return {**content, "resources": resources}


def resource(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return the descriptor of one table or file; raise `DataError` if there is none of that name."""
    resources = package(folder)["resources"]
    for candidate in resources:
        if candidate["name"] == name:
            return candidate
    raise unknown("datapackage.json", "table", name, [candidate["name"] for candidate in resources])


def has(name: str, folder: Path = FOLDER) -> bool:
    """Say whether the package has a table or file of this name."""
    return any(candidate["name"] == name for candidate in package(folder)["resources"])


def fields(name: str, folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Return a table's field descriptors by column name; raise `DataError` if there is no such table."""
    return {field["name"]: field for field in _schema(name, folder)["fields"]}


def _schema(name: str, folder: Path) -> dict[str, Any]:
    """Return a table's schema, whose contract has been checked."""
    descriptor = resource(name, folder)
    if "schema" not in descriptor:
        raise DataError(f"datapackage.json: {name!r} is a file, not a table")
    check_resource(descriptor, f"datapackage.json: {descriptor['path']}")
    schema: dict[str, Any] = descriptor["schema"]
    return schema


def source(source_id: str) -> dict[str, str]:
    """Return one row of ``sources.csv``; raise `DataError` if the source is not registered."""
    try:
        return _sources()[source_id]
    except KeyError:
        raise unknown("sources.csv", "source", source_id, _sources()) from None


@cache
def _sources() -> dict[str, dict[str, str]]:
    """Return the rows of ``sources.csv`` by source, days as ISO dates; pages ask thousands of times."""
    table = _load("sources", FOLDER)
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
    table, descriptor = _typed(name, folder), resource(name, folder)
    for key in descriptor["schema"].get("foreignKeys", []):
        _check_reference(descriptor["path"], table, key, folder)
    if "sumCheck" in descriptor:
        _check_sum(descriptor["path"], table, descriptor)
    return table


@cache
def _typed(name: str, folder: Path) -> pd.DataFrame:
    """Read one table and check it by itself: tables may refer to each other, and to themselves."""
    schema, descriptor = _schema(name, folder), resource(name, folder)
    path = folder / descriptor["path"]
    lines = _read(path, [field["name"] for field in schema["fields"]])
    columns = {
        field["name"]: _column(path.name, field, [(line, row[i]) for line, row in lines])
        for i, field in enumerate(schema["fields"])
    }
    table = pd.DataFrame(columns, index=pd.Index([line for line, _ in lines], name="line"))
    if key := listed(schema.get("primaryKey")):
        for column in key:
            for line in table.index[table[column].isna()]:
                raise DataError(
                    f"{path.name}: row {line}, column {column}: expected what tells rows apart, found "
                    "an empty cell"
                )
        _check_key(path.name, table, key)
    for field in schema["fields"]:
        if field.get("constraints", {}).get("unique"):
            _check_key(path.name, table.dropna(subset=field["name"]), [field["name"]])
    if (rows := descriptor.get("rows", len(table))) != len(table):
        raise DataError(f"{path.name}: expected {rows} rows, as its descriptor says, found {len(table)}")
    if "order" in descriptor:
        _check_order(path.name, table, descriptor["order"], fields(name, folder))
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
            f"{path.name}: expected UTF-8, "
            f"found byte {error.object[error.start]:#04x} at offset {error.start}"
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
        found = ", ".join(header) or "nothing"
        raise DataError(f"{path.name}: row 1, column {column}: expected this column, found {found}")
    if header != names:
        raise DataError(f"{path.name}: row 1: expected columns {', '.join(names)}, found {', '.join(header)}")
    for line, row in rows[1:]:
        if len(row) != len(names):
            raise DataError(f"{path.name}: row {line}: expected {len(names)} cells, found {len(row)}")
    return rows[1:]


def _column(file: str, field: dict[str, Any], cells: Iterable[tuple[int, str]]) -> Any:
    """Return one typed column (a list-like without index), after checking its cells."""
    read, values = reader(field, file), []
    for line, cell in cells:
        value, wanted = read(cell)
        if wanted:
            found = repr(cell) if cell else "an empty cell"
            raise DataError(f"{file}: row {line}, column {field['name']}: expected {wanted}, found {found}")
        values.append(value)
    dtype = TYPES[field["type"]].dtype
    if dtype == "Int64" and None not in values:
        dtype = "int64"
    return pd.Series(values, dtype=dtype).array


def _check_key(file: str, table: pd.DataFrame, key: list[str]) -> None:
    repeated = table[table.duplicated(key)]
    if not repeated.empty:
        values = ", ".join(str(value) for value in repeated.iloc[0][key])
        raise DataError(
            f"{file}: row {repeated.index[0]}, column {'+'.join(key)}: "
            f"expected a key used once, found {values} again"
        )


def _check_order(file: str, table: pd.DataFrame, order: list[str], fields: dict[str, dict[str, Any]]) -> None:
    """Hold rows to their order: days and numbers rise, listed texts follow their list, others stand together.

    Rows with an empty cell there are passed over.
    """
    filled = table[order].dropna()

    def rank(column: "pd.Series[Any]") -> Any:
        field = fields[str(column.name)]
        if field["type"] != "string":
            return column
        values = field.get("constraints", {}).get("enum") or list(column.unique())
        return column.map(values.index)

    ranks = filled.apply(rank).itertuples(index=False, name=None)
    for number, (before, row) in enumerate(pairwise(ranks), start=1):
        if row < before:
            found = ", ".join(str(value).removesuffix(" 00:00:00") for value in filled.iloc[number])
            raise DataError(
                f"{file}: row {filled.index[number]}, column {'+'.join(order)}: "
                f"expected rows in this order, found {found} after what comes later"
            )


def _check_reference(file: str, table: pd.DataFrame, key: dict[str, Any], folder: Path) -> None:
    """Hold the columns of a foreign key against those of the table, maybe its own, that it refers to."""
    name, columns, others = (
        key["reference"]["resource"],
        listed(key["fields"]),
        listed(key["reference"]["fields"]),
    )
    where = f"datapackage.json: {file}, foreignKeys"
    if name and not has(name, folder):
        raise unknown(where, "table", name, [each["name"] for each in package(folder)["resources"]])
    target = _typed(name or table.attrs["table"], folder)
    check_columns(others, target.columns, f"{where}, {target.attrs['table']}")
    if len(columns) != len(others):
        raise DataError(f"{where}: expected as many columns as {'+'.join(others)}, found {'+'.join(columns)}")
    known = set(target[others].itertuples(index=False, name=None))
    for row in table[columns].dropna().itertuples(name=None):
        if row[1:] not in known:
            found = ", ".join(map(str, row[1:]))
            raise DataError(
                f"{file}: row {row[0]}, column {'+'.join(columns)}: "
                f"expected a key of {target.attrs['table']}, found {found}"
            )


def _check_sum(file: str, table: pd.DataFrame, descriptor: dict[str, Any]) -> None:
    """Hold each published total against its parts, wherever the total and all parts are published."""
    check, key = descriptor["sumCheck"], listed(descriptor["schema"]["primaryKey"])
    over, field, total, parts = (check[name] for name in ("over", "field", "total", "parts"))
    group = [column for column in key if column != over]
    wide = table.reset_index().pivot(index=group, columns=over, values=["line", field])
    values = wide[field].reindex(columns=[total, *parts]).dropna().astype("float64")
    sums = values[parts].sum(axis=1)
    for index in values.index[(values[total] - sums).abs() > check.get("tolerance", 1e-9)]:
        raise DataError(
            f"{file}: row {wide['line'].loc[index, total]:.0f}, column {field}: expected {sums[index]:g}, "
            f"the sum of {', '.join(parts)}, found {values.loc[index, total]:g}"
        )
