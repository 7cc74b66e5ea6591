"""Holds a chart against its data before it is drawn, and the drawing against what a reader must see.

Vega-Lite takes a column that is not there for one without values and draws nothing, or "undefined", without
a word. So every column that a chart names must be one that its data have where it is named, after the
transforms up to there; and each mark must draw something, each label say something, and each text be whole.
"""

import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any

import altair
import numpy as np
import pandas as pd

from helpers.chapter import theme, vegalite
from helpers.chapter.numbers import SCALES

Spec = dict[str, Any]
#: Columns as the ways to them, ``("km",)`` or ``("properties", "km")``; None where nobody knows them.
Columns = frozenset[tuple[str, ...]] | None

#: Marks that a page draws at once and a reader can still tell apart.
MOST_MARKS = 5000
#: What stands in for more than one part of a way: a transform may make more than a plain value.
_ANY = "*"
#: The keys with which a transform names the columns that it reads.
_READS = (
    "field", "groupby", "fold", "flatten", "pivot", "stack", "impute", "key", "regression", "on", "loess",
    "density", "quantile", "lookup",
)  # fmt: skip
#: Transforms after which only their groups and their results are left, and those results without a name.
_SUMMARIES = {
    "aggregate": (), "pivot": (), "regression": (), "loess": (), "density": ("value", "density"),
    "quantile": ("prob", "value"),
}  # fmt: skip
#: Parts of a channel that speak of the axis or the key, not of rows.
_NO_ROWS = ("axis", "legend", "header", "scale", "title", "format")
_DATUM = re.compile(r"\bdatum((?:\.[A-Za-z_$][\w$]*|\[(?:'[^']*'|\"[^\"]*\")\])+)")
_STEP = re.compile(r"\.([A-Za-z_$][\w$]*)|\['([^']*)'\]|\[\"([^\"]*)\"\]")
#: What Vega writes for a value that is none.
_NOTHING = re.compile(r"undefined|NaN|Infinity|\bInvalid\b|\bnull\b")
_SVG = "{http://www.w3.org/2000/svg}"


def check_finite(name: str, frames: Iterable[Any]) -> None:
    """Raise `ValueError`, which names the column, if data to be drawn have an infinite value.

    A drawing has no place for one, and Altair takes it for a missing value.
    """
    for frame in frames:
        if isinstance(frame, pd.DataFrame):
            numbers = frame.select_dtypes("number").astype("float64")
            for column in numbers.columns[np.isinf(numbers.to_numpy(na_value=math.nan)).any(axis=0)]:
                raise ValueError(f"{name}: expected finite values in {column!r}, found an infinite one")


def as_spec(name: str, chart: Any) -> Spec:
    """Return a chart's specification; raise `ValueError` if its data have more rows than a page can hold."""
    try:
        return vegalite.canonical(chart.to_dict())
    except altair.MaxRowsError as error:
        raise ValueError(
            f"{name}: expected at most {MOST_MARKS:,} rows, found more; draw sums or a selection of them"
        ) from error


def check_room(name: str, spec: Spec) -> None:
    """Raise `ValueError` if a chart may cut off a text: Vega makes room for all of it unless told not to."""
    for part in vegalite.parts({key: each for key, each in spec.items() if key != "datasets"}):
        mark = part.get("mark")
        if "autosize" in part:
            raise ValueError(f"{name}: expected no autosize, found one; a picture has room for all its texts")
        if isinstance(mark, dict) and mark.get("type") == "text" and mark.get("clip"):
            raise ValueError(f"{name}: expected texts that nothing clips, found a text mark with clip=True")


def check_columns(name: str, spec: Spec) -> None:
    """Raise `ValueError` if a chart names a column that its data do not have where it is named.

    That holds for each channel, tooltip, sort, condition and selection, and for what transforms read.

    Examples
    --------
    >>> rows = {"data": {"values": [{"year": 2024, "percent": 1.6}]}, "mark": "bar"}
    >>> check_columns("fig-x", rows | {"encoding": {"y": {"field": "percentage"}}})
    Traceback (most recent call last):
    ValueError: fig-x: expected a column in y, found 'percentage', which no row has; near it: percent
    """
    faults = dict.fromkeys(_faults(spec, frozenset(), {}, spec.get("datasets", {}), []))
    if faults:
        raise ValueError("; ".join(f"{name}: {fault}" for fault in faults))


def check_unit(name: str, spec: Spec, unit: str | None, fields: Mapping[str, Spec], said: str) -> None:
    """Raise `ValueError` if a figure's unit has no word of what its tables say of the columns drawn.

    What a cell has counted or worked out no table knows: then the unit is one of which the figure speaks.

    Parameters
    ----------
    name, spec, unit
        The figure's.
    fields
        The descriptors of the tables' fields.
    said
        The figure's title, caption and alt text, and the names of its tables.
    """
    channels = [part["encoding"] for part in vegalite.parts(spec) if isinstance(part.get("encoding"), dict)]
    drawn = {
        coded["field"]
        for encoding in channels
        for channel in ("x", "y", "color", "size")
        if (coded := encoding.get(channel, {})).get("type") == "quantitative"
        and isinstance(coded.get("field"), str)
    }
    known = [fields[column] for column in sorted(drawn & fields.keys()) if fields[column].get("unit")]
    words = set[str]().union(*(_words(f"{each['unit']} {each['title']} {each['name']}") for each in known))
    if unit and known and not _words(unit) & words:
        units = "; ".join(f"{each['unit']!r} of {each['name']}" for each in known)
        raise ValueError(f"{name}: expected a unit in the words of the data, {units}; found {unit!r}")
    plain = " ".join(_strings({key: part for key, part in spec.items() if key != "datasets"}))
    if unit and not known and not _words(unit) & _words(f"{said} {plain}".replace("_", " ")):
        raise ValueError(f"{name}: expected a unit of which the figure speaks, found {unit!r}")


def _words(text: str) -> set[str]:
    """Return what a text speaks of: its words but for those of scale, relation and time, one form each."""
    counted = re.sub(r"\b(?:a|per|each|in the) (?:fiscal )?(?:year|month|week|day)\b", "", text.lower())
    words = {word.rstrip("s") for word in re.findall(r"[^\W\d_]+|[°²]", counted)}
    return words - {"a", "the", "of", "in", "per", "or", "and", *SCALES}


def _faults(view: Spec, columns: Columns, shared: Spec, datasets: Spec, repeated: list[str]) -> Iterator[str]:
    """Yield what is wrong in a view and the views in it, which share its data and channels."""
    if view.get("data"):
        columns = _columns(view["data"], datasets)
        if "url" in view["data"]:
            yield f"expected rows in the chart, found {view['data']['url']}, which no page fetches"
    for step in view.get("transform", []):
        yield from _missing("a transform", _read(step), columns)
        if isinstance(other := step.get("from"), dict) and "data" in other:
            there = {"key": other["key"], "groupby": other.get("fields", [])}
            yield from _missing("a lookup", _read(there), _columns(other["data"], datasets))
        columns = _after(step, columns, view, datasets)
    repeat = view.get("repeat", [])
    repeated = [*repeated, *(repeat if isinstance(repeat, list) else chain(*repeat.values()))]
    yield from _missing("a facet", _named(view.get("facet", {}), repeated), columns)
    shared = {**shared, **view.get("encoding", {})}
    inside = [*view.get("layer", []), *view.get("vconcat", []), *([view["spec"]] if "spec" in view else [])]
    for part in inside:
        yield from _faults(part, columns, shared, datasets, repeated)
    if "mark" in view:
        for channel, coded in shared.items():
            yield from _missing(channel, _named(coded, repeated), columns)
        for choice in view.get("params", []):
            select = choice.get("select", {})
            fields = select.get("fields", []) if isinstance(select, dict) else []
            yield from _missing("a selection", map(way, fields), columns)


def _missing(where: str, ways: Iterable[tuple[str, ...]], columns: Columns) -> Iterator[str]:
    for each in ways:
        if columns is not None and each not in columns and (each[0], _ANY) not in columns:
            tops = {column[0] for column in columns}
            near = get_close_matches(each[0], tops) or sorted(tops)[:5]
            whole = ".".join(each)
            plain = [re.sub(r"\W", "", name) for name in (whole, *tops)]
            dotted = len(each) > 1 and plain[0] in plain[1:]
            remedy = (
                "name it without dots and brackets" if dotted else f"near it: {', '.join(near) or 'none'}"
            )
            yield f"expected a column in {where}, found {whole!r}, which no row has; {remedy}"


def way(field: str) -> tuple[str, ...]:
    r"""Return the way to a value that a field of Vega-Lite means: a dot or bracket leads into a value.

    Examples
    --------
    >>> way("km"), way("properties.km"), way(r"a\.b"), way("x [km]")
    (('km',), ('properties', 'km'), ('a.b',), ('x ', 'km'))
    """
    parts = re.findall(r"(?:\\.|[^\\.\[\]])+", field)
    return tuple(re.sub(r"\\(.)", r"\1", part).strip("'\"") for part in parts) or (field,)


def _columns(data: Spec, datasets: Spec) -> Columns:
    """Return the columns of a view's data."""
    rows = datasets.get(data.get("name", ""), data.get("values"))
    if "sequence" in data:
        return frozenset({(data["sequence"].get("as", "data"),)})
    if not isinstance(rows, list):
        return None  # outlines of a map, say
    found: set[tuple[str, ...]] = set()
    for row in rows:
        for column, value in row.items() if isinstance(row, dict) else [("data", row)]:
            found.add((column,))
            found |= {(column, str(key)) for key in value} if isinstance(value, dict) else set()
            found |= {(column, _ANY)} if isinstance(value, list) else set()
    return frozenset(found)


def _after(step: Spec, columns: Columns, view: Spec, datasets: Spec) -> Columns:
    """Return the columns that there are after a transform."""
    kind = next((kind for kind in _SUMMARIES if kind in step), None)
    made = _listed(step.get("as"))
    if isinstance(step.get("as"), str) and {"stack", "bin"} & step.keys():
        made.append(f"{step['as']}_end")
    if "fold" in step:
        made = made or ["key", "value"]
    if "flatten" in step:
        made = made or _listed(step["flatten"])
    for key in ("aggregate", "joinaggregate", "window"):
        made += [each["as"] for each in step.get(key, []) if isinstance(each, dict)]
    if "from" in step:
        made = made or _listed(step["from"].get("fields"))
    if kind is None:
        return None if columns is None else columns | {(name, _ANY) for name in made} | {(n,) for n in made}
    if kind == "pivot":
        rows = datasets.get(view.get("data", {}).get("name"), [])
        if not rows or any(step["pivot"] not in row for row in rows):
            return None  # its columns are values that another transform has made
        made += [str(row[step["pivot"]]) for row in rows]
    if kind in ("regression", "loess"):
        made = made or [step["on"], step[kind]]
    made = [*(made or _SUMMARIES[kind]), *_listed(step.get("groupby"))]
    return frozenset({(name,) for name in made} | {(name, _ANY) for name in made})


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names or [])


def _read(step: Any, kind: str = "") -> Iterator[tuple[str, ...]]:
    """Yield the ways to the columns that a transform reads."""
    if isinstance(step, str):
        yield from _in_expression(step)
        return
    names = (*_READS, "value") if "pivot" in step else _READS
    for key, value in step.items():
        if key in names:
            yield from (way(name) for name in _listed(value) if isinstance(name, str) and name)
        if key in ("calculate", "filter", "test", "expr") and isinstance(value, str):
            yield from _in_expression(value)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict) and key != "from":
                yield from _read(part)
            elif isinstance(part, str) and key in ("and", "or", "not"):
                yield from _in_expression(part)


def _named(coded: Any, repeated: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to the columns that a channel names, in its conditions and its order too."""
    if isinstance(coded, list):
        for each in coded:
            yield from _named(each, repeated)
    elif isinstance(coded, dict):
        for key, value in coded.items():
            if key == "field":
                yield from (way(name) for name in (repeated if isinstance(value, dict) else _listed(value)))
            elif key in ("test", "expr") and isinstance(value, str):
                yield from _in_expression(value)
            elif key not in _NO_ROWS:
                yield from _named(value, repeated)


def _in_expression(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways that begin at ``datum`` in an expression of Vega; a text's own length is none."""
    for found in _DATUM.finditer(text):
        parts = tuple("".join(step) for step in _STEP.findall(found[1]))
        yield parts[:-1] if len(parts) > 1 and parts[-1] == "length" else parts


def check_drawn(name: str, spec: Spec, drawing: str, variant: str) -> None:
    """Raise `ValueError` if a drawing lacks what a reader must see.

    Parameters
    ----------
    name
        The figure's name, with which messages begin.
    spec
        What was drawn.
    drawing
        The drawing as SVG.
    variant
        For which width it was made, a key of ``theme.WIDTHS``.
    """
    root, width = ET.fromstring(drawing), vegalite.drawn_width(drawing)  # noqa: S314 - our own drawing
    drawn = _drawn(root)
    if not drawn.total():
        raise ValueError(f"{name}: expected marks, found a drawing without any; do its data have rows?")
    if empty := [mark for mark, count in drawn.items() if not count and not _chosen(spec)]:
        raise ValueError(
            f"{name}: expected something in each layer, found none in {empty[0]}; has its filter left rows?"
        )
    if drawn.total() > MOST_MARKS:
        raise ValueError(
            f"{name}: expected at most {MOST_MARKS:,} marks, found {drawn.total():,}; "
            "draw sums, means or a selection of them"
        )
    if remote := re.search(r'<image[^>]*href="(https?:[^"]*)', drawing):
        raise ValueError(f"{name}: expected pictures of its own, found {remote[1]}, which no page fetches")
    own = " ".join(text for text in _strings(spec) if "datum" not in text)
    for text in ("".join(each.itertext()) for each in root.iter(f"{_SVG}text")):
        if (nothing := _NOTHING.search(text)) and nothing[0] not in own:
            raise ValueError(f"{name}: expected labels of values, found {text!r}; is a value missing?")
        if text.endswith("…") and text not in own:
            raise ValueError(f"{name}: expected labels in full, found {text!r}; shorten it, or set its limit")
    if re.search(r"NaN|Infinity|undefined", re.sub(r">[^<]*<| aria-\w+=\"[^\"]*\"", "", drawing)):
        raise ValueError(f"{name}: expected places for all marks, found none for some; is a value missing?")
    if width > theme.WIDTHS[variant] * 1.05:
        raise ValueError(
            f"{name}: expected a picture of {theme.WIDTHS[variant]} pixels on a {variant} page, found "
            f"{width:.0f}; shorten its labels, or break them into lines"
        )


def _drawn(root: ET.Element) -> Counter[str]:
    """Return by the names of the chart's marks how many each has; of a choice's own marks none."""
    drawn: Counter[str] = Counter()
    for group in root.iter(f"{_SVG}g"):
        names = group.get("class", "").split()
        if "role-mark" in names and "mark-group" not in names and not re.search(r"_brush(_bg)?$", names[-1]):
            drawn[names[-1]] += sum(part.tag != f"{_SVG}path" or bool(part.get("d")) for part in group)
    return drawn


def _chosen(spec: Any) -> bool:
    """Whether a filter asks what a reader has chosen: nothing, at first."""
    return bool(re.search(r"'filter': (?:\{'param'|\{'(?:and|or|not)': [^}]*'param')", str(spec)))


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, (dict, list)):
        yield from part if isinstance(part, dict) else ()
        for each in part.values() if isinstance(part, dict) else part:
            yield from _strings(each)
