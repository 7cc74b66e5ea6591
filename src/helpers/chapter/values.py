"""Holds what a chart says of values, their type, scale and order, against the values that its data have.

Vega-Lite leaves out, without a word, a value that its scale cannot place: a day that is none, a text among
numbers, a nought on a log scale. That each column which a chart names is there is the rule of
`helpers.chapter.columns`.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from helpers.chapter import columns, theme, vegalite
from helpers.chapter.schema import TYPES
from helpers.chapter.vegalite import Spec

#: Looks that differ, of a channel whose range a chart leaves to the theme.
_LOOKS = dict.fromkeys(("color", "fill", "stroke"), len(theme.CATEGORIES)) | {"shape": 8}
#: Aggregates that count, whatever the values are.
_COUNTS = ("count", "distinct", "valid", "missing")
#: Between which numbers the values of some channels lie.
_BOUNDS: dict[str, tuple[float, float]] = {"latitude": (-90, 90), "longitude": (-180, 180)}
_BOUNDS |= dict.fromkeys(("size", "theta", "radius"), (0, float("inf")))
#: How a format of numbers looks.
_NUMBERS = r"(?:.?[<>=^])?[-+( ]?[$#]?0?\d*,?(?:\.\d+)?~?[%a-zA-Z]?"
#: Names whose order is not that of their letters.
_CALENDARS = [
    {name for name in names if name}
    for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr)
]


class _Channel(NamedTuple):
    """A channel of a view, with the values of its column as far as they are known."""

    name: str
    coded: Spec
    values: list[Any]
    #: Whether a filter has taken rows away.
    sifted: bool
    mark: Spec
    beside: Spec

    @property
    def scale(self) -> Spec:
        return self.coded.get("scale") or {}

    @property
    def place(self) -> str:
        """Return what messages call it: the channel and its column."""
        field = self.coded.get("field")
        return f"{self.name} ({field})" if isinstance(field, str) else self.name

    @property
    def is_length(self) -> bool:
        """Whether it is a length, of bars or an area: of two measures, the one that rises from the other."""
        other = self.beside.get("y" if self.name == "x" else "x", {})
        lies = self.mark.get("orient") == "horizontal"
        of_two = isinstance(other, dict) and other.get("type") == "quantitative" and not other.get("bin")
        return (
            self.mark["type"] in ("bar", "area")
            and self.name in (("x" if lies else "y") if of_two else ("x", "y"))
            and f"{self.name}2" not in self.beside
            and self.is_of("quantitative")
            and not self.coded.get("bin")
        )

    def is_of(self, *types: str) -> bool:
        return self.coded.get("type") in types

    def typed(self) -> list[Any]:
        """Return the values that the chart itself names, for its scale, its axis or its key."""
        parts = [(self.coded.get("scale") or {}).get("domain"), [self.coded.get("datum")]]
        parts += [(self.coded.get(guide) or {}).get("values") for guide in ("axis", "legend")]
        return [value for part in parts if isinstance(part, list) for value in part]


def check(name: str, spec: Spec) -> None:
    """Raise `ValueError` if a type, a scale or an order of a chart does not fit the values of its data.

    Examples
    --------
    >>> rows = {"data": {"values": [{"km": "1,168"}]}, "mark": "bar"}
    >>> check("fig-x", rows | {"encoding": {"x": {"field": "km", "type": "quantitative"}}})
    Traceback (most recent call last):
    ValueError: fig-x: expected numbers in x (km), found '1,168'; pd.to_numeric makes numbers
    """
    for channel in _channels(spec, {}, {}, {}, spec.get("datasets", {}), sifted=False):
        for rule in (_days, _numbers, _logs, _places, _years, _formats, _names, _looks):
            for fault in rule(channel):
                raise ValueError(f"{name}: {fault}")


def _channels(
    view: Spec, known: dict[str, list[Any]], shared: Spec, scales: Spec, datasets: Spec, *, sifted: bool
) -> Iterator[_Channel]:
    """Yield the channels of a view and of the views in it, which share its data, channels and scales."""
    if data := view.get("data"):
        rows, sifted = datasets.get(data.get("name", ""), data.get("values")), False
        held = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        known = {column: [row.get(column) for row in held] for column in {key for row in held for key in row}}
    for step in view.get("transform", []):
        if "timeUnit" in step:
            yield _Channel("a transform", step, _filled(known.get(step["field"])), sifted, {"type": ""}, {})
        kept = columns.left(step, known)
        known, sifted = {column: known[column] for column in kept}, sifted or "filter" in step
    shared = {**shared, **view.get("encoding", {})}
    if "layer" in view:
        scales = scales or _together(view)
    for part in vegalite.inner(view):
        yield from _channels(part, known, shared, scales, datasets, sifted=sifted)
    mark = view.get("mark", {})
    for name, coded in shared.items() if mark else ():
        first = shared.get(main := name.removesuffix("2"), {})
        kind = (
            {key: first[key] for key in ("type", "scale") if key in first} if isinstance(first, dict) else {}
        )
        for each in coded if isinstance(coded, list) else [coded]:
            if isinstance(each, dict):
                way = columns.way(each["field"]) if isinstance(each.get("field"), str) else ()
                filled = _filled(known.get(way[0]) if len(way) == 1 else None)
                said = scales.get(main, {}) | kind | each
                yield _Channel(
                    name, said, filled, sifted, {"type": mark} if isinstance(mark, str) else mark, shared
                )


def _filled(values: list[Any] | None) -> list[Any]:
    return [value for value in values or [] if value is not None and value != ""]


def _together(view: Spec) -> dict[str, Spec]:
    """Return by channel the scale and the axis or key that the layers of a view share."""
    together: dict[str, Spec] = {}
    apart = view.get("resolve", {}).get("scale", {})
    for unit in vegalite.parts(vegalite.without_rows(view)):
        encoding = unit.get("encoding")
        for name, coded in encoding.items() if isinstance(encoding, dict) else ():
            if isinstance(coded, dict) and apart.get(name) != "independent":
                said = {key: coded[key] for key in ("scale", "axis", "legend") if coded.get(key)}
                together[name] = said | together.get(name, {})
    return together


def _days(channel: _Channel) -> Iterator[str]:
    """Hold what is drawn along time: a day, or a moment of one, in ISO form."""
    if channel.is_of("temporal") or "timeUnit" in channel.coded:
        counted = channel.coded.get("aggregate") in _COUNTS
        typed = [each for each in channel.typed() if isinstance(each, str)]
        for value in [*([] if counted else channel.values), *typed]:
            if not _is_moment(value):
                yield (
                    f"expected days such as 2024-04-10 in {channel.place}, found "
                    f"{_written(value)!r}; pd.to_datetime makes days"
                )


def _written(value: Any) -> Any:
    """Return a value as its author has written it: a day without the hour that `vegalite` gives it."""
    return value.removesuffix("T00:00:00") if isinstance(value, str) else value


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(vegalite.MOMENT, value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _numbers(channel: _Channel) -> Iterator[str]:
    """Hold what is measured: no text, and within what the channel can show."""
    if channel.is_of("quantitative") and channel.coded.get("aggregate") not in _COUNTS:
        low, high = _BOUNDS.get(channel.name, (float("-inf"), float("inf")))
        for value in channel.values:
            if isinstance(value, str) and not re.fullmatch(TYPES["number"].form, value):
                yield f"expected numbers in {channel.place}, found {value!r}; pd.to_numeric makes numbers"
            elif isinstance(value, int | float) and not low <= value <= high:
                words = f"from {low} to {high}" if high < float("inf") else "that are not below nought"
                yield f"expected numbers {words} in {channel.place}, found {value!r}"


def _logs(channel: _Channel) -> Iterator[str]:
    """Hold what a log scale is to show: it has no nought, and so no place where a bar could begin."""
    if channel.scale.get("type") != "log":
        return
    known = channel.values if channel.coded.get("aggregate") in (None, "min") and not channel.sifted else []
    for value in [*known, *channel.typed()]:
        if isinstance(value, int | float) and value <= 0:
            yield (
                f"expected numbers above nought on the log scale of {channel.place}, found {value!r}; "
                "leave such rows out, or take a scale of type symlog"
            )
    if channel.is_length:
        yield f"expected points or a line on the log scale of {channel.place}, found lengths, which it bends"


def _places(channel: _Channel) -> Iterator[str]:
    """Hold what an axis is to show: both its ends, every value, and the nought from which bars grow."""
    scale, domain = channel.scale, channel.scale.get("domain")
    if not channel.is_of("quantitative", "temporal") or channel.name not in ("x", "y", "x2", "y2"):
        return
    if channel.is_length and scale.get("type") != "log" and _leaves_nought_out(scale):
        yield (
            f"expected bars or areas that begin at nought, found a scale of {channel.place} without it; "
            "leave it in, or draw points"
        )
    if domain and _ends(domain):
        ends = f"{_written(domain[0])} to {_written(domain[-1])}"
        if domain[0] == domain[-1]:
            yield f"expected two ends of the scale of {channel.place}, found {ends}"
        plain = not {"aggregate", "bin", "timeUnit"} & channel.coded.keys()
        for value in channel.values if plain and not channel.sifted and not channel.mark.get("clip") else ():
            same = isinstance(value, str) == isinstance(domain[0], str)
            if same and not min(domain) <= value <= max(domain):
                yield (
                    f"expected values within the scale of {channel.place}, {ends}, found "
                    f"{_written(value)!r}; widen it, or leave such rows out"
                )


def _leaves_nought_out(scale: Spec) -> bool:
    given = scale.get("domain")
    ends = [each for each in given if isinstance(each, int | float)] if isinstance(given, list) else []
    return scale.get("zero") is False or (bool(ends) and not min(ends) <= 0 <= max(ends))


def _ends(domain: Any) -> bool:
    """Whether a scale names its two ends as numbers or as days."""
    kinds = {type(each) for each in domain} if isinstance(domain, list) else set()
    return bool(kinds) and (kinds <= {int, float} or kinds == {str})


def _years(channel: _Channel) -> Iterator[str]:
    """Hold the numbers of years: an axis would write 2,024."""
    guide = channel.coded.get("axis" if channel.name in ("x", "y") else "legend", {})
    if (
        channel.is_of("quantitative")
        and channel.name in ("x", "y", "color", "size")
        and re.search(r"(?i)(?:^|_)year$", str(channel.coded.get("field")))
        and channel.values
        and all(isinstance(value, int | float) and 1000 <= value < 3000 for value in channel.values)
        and "aggregate" not in channel.coded
        and isinstance(guide, dict)
        and not {"format", "labelExpr"} & guide.keys()
        and guide.get("labels") is not False
    ):
        yield (
            f"expected years as readers write them in {channel.place}, found numbers, which get a comma; "
            f"write {channel.coded['field']}:O, or give its axis format='d'"
        )


def _formats(channel: _Channel) -> Iterator[str]:
    """Hold how numbers and days are to be written: of another format Vega draws nothing, or the same word."""
    form, like = (_NUMBERS, ",.1f") if channel.is_of("quantitative") else (".*%.*", "%Y")
    parts = [channel.coded, *(channel.coded.get(guide) or {} for guide in ("axis", "legend"))]
    for given in (part.get("format") for part in parts if "formatType" not in part):
        known = not isinstance(given, str) or not given or re.fullmatch(form, given)
        if channel.is_of("quantitative", "temporal") and not known:
            yield f"expected a format such as {like!r} in {channel.place}, found {given!r}"


def _names(channel: _Channel) -> Iterator[str]:
    """Hold names to their order and their scale: each of its own, and each with a place."""
    if not channel.is_of("nominal", "ordinal") or {"aggregate", "bin", "timeUnit"} & channel.coded.keys():
        return
    names = dict.fromkeys(map(_text, channel.values))
    plain: dict[str, str] = {}
    for name in names:
        if (other := plain.setdefault(" ".join(name.split()), name)) != name:
            yield f"expected names that differ to the eye in {channel.place}, found {other!r} and {name!r}"
    order, domain = channel.coded.get("sort"), channel.scale.get("domain")
    for what, listed in (("sort", order), ("domain", domain)):
        if isinstance(listed, list) and names and not channel.sifted:
            said = dict.fromkeys(map(_text, listed))
            lost = [name for name in names if name not in said]
            more = [f"; no row has {name!r}" for name in said if name not in names]
            if lost and (more or what == "domain"):
                more = [f"found no {lost[0]!r}", *more[:1]]
                yield f"expected all names in the {what} of {channel.place}, {''.join(more)}"
    in_letters = channel.name in ("x", "y", "row", "column") and "sort" not in channel.coded and not domain
    if in_letters and len(names) > 1 and any(names.keys() <= each for each in _CALENDARS):
        yield f"expected a sort for {channel.place}, found none: letters would order {', '.join(names)}"


def _looks(channel: _Channel) -> Iterator[str]:
    """Hold colours and shapes to the names that they tell apart."""
    domain, looks = channel.scale.get("domain"), channel.scale.get("range", [])
    most = len(looks) or _LOOKS.get(channel.name, 0) if isinstance(looks, list) else 0
    names = domain if isinstance(domain, list) else set(map(_text, channel.values))
    free = "scheme" in channel.scale or channel.coded.get("scale", {}) is None
    if channel.is_of("nominal") and channel.name in _LOOKS and not free and 0 < most < len(names):
        yield (
            f"expected a look for each of {len(names)} names in {channel.place}, found {most}; "
            "group them, or give the scale a longer range"
        )


def _text(value: Any) -> str:
    """Return a value as a scale of names has it: a whole number is the same with and without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
