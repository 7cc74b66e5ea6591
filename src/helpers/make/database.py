"""The data package in two forms to take away: a zip, and one SQLite file for questions that join tables."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.make.editions import pack
from helpers.settings import settings

#: SQLite's types for those of a descriptor; all others are text. A cell of text becomes the number it is.
_TYPES = {"integer": "INTEGER", "year": "INTEGER", "number": "REAL"}
_BOOLEANS = {"true": "1", "false": "0"}


def package(target: Path, data: Path) -> None:
    """Write a data package as a zip with one folder; its bytes depend on the data and the edition's day."""
    description = data / "datapackage.json"
    names = [description.name, *(each["path"] for each in _resources(data))]
    book = settings().book
    about = (
        f"{book.title}, version {book.version}: the data. {description.name} says what everything means.\n"
    )
    parts = [("README.txt", about.encode()), *((name, (data / name).read_bytes()) for name in names)]
    pack(target, [(f"{book.slug}-data/{name}", content) for name, content in parts])


def sqlite(target: Path, data: Path) -> None:
    """Write every table of a data package into a new SQLite file, with keys, and what each field means.

    Two more tables describe them: ``_tables`` (table, title, description, vintage, terms) and ``_fields``
    (table, field, type, unit, description).
    """
    with sqlite3.connect(target) as database:
        database.execute('CREATE TABLE _tables ("table", title, description, vintage, terms)')
        database.execute('CREATE TABLE _fields ("table", field, type, unit, description)')
        for resource in _resources(data):
            if "schema" in resource:
                _table(database, resource, data)
    database.close()


def _resources(data: Path) -> list[dict[str, Any]]:
    read = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = read["resources"]
    return listed


def _table(database: sqlite3.Connection, resource: dict[str, Any], data: Path) -> None:
    name, schema = resource["name"], resource["schema"]
    fields = schema["fields"]
    columns = [f"{_quoted(field['name'])} {_TYPES.get(field['type'], 'TEXT')}" for field in fields]
    columns += [f"PRIMARY KEY ({_listed(schema['primaryKey'])})"] if schema.get("primaryKey") else []
    for key in schema.get("foreignKeys", []):
        to = f"{_quoted(key['reference']['resource'])} ({_listed(key['reference']['fields'])})"
        columns.append(f"FOREIGN KEY ({_listed(key['fields'])}) REFERENCES {to}")
    database.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(columns)})")
    places = ", ".join("?" * len(fields))
    database.executemany(
        f"INSERT INTO {_quoted(name)} VALUES ({places})",  # noqa: S608 - a name of ours, quoted
        _rows(data / resource["path"], [field["type"] for field in fields]),
    )
    said = [resource.get(key, "") for key in ("title", "description", "vintage", "terms")]
    database.execute("INSERT INTO _tables VALUES (?, ?, ?, ?, ?)", [name, *said])
    database.executemany(
        "INSERT INTO _fields VALUES (?, ?, ?, ?, ?)",
        [
            [name, each["name"], each["type"], each.get("unit", ""), each.get("description", "")]
            for each in fields
        ],
    )


def _rows(path: Path, types: list[str]) -> Iterator[list[str | None]]:
    """Yield the rows of a table, what is missing as none."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            yield [
                (_BOOLEANS[cell] if kind == "boolean" else cell) if cell else None
                for cell, kind in zip(row, types, strict=True)
            ]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: str | list[str]) -> str:
    return ", ".join(map(_quoted, [names] if isinstance(names, str) else names))
