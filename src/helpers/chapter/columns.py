"""Holds the columns that a chart names against those that its data have.

Vega-Lite takes a column that is not there for one without values and draws nothing, or "undefined", without
a word. So every column that a chart names must be one that its data have where it is named, after the
transforms up to there.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain
from typing import Any

from helpers.chapter.vegalite import Spec, inner, parts

#: Columns as the ways to them, ``("km",)`` or ``("properties", "km")``; None where nobody knows them.
Columns = frozenset[tuple[str, ...]] | None

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
#: Parts of a channel that speak of the labels of an axis or a key, and what they have instead of columns.
_GUIDES = ("axis", "legend", "header")
_LABELS = frozenset({("label",), ("value",), ("index",)})
#: Parts of a channel that speak of neither.
_NO_ROWS = ("scale", "title", "format", *_GUIDES)
_STEP = re.compile(r"\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*(?:'([^']*)'|\"([^\"]*)\")\s*\])")
_DATUM = re.compile(rf"\bdatum((?:{_STEP.pattern})+)")


def check(name: str, spec: Spec) -> None:
    """Raise `ValueError` if a chart names a column that its data do not have where it is named.

    That holds for each channel, tooltip, sort, condition and selection, and for what transforms read.

    Examples
    --------
    >>> rows = {"data": {"values": [{"year": 2024, "percent": 1.6}]}, "mark": "bar"}
    >>> check("fig-x", rows | {"encoding": {"y": {"field": "percentage"}}})
    Traceback (most recent call last):
    ValueError: fig-x: expected a column in y, found 'percentage', which no row has; near it: percent
    """
    faults = dict.fromkeys(_faults(spec, frozenset(), {}, spec.get("datasets", {}), []))
    if faults:
        raise ValueError("; ".join(f"{name}: {fault}" for fault in faults))


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
    for part in parts(view.get("facet", {})):
        yield from _missing("the header of a facet", _in_labels(part.get("header"), repeated), _LABELS)
    shared = {**shared, **view.get("encoding", {})}
    for part in inner(view):
        yield from _faults(part, columns, shared, datasets, repeated)
    if "mark" in view:
        left = _left_by(shared, columns)
        yield from _missing("the mark", _named(view["mark"], repeated), left)
        for channel, coded in shared.items():
            yield from _missing(channel, _named(coded, repeated, "field"), columns)
            yield from _missing(channel, _named(coded, repeated, "test", "expr"), left)
            for guide in _GUIDES if isinstance(coded, dict) else ():
                labels = _in_labels(coded.get(guide), repeated)
                yield from _missing(f"the {guide} of {channel}", labels, _LABELS)
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


def left(step: Spec, names: Iterable[str]) -> set[str]:
    """Return which of the columns with these names a transform leaves as they are."""
    made = {way[0] for way in _after(step, frozenset(), {}, {}) or ()}
    kept = set(_listed(step.get("groupby"))) if _SUMMARIES.keys() & step.keys() else set(names) - made
    return kept & set(names)


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


def _left_by(channels: Spec, columns: Columns) -> Columns:
    """Return the columns that channels leave: where one is summed up, the sums, and what groups them."""
    coded = [each for each in parts(channels) if "field" in each or "aggregate" in each]
    if (
        columns is None
        or not any("aggregate" in each for each in coded)
        or any("bin" in each for each in coded)
    ):
        return columns
    whole = {
        way(each["field"]) for each in coded if "aggregate" not in each and isinstance(each["field"], str)
    }
    made = {f"{each.get('aggregate') or each.get('timeUnit')}_{each.get('field')}" for each in coded}
    return frozenset({*whole, ("__count",), *((name,) for name in made)})


def _named(coded: Any, repeated: list[str], *keys: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to the columns that a channel names under some keys, in its conditions and order too."""
    if isinstance(coded, list):
        for each in coded:
            yield from _named(each, repeated, *keys)
    elif isinstance(coded, dict):
        for key, value in coded.items():
            if key not in (keys or ("field", "test", "expr")):
                yield from _named(value, repeated, *keys) if key not in _NO_ROWS else ()
            elif key == "field":
                yield from (way(name) for name in (repeated if isinstance(value, dict) else _listed(value)))
            elif isinstance(value, str):
                yield from _in_expression(value)
            else:
                yield from _named(value, repeated, *keys)


def _in_labels(guide: Any, repeated: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the ways that the expressions of an axis, a key or a header go from a label."""
    yield from _named(guide, repeated, "labelExpr", "test", "expr")


def _in_expression(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways that begin at ``datum`` in an expression of Vega; a text's own length is none."""
    for found in _DATUM.finditer(text):
        parts = tuple("".join(step) for step in _STEP.findall(found[1]))
        yield parts[:-1] if len(parts) > 1 and parts[-1] == "length" else parts
