"""What a table's descriptor may say: the types and constraints of Frictionless that `load` knows.

A key that nothing would read is refused, so that no part of a contract is passed over in silence.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from helpers.files import BookError


class DataError(BookError):
    """A table or the package breaks its contract; the message is one line that says where and how."""


def unknown(where: str, what: str, name: str, known: Iterable[str]) -> DataError:
    """Return the error that nothing has a name, with the names nearest to it."""
    near = ", ".join(get_close_matches(name, known)) or "none"
    return DataError(f"{where}: no {what} named {name!r}; near it: {near}")


def _finite(cell: str) -> float:
    if math.isinf(value := float(cell)):
        raise ValueError(cell)
    return value


class Type(NamedTuple):
    """A type of Frictionless: how a cell looks, how it is read, what messages call it, its pandas type."""

    form: str
    parse: Callable[[str], Any]
    words: str
    dtype: str

    def read(self, cell: str) -> Any:
        """Return a cell's value; raise `ValueError` if it is not of this type."""
        if not re.fullmatch(self.form, cell):
            raise ValueError(cell)
        return self.parse(cell)


#: Signs that nobody sees: what steers machines, has no width, or turns the direction of what follows.
UNSEEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
#: What is left of a letter that was read in a wrong encoding, and what a spreadsheet writes for an error.
_GARBLED = "\ufffd|Ã[\x80-\xbf]|â€|#(?:REF!|N/A|DIV/0!|VALUE!|NAME\\?|NUM!|NULL!)"

#: By their names in a schema. A whole number has no more digits than a float can hold exactly.
TYPES = {
    "string": Type(
        rf"(?![=+\-@\s])(?s:(?!.*?(?:{UNSEEN}|{_GARBLED})).*)(?<!\s)",
        str,
        "text that no spreadsheet would run as a formula, without blanks at its ends, unseen signs, "
        "and what a wrong encoding or an error leaves",
        "str",
    ),
    "integer": Type(r"-?[0-9]{1,15}", int, "a whole number", "Int64"),
    "year": Type(r"-?[0-9]{1,15}", int, "a year", "Int64"),
    "number": Type(r"-?[0-9]{1,16}(\.[0-9]+)?([eE][-+]?[0-9]+)?", _finite, "a number", "float64"),
    "boolean": Type(r"true|false", "true".__eq__, "true or false", "boolean"),
    "date": Type(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", pd.Timestamp, "a date such as 2024-04-10", "datetime64[s]"),
    "yearmonth": Type(r"[0-9]{4}-[0-9]{2}", pd.Timestamp, "a month such as 2024-04", "datetime64[s]"),
}

_ANY = ("string", "integer", "year", "number", "date", "yearmonth")
_TEXT, _ORDERED = _ANY[:1], _ANY[1:]
#: Constraints that compare a value with a limit: how, how messages put it, and the types that can have them.
_LIMITS: dict[str, tuple[Callable[[Any, Any], Any], str, tuple[str, ...]]] = {
    "enum": (lambda value, limit: value in limit, "one of", _ANY),
    "pattern": (lambda value, limit: limit.fullmatch(value), "the pattern", _TEXT),
    "minLength": (lambda value, limit: len(value) >= limit, "a length of at least", _TEXT),
    "maxLength": (lambda value, limit: len(value) <= limit, "a length of at most", _TEXT),
    "minimum": (operator.ge, "at least", _ORDERED),
    "maximum": (operator.le, "at most", _ORDERED),
    "exclusiveMinimum": (operator.gt, "more than", _ORDERED),
    "exclusiveMaximum": (operator.lt, "less than", _ORDERED),
}

#: Types of which a next value is known, so that a hole shows.
_COUNTED = ("integer", "year", "yearmonth")

_NAMES, _NUMBER = (str, list), (int, float)
#: What messages call them.
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "keys and values",
    _NAMES: "a name or a list of names",
    _NUMBER: "a number",
}
_ABOUT = {"title": str, "description": str, "vintage": str, "terms": str}
#: The keys of each part of a descriptor, and the kinds of their values: those that it must have, may have.
_KEYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "table": (
        {"name": str, "path": str, "schema": dict},
        {
            **_ABOUT,
            "sources": list,
            "rows": int,
            "order": list,
            "unbroken": str,
            "crossed": list,
            "determines": dict,
            "sumCheck": dict,
            "derived": dict,
        },
    ),
    "file": ({"name": str, "path": str}, {**_ABOUT, "format": str, "mediatype": str}),
    "package": ({"name": str, "title": str, "description": str, "licenses": list}, {}),
    "schema": ({"fields": list}, {"primaryKey": _NAMES, "foreignKeys": list, "missingValues": list}),
    "field": (
        {"name": str, "type": str},
        {"title": str, "unit": str, "description": str, "constraints": dict},
    ),
    "constraints": ({}, {"required": bool, "unique": bool} | dict.fromkeys(_LIMITS, object)),
    "foreignKeys": ({"fields": _NAMES, "reference": dict}, {}),
    "reference": ({"resource": str, "fields": _NAMES}, {}),
    "sources": ({"title": str}, {}),
    "derived": ({"file": str, "sha256": str}, {}),
    "sumCheck": ({"field": str, "over": str, "total": str, "parts": list}, {"tolerance": _NUMBER}),
}


def within(where: str, part: str) -> str:
    """Return where a part is: after the file a colon, then commas, as in ``x.json: field a, enum``."""
    return f"{where}{', ' if ': ' in where else ': '}{part}"


def expect(part: Any, kind: str, where: str) -> None:
    """Raise `DataError` if a part of a descriptor lacks a key, or has one that nothing here reads."""
    must, may = _KEYS[kind]
    if not isinstance(part, dict):
        raise DataError(f"{where}: expected keys and values, found {part!r}")
    for key, value in part.items():
        if key not in (known := must | may):
            raise DataError(f"{where}: expected a key among {', '.join(known)}, found {key!r}")
        if not isinstance(value, known[key]):
            raise DataError(f"{within(where, key)}: expected {_KINDS[known[key]]}, found {value!r}")
    for key in must:
        if key not in part:
            raise DataError(f"{where}: expected the key {key!r}, found none")


def check_resource(descriptor: dict[str, Any], where: str) -> None:
    """Judge the descriptor of a table or a file, before any row.

    Parameters
    ----------
    descriptor
        A Frictionless resource; a table is one with a schema.
    where
        What messages begin with, such as ``datapackage.json: visitors.csv``.

    Raises
    ------
    DataError
        If a part has a key that nothing reads, lacks one or has a value of another kind, or if a key or a sum
        is of columns that are not there.
    """
    if "schema" not in descriptor:
        return expect(descriptor, "file", where)
    expect(descriptor, "table", where)
    schema = descriptor["schema"]
    expect(schema, "schema", within(where, "schema"))
    if schema.get("missingValues", [""]) != [""]:
        at, found = within(where, "missingValues"), schema["missingValues"]
        raise DataError(f'{at}: expected [""], the empty cell, found {found!r}')
    named: dict[str, dict[str, Any]] = {}
    for field in schema["fields"]:
        here = within(where, f"field {field.get('name') if isinstance(field, dict) else field}")
        expect(field, "field", here)
        if field["name"] in named:
            raise DataError(f"{here}: expected a name used once, found it again")
        if field["type"] not in TYPES:
            raise DataError(f"{here}: expected a type among {', '.join(TYPES)}, found {field['type']!r}")
        reader(field, here)
        named[field["name"]] = field
    primary = listed(schema.get("primaryKey"))
    check_columns(primary, named, within(where, "primaryKey"))
    for foreign in schema.get("foreignKeys", []):
        expect(foreign, "foreignKeys", within(where, "foreignKeys"))
        expect(foreign["reference"], "reference", within(where, "foreignKeys, reference"))
        check_columns(listed(foreign["fields"]), named, within(where, "foreignKeys"))
    for source in descriptor.get("sources", []):
        expect(source, "sources", within(where, "sources"))
    for source, file in descriptor.get("derived", {}).items():
        expect(file, "derived", within(where, f"derived, {source}"))
    for key in ("order", "crossed"):
        check_columns(descriptor.get(key, []), named, within(where, key))
    for one, others in descriptor.get("determines", {}).items():
        at = within(where, f"determines, {one}")
        if not isinstance(others, list):
            raise DataError(f"{at}: expected {_KINDS[list]}, found {others!r}")
        check_columns([one, *others], named, at)
    if "unbroken" in descriptor:
        _check_unbroken(descriptor["unbroken"], named, primary, within(where, "unbroken"))
    if "sumCheck" in descriptor:
        _check_sum(descriptor["sumCheck"], named, primary, within(where, "sumCheck"))


def _check_unbroken(column: str, fields: dict[str, dict[str, Any]], key: list[str], where: str) -> None:
    check_columns([column], fields, where)
    if column not in key or fields[column]["type"] not in _COUNTED:
        found = f"{column} of type {fields[column]['type']}"
        raise DataError(f"{where}: expected a year, a month or a count in primaryKey, found {found}")


def _check_sum(check: dict[str, Any], fields: dict[str, dict[str, Any]], key: list[str], where: str) -> None:
    expect(check, "sumCheck", where)
    field, over = check["field"], check["over"]
    check_columns([field, over], fields, where)
    if fields[field]["type"] not in ("integer", "number"):
        raise DataError(f"{where}: expected numbers in {field}, found the type {fields[field]['type']}")
    if over not in key or len(key) == 1:
        raise DataError(f"{where}: expected {over} and others in primaryKey, found {'+'.join(key) or 'none'}")
    values = fields[over].get("constraints", {}).get("enum", [])
    for name in [check["total"], *check["parts"]]:
        if name not in values:  # a part that no row has would switch the check off
            raise unknown(where, f"{over} in its enum", str(name), map(str, values))


def check_columns(names: Iterable[Any], known: Iterable[str], where: str) -> None:
    """Raise `DataError` if a name is not that of a known column."""
    columns = list(known)
    for name in names:
        if name not in columns:
            raise unknown(where, "column", str(name), columns)


def reader(field: dict[str, Any], where: str) -> Callable[[str], tuple[Any, str | None]]:
    """Return what reads a field's cells: the value and, where the field says otherwise, what was expected.

    Raises
    ------
    DataError
        If a constraint is unknown, or is none for the field's type.
    """
    kind, constraints = TYPES[field["type"]], field.get("constraints", {})
    expect(constraints, "constraints", within(where, "constraints"))
    empty = "a value" if constraints.get("required") else None
    limits = [
        (_LIMITS[key][0], *_limit(key, given, field["type"], within(where, key)))
        for key, given in constraints.items()
        if key in _LIMITS
    ]

    @cache  # each text is read and judged once
    def read(cell: str) -> tuple[Any, str | None]:
        if cell == "":
            return None, empty
        try:
            value = kind.read(cell)
        except ValueError:
            return None, kind.words
        return value, next((words for holds, limit, words in limits if not holds(value, limit)), None)

    return read


def _limit(key: str, given: Any, name: str, where: str) -> tuple[Any, str]:
    """Return what values are compared with, and that in words; in a descriptor dates stand as texts."""
    (_, words, names), kind = _LIMITS[key], TYPES[name]
    if name not in names:
        raise DataError(f"{where}: expected none for a field of type {name}, found {given!r}")
    try:
        if key == "enum":
            return [kind.read(str(each)) for each in given], f"{words} {', '.join(map(str, given))}"
        if key == "pattern":
            return re.compile(given), f"{words} {given}"
        read = operator.index if key.endswith("Length") else lambda limit: kind.read(str(limit))
        return read(given), f"{words} {given}"
    except (TypeError, ValueError, re.error) as error:
        raise DataError(f"{where}: expected what fits {kind.words}, found {given!r}") from error


def listed(key: str | list[str] | None) -> list[str]:
    """Return the columns of a key, which Frictionless writes as a list or, if it is one, by its name."""
    return [key] if isinstance(key, str) else list(key or [])
