"""A table that passes, from a CSV that a person gives, with what is left to write named."""

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

from helpers.chapter import package
from helpers.files import BookError
from helpers.new import given
from helpers.new.put import put


def begin(file: Path, folder: Path) -> list[str]:
    """Take a CSV into the data package, with a descriptor begun beside it; return what is left to do.

    A column whose name ``fields.json`` has means what it means there. For the others the type is worked out
    from the cells; the leading columns that tell rows apart become the primary key.

    Parameters
    ----------
    file
        A CSV in UTF-8 whose first row names the columns; the table is called like the file.
    folder
        The folder of the data package.

    Raises
    ------
    BookError
        If the file has faults: a line each, with row and column. Nothing is written then.
    """
    name, target = file.stem, folder / f"{file.stem}.csv"
    described = target.with_suffix(".json")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BookError(f"{file}: expected a name such as port_calls.csv, since the table is called like it")
    if described.exists() or (target.exists() and not target.samefile(file)):
        raise BookError(f"{file}: expected a name that no table has, found the table {name}")
    header, rows = given.read(file)
    shared = package.read(folder / "fields.json")
    faults = list(given.misshapen(header, rows, shared))
    columns: dict[str, given.Cells] = {}
    fields: dict[str, dict[str, Any]] = {}
    for i, column in enumerate([] if faults else header):
        cells = columns[column] = [(line, row[i]) for line, row in rows]
        fields[column] = {"name": column, **shared.get(column, {"type": given.meant(column, cells)})}
        faults += given.wrong(fields[column], cells, folder)
    faults = faults or list(given.repeated(rows))
    key = [] if faults else given.key(header, rows)
    if faults := faults or list(given.nameless(key, header, rows)):
        raise BookError("\n".join(f"{file}: {fault}" for fault in faults))
    reach = _reach(fields, columns)
    descriptor = {
        "title": _title(name),
        "description": f"{package.MARK}Say what one row is, and what the figures leave out.",
        "vintage": reach,
        "terms": f"{package.MARK}Say whose figures these are, and on what terms others may use them.",
        "schema": {
            "fields": [each if each in shared else _begun(fields[each], columns[each]) for each in header],
            "primaryKey": key,
        },
    }
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *(row for _, row in rows)])
    put({target: text.getvalue(), described: f"{package.written(descriptor)}\n"}, folder)
    return [
        f"{target}: {len(rows)} rows, {len(header)} columns",
        f"{described}: vintage: {reach}: is this the day to which the data reach?",
        f"{described}: schema.primaryKey: {', '.join(key)}: is this what tells rows apart?",
        *(line for line in package.unfinished(folder) if line.startswith(f"{folder.name}/{described.name}:")),
    ]


def _reach(fields: dict[str, dict[str, Any]], columns: dict[str, given.Cells]) -> str:
    """Return the last day, month or year that the cells have, else today."""
    times = [name for name, field in fields.items() if field["type"] in ("date", "yearmonth", "year")]
    return max((cell for name in times for _, cell in columns[name]), default="") or date.today().isoformat()


def _begun(field: dict[str, Any], cells: given.Cells) -> dict[str, Any]:
    """Return the descriptor of a field, with its texts still to be written."""
    begun = {"name": field["name"], "title": _title(field["name"]), "type": field["type"]}
    if field["type"] in ("integer", "number"):
        begun["unit"] = f"{package.MARK}Say in what unit, or take this line away."
    begun["description"] = f"{package.MARK}Say what it means."
    return begun | ({"constraints": {"required": True}} if all(cell for _, cell in cells) else {})


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
