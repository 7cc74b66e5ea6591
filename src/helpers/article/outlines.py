"""``base_map(box)``: outlines for a map, cut to the box that the map shows.

The outlines are a file of the data package, ``east-asia.topo.json``: land without names or borders,
so that a map takes no side. Cutting and thinning them keeps the picture small.
"""

import json
from collections.abc import Mapping
from functools import cache
from math import dist
from typing import Any

import altair as alt

from helpers.chapter import data, theme

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]

#: Longest edge of a cut outline, degrees: a longer one would bulge, since maps draw edges as great circles.
LONGEST_EDGE = 0.5
#: Finest detail of an outline, as a part of the box's width: a map is drawn some 600 pixels wide, so that
#: less would not be seen.
FINEST_PART = 1 / 800


def geometry(name: str, box: Box) -> alt.Data:
    """Return outlines as data for ``mark_geoshape``.

    Parameters
    ----------
    name
        ``"land"``, or ``"sea"`` for the whole box, which belongs under the land and sets the map's edges.
    box
        West, south, east and north edge, degrees, within 100–152 degrees east and 4–50 north.

    Returns
    -------
    altair.Data
        One GeoJSON feature with one MultiPolygon.

    Raises
    ------
    ValueError
        If the name is unknown or the box is empty or outside the file's.
    """
    west, south, east, north = box
    if not (100 <= west < east <= 152 and 4 <= south < north <= 50):
        raise ValueError(f"expected west < east within 100–152 and south < north within 4–50, found {box}")
    if name == "sea":
        polygons = [[[(west, south), (west, north), (east, north), (east, south)]]]
    elif name == "land":
        polygons = [
            kept for rings in _land() if (kept := [cut for ring in rings if (cut := clip(ring, box))])
        ]
    else:
        raise ValueError(f"expected 'land' or 'sea', found {name!r}")
    finest = (east - west) * FINEST_PART
    coordinates = [[_closed(thin(ring, finest)) for ring in rings] for rings in polygons]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }
    return alt.Data(values=[feature])


def base_map(box: Box, names: Mapping[str, Point] | None = None) -> alt.LayerChart:
    """Return what a map begins with: the sea and the land in a box, and the names of seas and shores.

    Parameters
    ----------
    box
        As of `geometry`, and with its errors.
    names
        Longitude and latitude of the middle of each name.
    """
    sea = alt.Chart(geometry("sea", box)).mark_geoshape(fill=theme.sea)
    ground = sea + alt.Chart(geometry("land", box)).mark_geoshape()
    if not names:
        return ground
    rows = [{"name": name, "longitude": spot[0], "latitude": spot[1]} for name, spot in names.items()]
    words = alt.Chart(alt.Data(values=rows)).mark_text(color=theme.muted, fontStyle="italic")
    return ground + words.encode(longitude="longitude:Q", latitude="latitude:Q", text="name:N")


def clip(ring: Ring, box: Box) -> Ring:
    """Return the part of an outline inside a box, by Sutherland and Hodgman (1974); empty if there is none.

    An outline that the box cuts into several pieces stays one, joined along the edge of the box.
    """
    west, south, east, north = box
    if all(west <= x <= east and south <= y <= north for x, y in ring):
        return ring
    for axis, edge, keep in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        inside = [(point[axis] - edge) * keep >= 0 for point in ring]
        cut: Ring = []
        for i, point in enumerate(ring):
            before = ring[i - 1]
            if inside[i] != inside[i - 1]:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
                cut.append((edge, other) if axis == 0 else (other, edge))
            if inside[i]:
                cut.append(point)
        ring = cut
    return ring if len(ring) > 2 else []


def thin(ring: Ring, step: float) -> Ring:
    """Return an outline without the points that lie nearer than ``step``, degrees, to the one kept before.

    An outline too small for three such points stays whole, so that no islet is lost.
    """
    kept = ring[:1]
    for point in ring[1:]:
        if dist(point, kept[-1]) >= step:
            kept.append(point)
    return kept if len(kept) > 2 else ring


def _closed(ring: Ring) -> list[list[float]]:
    """Return a ring as GeoJSON wants it: long edges split, the first point again at the end."""
    line: list[list[float]] = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        parts = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / LONGEST_EDGE))
        line += [
            [round(x1 + (x2 - x1) * i / parts, 3), round(y1 + (y2 - y1) * i / parts, 3)] for i in range(parts)
        ]
    return [*line, line[0]]


@cache
def _land() -> list[list[Ring]]:
    """Return every polygon of the TopoJSON file as its rings, each an open list of points."""
    text = (data.FOLDER / data.resource("east-asia-map")["path"]).read_text(encoding="utf-8")
    topology: dict[str, Any] = json.loads(text)
    (dx, dy), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * dx + x0, y * dy + y0))
        arcs.append(arc)
    return [
        [
            [point for i in ring for point in (arcs[i] if i >= 0 else arcs[~i][::-1])[:-1]]
            for ring in polygon["arcs"]
        ]
        for polygon in topology["objects"]["land"]["geometries"]
    ]
