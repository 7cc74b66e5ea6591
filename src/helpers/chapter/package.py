"""``data/datapackage.json`` from one descriptor a table: ``visitors.json`` beside ``visitors.csv``.

A descriptor is a Frictionless resource without name and path, which its file gives. ``package.json`` says
what holds of the whole package, ``fields.json`` what a field means that many tables have. A descriptor names
such a field, ``"source_id"``, or gives it with the keys that differ there, as in
``{"name": "note", "description": "…"}``; null takes a key away. A field that ``references`` a table holds
values of that table's primary key.

Chapters read what is made here and not this module.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.chapter.schema import DataError, check_resource, expect, listed, unknown
from helpers.files import write_whole
from helpers.settings import settings

#: Begins a text that is still to be written.
MARK = "TODO: "
#: The fewest characters in which a table can say what one row is.
LEAST = 40
_OWN = ("datapackage.json", "package.json", "fields.json")
_WIDTH = 110


def make(folder: Path) -> Path:
    """Write ``datapackage.json``, if it is not what the descriptors say, and return its path.

    A folder without ``package.json`` keeps the ``datapackage.json`` that it has.

    Raises
    ------
    DataError
        If a descriptor has a fault; the message names its file and key, and of what is lacking all at once.
    """
    path = folder / "datapackage.json"
    if (folder / "package.json").is_file():
        write_whole(path, f"{written(gathered(folder))}\n".encode())
    return path


def gathered(folder: Path) -> dict[str, Any]:
    """Return the data package that the descriptors of a folder say; raise `DataError` if one has a fault."""
    about, shared = read(folder / "package.json"), read(folder / "fields.json")
    expect(about, "package", f"{folder.name}/package.json")
    _check_shared(shared, f"{folder.name}/fields.json")
    given = {path.stem: read(path) for path in descriptors(folder)}
    for path in sorted(folder.glob("*.csv")):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            raise DataError(
                f"{folder.name}/{path.name}: expected a name such as port_calls.csv, since tables are "
                "called so; rename it, or take it out of the folder"
            )
        if path.stem not in given:
            raise DataError(
                f"{folder.name}/{path.name}: expected a descriptor, {path.stem}.json, beside it, found none; "
                f"`python -m helpers new table {folder.name}/{path.name}` begins one"
            )
    if lacking := [
        f"{folder.name}/{name}.json: {key}" for name in given for key in _lacking(given[name], shared)
    ]:
        raise DataError("\n".join(lacking))
    tables = {name: _whole(name, each, shared, folder) for name, each in given.items()}
    for name, table in tables.items():
        where = f"{folder.name}/{name}.json"
        _refer(table.get("schema", {"fields": []}), tables, where)
        check_resource(table, where)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        **about,
        "version": settings().book.version,
        "resources": list(tables.values()),
    }


def descriptors(folder: Path) -> list[Path]:
    """Return the descriptors of a folder; a file with two endings (``….topo.json``) is none, but data."""
    return sorted(path for path in folder.glob("*.json") if path.name not in _OWN and "." not in path.stem)


def unfinished(folder: Path) -> Iterator[str]:
    """Yield a line for each text of a descriptor that is still to be written."""
    for path in descriptors(folder):
        for at, text in _texts(read(path)):
            if text.startswith(MARK):
                yield f"{folder.name}/{path.name}: {at}: still to be written: {text.removeprefix(MARK)}"


def written(value: Any, indent: str = "", used: int = 0) -> str:
    """Return JSON of which each part that fits stands on one line.

    Parameters
    ----------
    value
        What to write.
    indent
        White space before the line that the value begins on.
    used
        Characters of that line that are taken.
    """
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, (dict, list)) or len(indent) + used + len(line) < _WIDTH:
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        parts, brackets = [written(each, inner) for each in value], "[]"
    else:
        keys = {key: f"{json.dumps(key, ensure_ascii=False)}: " for key in value}
        parts, brackets = (
            [keys[key] + written(each, inner, len(keys[key])) for key, each in value.items()],
            "{}",
        )
    return f",\n{inner}".join(parts).join((f"{brackets[0]}\n{inner}", f"\n{indent}{brackets[1]}"))


def read(path: Path) -> dict[str, Any]:
    """Return the keys and values of a JSON file, each key once; raise `DataError` if it has no such."""
    where = f"{path.parent.name}/{path.name}"

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            raise DataError(f"{where}: expected each key once, found {max(names, key=names.count)!r} again")
        return found

    try:
        content = json.loads(path.read_bytes().decode("utf-8"), object_pairs_hook=once)
    except OSError as error:
        raise DataError(f"{where}: expected a readable file, found {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: expected JSON, found {error}") from error
    if not isinstance(content, dict):
        raise DataError(f"{where}: expected keys and values, found {type(content).__name__}")
    return content


def _check_shared(shared: dict[str, Any], where: str) -> None:
    fields = []
    for name, field in shared.items():
        if not isinstance(field, dict):
            raise DataError(f"{where}: {name}: expected keys and values, found {field!r}")
        fields.append({"name": name} | {key: each for key, each in field.items() if key != "references"})
    check_resource({"name": "fields", "path": "fields.json", "schema": {"fields": fields}}, where)


def _lacking(given: dict[str, Any], shared: dict[str, Any]) -> Iterator[str]:
    """Yield each key that a descriptor or one of its fields lacks; readers are shown all of them."""
    for key in ("title", "description", "vintage", "terms"):
        if not given.get(key):
            yield f"{key}: expected a text, found {given.get(key)!r}"
    said = given.get("description")
    if isinstance(said, str) and 0 < len(said) < LEAST and not said.startswith(MARK):
        yield f"description: expected at least {LEAST} characters that say what one row is, found {said!r}"
    schema = given.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            field = {**shared.get(each["name"], {}), **each}
            for key in ("type", "title", "description"):
                if not field.get(key):
                    yield f"field {each['name']}: {key}: expected a text, found {field.get(key)!r}"


def _whole(name: str, given: dict[str, Any], shared: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a resource with its name and path and all keys of its fields, after judging its texts."""
    where = f"{folder.name}/{name}.json"
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", str(given["vintage"])):
        raise DataError(
            f"{where}: vintage: expected a day, month or year in ISO form, found {given['vintage']!r}"
        )
    if given.get("name", name) != name:
        raise DataError(f"{where}: name: expected {name!r}, the file's own, found {given['name']!r}")
    resource: dict[str, Any] = {"name": name, "path": f"{name}.csv", **given}
    if not isinstance(resource["path"], str) or not (folder / resource["path"]).is_file():
        raise DataError(f"{where}: path: expected a file {folder.name}/{resource['path']}, found none")
    if "schema" in given:
        schema = given["schema"]
        expect(schema, "schema", f"{where}: schema")
        if not (columns := listed(schema.get("primaryKey"))):
            raise DataError(f"{where}: primaryKey: expected the columns that tell rows apart, found none")
        fields = [_field(each, shared, where) for each in schema["fields"]]
        resource["schema"] = {**schema, "fields": fields, "primaryKey": columns}
    return resource


def _field(given: Any, shared: dict[str, Any], where: str) -> Any:
    """Return a field with the keys that it shares."""
    if isinstance(given, str):
        if given not in shared:
            raise unknown(f"{where}: schema.fields", "field of fields.json", given, shared)
        given = {"name": given}
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        return given
    field = {"name": given["name"], **shared.get(given["name"], {}), **given}
    return {key: value for key, value in field.items() if value is not None}


def _refer(schema: dict[str, Any], tables: dict[str, Any], where: str) -> None:
    """Turn what fields reference into foreign keys, as Frictionless has them."""
    for field in schema["fields"]:
        if isinstance(field, dict) and (name := field.pop("references", None)):
            at = f"{where}: schema.fields.{field.get('name')}.references"
            if name not in tables:
                raise unknown(at, "table", str(name), tables)
            key = listed(tables[name].get("schema", {}).get("primaryKey"))
            if len(key) != 1:
                raise DataError(f"{at}: expected a table whose primaryKey is one column, found {name}")
            reference = {"resource": name, "fields": key}
            schema.setdefault("foreignKeys", []).append({"fields": [field["name"]], "reference": reference})


def _texts(part: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts of a descriptor with where they stand, such as ``schema.fields.port.description``."""
    if isinstance(part, str):
        yield at, part
    elif isinstance(part, dict):
        for key, each in part.items():
            yield from _texts(each, f"{at}.{key}" if at else key)
    elif isinstance(part, list):
        for number, each in enumerate(part):
            name = each.get("name") if isinstance(each, dict) else None
            yield from _texts(each, f"{at}.{name or number}")
