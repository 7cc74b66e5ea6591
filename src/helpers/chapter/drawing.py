"""Holds a chart against what a page can show, and its drawing against what a reader must see.

Each mark must draw something, each label say something, and each text be whole. That each column which a
chart names is one that its data have is the rule of `helpers.chapter.columns`.
"""

import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import altair
import numpy as np
import pandas as pd

from helpers.chapter import theme, vegalite
from helpers.chapter.numbers import SCALES
from helpers.chapter.vegalite import Spec

#: Marks that a page draws at once and a reader can still tell apart.
MOST_MARKS = 5000
#: Pixels that a view needs, and those of a picture that a reader can still take in.
LEAST_HEIGHT, MOST_HEIGHT = 20, 3000
#: What Vega writes for a value that is none.
_NOTHING = re.compile(r"undefined|NaN|Infinity|\bInvalid\b|\bnull\b|\[object Object\]")
#: What pandas writes for one, when it makes text of it.
_NONE = {"nan", "NaN", "NaT", "<NA>"}
_SVG = "{http://www.w3.org/2000/svg}"


def check_values(name: str, frames: Iterable[Any]) -> None:
    """Raise `ValueError`, which names the column, if data to be drawn have a value that no drawing can show.

    For an infinite value it has no place, and Altair takes it for a missing one; a span of time, an interval
    or an object of Python it does not know.
    """
    for frame in frames:
        if isinstance(frame, pd.DataFrame):
            check_heads(name, frame)
            for column in frame.columns:
                if (kind := _strange(frame[column])) is not None:
                    raise ValueError(
                        f"{name}: expected days, numbers or text in {column!r}, found {kind}; "
                        "pd.to_datetime makes days, astype(float) numbers, astype(str) text"
                    )
                held = frame[column].dropna()
                if gap := _NONE & {value for value in held.to_list() if isinstance(value, str)}:
                    raise ValueError(
                        f"{name}: expected text or nothing in {column!r}, found {gap.pop()!r}, which was no "
                        "value; leave it out before astype(str)"
                    )
                if large := [value for value in held if type(value) is int and abs(value) > 2**53]:
                    raise ValueError(
                        f"{name}: expected numbers that a script can hold in {column!r}, found {large[0]}; "
                        "divide them, or make them text"
                    )
            numbers = frame.select_dtypes("number").astype("float64")
            for column in numbers.columns[np.isinf(numbers.to_numpy(na_value=math.nan)).any(axis=0)]:
                raise ValueError(f"{name}: expected finite values in {column!r}, found an infinite one")


def check_heads(name: str, frame: pd.DataFrame) -> None:
    """Raise `ValueError` if a table's columns are not called by words of which each stands once."""
    names: list[Any] = list(frame.columns)
    if [head for head in names if isinstance(head, str) and not head.strip()]:
        raise ValueError(f"{name}: expected a name for each column, found a column without one; rename it")
    if deep := [head for head in names if isinstance(head, tuple)]:
        raise ValueError(f"{name}: expected columns with one name each, found {deep[0]!r}; join the two")
    if twice := [head for head in names if names.count(head) > 1]:
        raise ValueError(f"{name}: expected columns of different names, found {twice[0]!r} again")


def _strange(column: "pd.Series[Any]") -> str | None:
    """Return the kind of the first value that JSON does not know, days apart, or None."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return None
    for value in {type(value): value for value in column.astype(object).dropna()}.values():
        try:
            json.dumps(value.item() if isinstance(value, np.generic) else value)
        except TypeError:
            return type(value).__name__
    return None


def as_spec(name: str, chart: Any) -> Spec:
    """Return a chart's specification; raise `ValueError` if it is none, or too long for a page."""
    if not isinstance(chart, altair.TopLevelMixin):
        raise ValueError(f"{name}: expected a chart of Altair, found {type(chart).__name__}")
    try:
        return vegalite.canonical(chart.to_dict())
    except altair.MaxRowsError as error:
        raise ValueError(
            f"{name}: expected at most {MOST_MARKS:,} rows, found more; draw sums or a selection of them"
        ) from error
    except (altair.utils.schemapi.SchemaValidationError, TypeError, ValueError) as error:
        raise ValueError(
            f"{name}: expected a chart that can be drawn: {' '.join(str(error).split())}"
        ) from error


def check_room(name: str, spec: Spec) -> None:
    """Raise `ValueError` if a chart may cut off a text: Vega makes room for all of it unless told not to."""
    for view in vegalite.units(spec):
        if isinstance(height := view.get("height"), int | float) and height < LEAST_HEIGHT:
            raise ValueError(f"{name}: expected a height of at least {LEAST_HEIGHT}, found {height}")
    for part in vegalite.parts(vegalite.without_rows(spec)):
        mark = part.get("mark")
        if "autosize" in part:
            raise ValueError(f"{name}: expected no autosize, found one; a picture has room for all its texts")
        if isinstance(mark, dict) and mark.get("type") == "text" and mark.get("clip"):
            raise ValueError(f"{name}: expected texts that nothing clips, found a text mark with clip=True")


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
    plain = " ".join(_strings(vegalite.without_rows(spec)))
    if unit and not known and not _words(unit) & _words(f"{said} {plain}".replace("_", " ")):
        raise ValueError(f"{name}: expected a unit of which the figure speaks, found {unit!r}")


def _words(text: str) -> set[str]:
    """Return what a text speaks of: its words but for those of scale, relation and time, one form each."""
    counted = re.sub(r"\b(?:a|per|each|in the) (?:fiscal )?(?:year|month|week|day)\b", "", text.lower())
    words = {word.rstrip("s") for word in re.findall(r"[^\W\d_]+|[°²]", counted)}
    return words - {"a", "the", "of", "in", "per", "or", "and", *SCALES}


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
    root, (width, height) = ET.fromstring(drawing), vegalite.drawn_size(drawing)  # noqa: S314 - our own drawing
    drawn = _drawn(root)
    if not drawn.total():
        raise ValueError(f"{name}: expected marks, found a drawing without any; do its data have rows?")
    if empty := [mark for mark, count in drawn.items() if not count and not _may_be_empty(spec)]:
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
    if height > MOST_HEIGHT:
        raise ValueError(
            f"{name}: expected a picture at most {MOST_HEIGHT:,} pixels high on a {variant} page, found "
            f"{height:,.0f}; draw fewer rows or panels"
        )


def _drawn(root: ET.Element) -> Counter[str]:
    """Return by the names of the chart's marks how many each has; of a choice's own marks none."""
    drawn: Counter[str] = Counter()
    for group in root.iter(f"{_SVG}g"):
        names = group.get("class", "").split()
        if "role-mark" in names and "mark-group" not in names and not re.search(r"_brush(_bg)?$", names[-1]):
            drawn[names[-1]] += sum(_is_seen(part, names[0]) for part in group)
    return drawn


def _is_seen(part: ET.Element, kind: str) -> bool:
    """Whether a mark is more than a text without letters, or a line or an area through one point."""
    if part.tag == f"{_SVG}text":
        return bool("".join(part.itertext()).strip())
    corners = len(re.findall("[MLCASQT]", part.get("d", "")))
    return part.tag != f"{_SVG}path" or corners > {"mark-line": 1, "mark-trail": 1, "mark-area": 2}.get(
        kind, 0
    )


def _may_be_empty(spec: Spec) -> bool:
    """Whether a filter asks what a reader has chosen, nothing at first, or a box may have no outliers."""
    for part in vegalite.parts(vegalite.without_rows(spec)):
        if vegalite.mark(part) == "boxplot" or any(
            "param" in each for each in vegalite.parts(part.get("filter"))
        ):
            return True
    return False


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, (dict, list)):
        yield from part if isinstance(part, dict) else ()
        for each in part.values() if isinstance(part, dict) else part:
            yield from _strings(each)
