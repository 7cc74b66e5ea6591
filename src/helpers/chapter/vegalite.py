"""Vega-Lite specifications as plain JSON: named the same in every run, fitted to a width, drawn.

A chapter's chart sets heights only. `fitted` finds the view width with which the whole picture,
axes and legend included, is as wide as wanted, so that one chart serves a laptop and a phone
with letters of the same size.
"""

import copy
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from helpers.chapter import theme

Spec = dict[str, Any]

#: The part of a picture's width that its view has in a first drawing, which shows how much is added to it.
VIEW = 0.85
#: The letters of the drawings.
FONTS = Path(__file__).parent / "fonts"
#: What a page says in its own text.
_WORDS = ("title", "description", "usermeta")
#: Names that Altair gives of itself.
_AUTOMATIC = r"(?:param_\d+|view_[0-9a-f]{16}|view_\d+)"
#: A day or a moment as a data set has it: its day, its time of day, its zone.
MOMENT = r"(\d{4}-\d\d-\d\d)(T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?"
#: View width for which a chapter's author gives the height of a map.
MAP_WIDTH = 600


def canonical(spec: Spec) -> Spec:
    """Return the spec with a living legend, days of no zone, and names numbered from 1 in reading order.

    Altair counts parameters per process (``param_7``), so the same chart would differ from run to run, and
    names a view after a digest of how its data print (``view_98a6f8ddf0617c66``), which is a matter of the
    screen.
    """
    text = json.dumps(highlighted(zoneless(legible(spec))))
    names: dict[str, str] = {}
    for match in re.finditer(rf'"({_AUTOMATIC})(?=["_])', text):
        kind = match[1].split("_")[0]
        names.setdefault(match[1], f"{kind}_{1 + sum(name.startswith(kind) for name in names)}")
    return json.loads(re.sub(rf"\b{_AUTOMATIC}(?=\b|_)", lambda match: names.get(match[0], match[0]), text))


def legible(spec: Spec) -> Spec:
    """Return the spec with texts in the grey that can be read, where marks have the paler one of context."""
    spec = copy.deepcopy(spec)
    for unit in units(spec):
        if mark(unit) == "text" and "encoding" in unit:
            unit["encoding"] = _with_texts(
                unit["encoding"], lambda text: text.replace(theme.context, theme.muted)
            )
    return spec


def zoneless(spec: Spec) -> Spec:
    """Return the spec with each day that it draws as the same day wherever it is read.

    Scripts take a day alone, ``2024-04-10``, for its midnight in Greenwich, which is another day west of it,
    but a moment without a zone for the reader's own, in which Vega also writes the labels.
    """
    spec = copy.deepcopy(spec)
    said = list(parts(without_rows(spec)))
    timed = [part for part in said if part.get("type") == "temporal" or "timeUnit" in part]
    # Where an end lies it has no type of its own.
    timed += [
        part[f"{name}2"]
        for part in said
        for name in ("x", "y")
        if isinstance(part.get(name), dict) and part[name] in timed and isinstance(part.get(f"{name}2"), dict)
    ]
    fields = {str(part.get("field")) for part in timed}
    for part in parts(spec):
        if part.get("type") == "temporal":
            for key in ("scale", "axis", "legend", "datum"):
                if key in part:
                    part[key] = _with_texts(part[key], _local)
        for key in fields & part.keys():
            part[key] = _with_texts(part[key], _local)
    return spec


def parts(part: Any) -> Iterator[Spec]:
    """Yield every part of a spec that has keys, its rows among them."""
    if isinstance(part, dict):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(each)


def _with_texts(part: Any, changed: Callable[[str], str]) -> Any:
    """Return a part of a spec with each of its texts changed."""
    if isinstance(part, dict):
        return {key: _with_texts(each, changed) for key, each in part.items()}
    if isinstance(part, list):
        return [_with_texts(each, changed) for each in part]
    return changed(part) if isinstance(part, str) else part


def _local(text: str) -> str:
    """Return a text, if it is a day or a moment, as one of no zone."""
    moment = re.fullmatch(MOMENT, text)
    return f"{moment[1]}{moment[2] or 'T00:00:00'}" if moment else text


def highlighted(spec: Spec) -> Spec:
    """Return the spec so that what a reader chooses in its legend stands out.

    At rest the picture is the same. Left alone are charts with a choice of their own and those in which more
    than one field has a legend.
    """
    spec = copy.deepcopy(spec)
    marked = [unit for unit in units(spec) if "mark" in unit]
    fields = {field for unit in marked if (field := _legend_field(unit))}
    has_choice = any({"param", "params"} & part.keys() for part in parts(without_rows(spec)))
    if len(fields) != 1 or has_choice:
        return spec
    keyed = [unit for unit in marked if _legend_field(unit) and "opacity" not in unit["encoding"]]
    for unit in keyed:
        mark = unit["mark"] if isinstance(unit["mark"], dict) else {"type": unit["mark"]}
        # Vega-Lite draws points pale, too, but for the theme.
        full = mark.get("opacity", 0.7 if mark["type"] in ("tick", "area") else 1)
        unit["encoding"]["opacity"] = {"condition": {"param": "legend", "value": full}, "value": full / 5}
    if keyed:
        keyed[0]["params"] = [
            {"name": "legend", "select": {"type": "point", "fields": [*fields]}, "bind": "legend"}
        ]
    return spec


def views(spec: Spec) -> Iterator[Spec]:
    """Yield the views that take a width: single and layered ones, and the one inside a facet.

    Raises
    ------
    ValueError
        For views side by side (``hconcat``), which do not fit a phone.
    """
    if "hconcat" in spec or "concat" in spec:
        raise ValueError("expected one view, layers, a facet or vconcat, found views side by side")
    if "vconcat" in spec:
        for part in spec["vconcat"]:
            yield from views(part)
    elif "spec" in spec:
        yield from views(spec["spec"])
    else:
        yield spec


def fitted(spec: Spec, variant: str) -> Spec:
    """Return a copy of the spec whose picture is about as wide as ``theme.WIDTHS[variant]``.

    What axes and legends add to the views' own width is read off a first drawing. Facets in columns
    become one column in the narrow variant, and maps keep their shape.
    """
    target = theme.WIDTHS[variant]
    first = first_width(variant)
    around = drawn_width(svg(sized(spec, first, variant))) - first
    return sized(spec, max(60, round(target - around)), variant)


def first_width(variant: str) -> int:
    """Return the width of the views before it is known what axes and legends add."""
    return round(theme.WIDTHS[variant] * VIEW)


def sized(spec: Spec, width: int, variant: str) -> Spec:
    """Return a copy whose views, side by side where they are facets, have a width together."""
    sized = copy.deepcopy(spec)
    if variant == "narrow":
        sized.setdefault("config", {}).setdefault("legend", {}).update(columns=2, labelLimit=150)
        for holder in (sized, *_facet_channels(sized)):
            if "columns" in holder:
                holder["columns"] = 1
    for view in views(sized):
        columns = max((holder.get("columns", 1) for holder in (sized, *_facet_channels(view))), default=1)
        view["width"] = width // columns
        if "height" in view and _is_map(view):
            view["height"] = round(view["height"] * view["width"] / MAP_WIDTH)
    return sized


def svg(spec: Spec) -> str:
    """Draw a spec as SVG; colours stay CSS variables, and clip paths are numbered from 0 in every drawing.

    Raises
    ------
    ValueError
        If Vega cannot draw it, in its own words.
    """
    try:
        drawn: str = _draw().vegalite_to_svg(json.dumps(spec))
    except ValueError as error:  # below its words stands where in Vega
        reason = (re.findall(r"(?m)^\w*Error: (.*)", str(error)) or str(error).split("\n"))[0]
        raise ValueError(f"expected a chart that can be drawn: {reason}") from error
    numbers: dict[str, int] = {}
    return re.sub(
        r"\b(clip|gradient_)(\d+)\b", lambda m: f"{m[1]}{numbers.setdefault(m[0], len(numbers))}", drawn
    )


def png(drawing: str, scale: float = 2) -> bytes:
    """Turn an SVG with plain colours into a PNG, so many pixels to a CSS pixel."""
    picture: bytes = _draw().svg_to_png(drawing, scale=scale)
    return picture


def script() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script that leaves no names but theirs."""
    return f"(() => {{{_draw().javascript_bundle()}}})();\n"


@contextmanager
def _greenwich() -> Iterator[None]:
    """Let what begins meanwhile find the zone UTC."""
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        yield
    finally:
        os.environ.pop("TZ")
        os.environ.update({"TZ": zone} if zone is not None else {})


@cache
def _draw() -> Any:
    """Return the drawing library, with the book's font and in UTC: the same picture on every machine."""
    import vl_convert  # drawing is the build's work: a browser that runs a chapter has its own Vega

    vl_convert.register_font_directory(str(FONTS))
    with _greenwich():  # it asks for the zone once, when it begins
        vl_convert.warm_up_workers()
    for part in ("vl_convert", "tiny_skia", "swc_ecma_transforms_optimization"):
        # They remark on what is meant, or on their own steps; a fault is raised.
        logging.getLogger(part).setLevel(logging.CRITICAL)
    return vl_convert


def without_rows(spec: Spec) -> Spec:
    """Return the spec without its data sets: what is said of the chart, not of its rows."""
    return {key: value for key, value in spec.items() if key != "datasets"}


def inside(spec: Spec) -> Spec:
    """Return the spec without what a page says in its own text."""
    return {key: value for key, value in spec.items() if key not in _WORDS}


def alone(spec: Spec, view: Spec | None = None) -> Spec:
    """Return the spec for a picture that leaves the page: with its words, in plain light colours on white.

    ``view`` is what `fitted` made of it for a wide page, if that is known already.
    """
    view = view or fitted(inside(spec), "wide")
    words = {key: spec[key] for key in _WORDS if key in spec}
    return {
        **json.loads(theme.literal(json.dumps({**view, **words}))),
        "background": "#ffffff",
        "padding": 12,
    }


def drawn_width(drawing: str) -> float:
    """Return an SVG's width in CSS pixels."""
    return drawn_size(drawing)[0]


def drawn_size(drawing: str) -> tuple[float, float]:
    """Return an SVG's width and height in CSS pixels."""
    size = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', drawing)
    assert size, "an SVG has a size"
    return float(size[1]), float(size[2])


def mark(unit: Spec) -> str | None:
    """Return the kind of mark that a view draws, which stands there as a word or in a definition."""
    said = unit.get("mark", {})
    return said if isinstance(said, str) else said.get("type")


def _is_map(view: Spec) -> bool:
    return mark(view) == "geoshape" or any(map(_is_map, view.get("layer", [])))


def _facet_channels(spec: Spec) -> Iterator[Spec]:
    for view in views(spec):
        if "facet" in view.get("encoding", {}):
            yield view["encoding"]["facet"]


def units(spec: Spec) -> Iterator[Spec]:
    """Yield the spec and all that lies in it: layers, panels, the view inside a facet."""
    yield spec
    for part in inner(spec):
        yield from units(part)


def inner(view: Spec) -> list[Spec]:
    """Return the views that lie in one: its layers, its panels, the view of its facets."""
    return [*view.get("layer", []), *view.get("vconcat", []), *([view["spec"]] if "spec" in view else [])]


def _legend_field(unit: Spec) -> str | None:
    """Return the field of categories that a view has a legend for."""
    for channel in ("color", "stroke", "shape"):
        coded = unit.get("encoding", {}).get(channel, {})
        if coded.get("type") == "nominal" and "field" in coded and coded.get("legend", {}) is not None:
            field: str = coded["field"]
            return field
    return None
