"""What a mark says when it is pointed at: a row in the words of its tables' schemas, not in column names.

The chart hands on values as they are, each under the title of its field; the page script writes them, as the
``forms`` say that come with the chart. What is empty is left out there.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from helpers.chapter import vegalite
from helpers.chapter.vegalite import Spec

#: How a value is written: as a day, a month, a year, a word, or with so many decimals.
Form = str | int

#: Formats that authors give, by the form that they mean.
_FORMATS = {"%-d %B %Y": "day", "%d %B %Y": "day", "%B %Y": "month", "%Y": "year", "d": "year"}
#: Types of the schemas that have a form of their own.
_TYPES = {"date": "day", "yearmonth": "month", "year": "year"}


def spoken(spec: Spec, fields: dict[str, dict[str, Any]]) -> tuple[Spec, dict[str, Form]]:
    """Return a chart whose notes have titles, and the form of each title's values.

    Parameters
    ----------
    spec
        A Vega-Lite specification.
    fields
        The descriptors of the columns that its tables have, by name.
    """
    spec, forms = copy.deepcopy(spec), {}
    for encoding in _encodings(vegalite.without_rows(spec)):
        given = encoding["tooltip"]
        if isinstance(given, dict) and "field" not in given and "aggregate" not in given:
            continue  # an expression or a text of the author's own
        told: dict[str, Spec] = {}
        for each in given if isinstance(given, list) else [given] if isinstance(given, dict) else []:
            field = fields.get(each.get("field", ""), {})
            title = _title(each, field)
            if title in told:
                title = plain(each["field"])
            form = _form(each, field)
            told[title] = _handed_on(each, title, form)
            if form is not None:
                forms[title] = form
        if told:
            encoding["tooltip"] = list(told.values())
    return spec, forms


def _encodings(part: Any) -> Iterator[Spec]:
    """Yield the encodings that have a note."""
    if isinstance(part, dict):
        if "tooltip" in part.get("encoding", {}):
            yield part["encoding"]
        part = list(part.values())
    for each in part if isinstance(part, list) else []:
        yield from _encodings(each)


def heading(field: dict[str, Any]) -> str:
    """Return the title of a column with its unit, unless the title says it.

    Examples
    --------
    >>> heading({"title": "Distance", "unit": "km"}), heading({"title": "Ships", "unit": "ships"})
    ('Distance (km)', 'Ships')
    """
    title, unit = str(field["title"]), field.get("unit")
    return f"{title} ({unit})" if unit and unit.lower() not in title.lower() else title


def plain(name: str) -> str:
    """Return in words the name of a column that no schema knows."""
    return name.replace("_", " ").capitalize()


def _title(given: Spec, field: dict[str, Any]) -> str:
    if "title" in given:
        return str(given["title"])
    return heading(field) if field else plain(given.get("field", "number"))


def _form(given: Spec, field: dict[str, Any]) -> Form | None:
    if "format" in given:
        decimals = re.fullmatch(r",?\.(\d)f", given["format"])
        return int(decimals[1]) if decimals else _FORMATS.get(given["format"])
    if field.get("type") in _TYPES:
        return _TYPES[field["type"]]
    if given.get("type") == "temporal":
        return "day"
    if given.get("field", "").endswith("year"):
        return "year"
    return "word" if "enum" in field.get("constraints", {}) else None


def _handed_on(given: Spec, title: str, form: Form | None) -> Spec:
    """Return the definition that hands a value on; what the chart works out itself, it also formats."""
    if given.get("timeUnit"):
        return {"format": "%B %Y" if "month" in given["timeUnit"] else "%Y", **given, "title": title}
    if given.get("aggregate"):
        return {"format": ",", **given, "title": title}
    if "format" in given and form is None:
        return {**given, "title": title}
    kept = {key: value for key, value in given.items() if key not in ("format", "formatType")}
    return {**kept, "type": "nominal", "title": title}
