"""The outlines of the maps: nothing lost that a map must show, nothing kept outside its box."""

from itertools import pairwise

import pytest

from helpers.article.outlines import LONGEST_EDGE, Box, base_map, clip, geometry, thin

EAST_CHINA_SEA = (118.0, 22.0, 131.0, 32.0)


def polygons(name: str, box: Box) -> list[list[list[list[float]]]]:
    return geometry(name, box).to_dict()["values"][0]["geometry"]["coordinates"]


def test_the_islets_are_there() -> None:
    """Natural Earth draws nine pieces of land for the Senkaku Islands; six lie about the largest islet."""
    assert len(polygons("land", (123.4, 25.6, 123.65, 25.85))) == 6
    assert len(polygons("land", (123.3, 25.6, 124.7, 26.0))) == 9


@pytest.mark.parametrize(
    ("island", "box"),
    [
        ("Yonaguni", (122.9, 24.4, 123.1, 24.5)),
        ("Ishigaki", (124.0, 24.3, 124.4, 24.7)),
        ("Okinawa", (127.5, 26.0, 128.4, 26.9)),
        ("Tsushima", (129.0, 34.0, 129.6, 34.8)),
        ("Guam", (144.5, 13.2, 145.0, 13.7)),
        ("Dokdo/Takeshima", (131.8, 37.2, 131.9, 37.3)),
        ("Scarborough Reef", (117.7, 15.1, 117.8, 15.2)),
    ],
)
def test_other_small_islands_are_there(island: str, box: Box) -> None:
    assert polygons("land", box), island


def test_a_box_may_be_the_whole_file_s() -> None:
    assert polygons("sea", (100, 4, 152, 50))


def test_nothing_lies_outside_the_box() -> None:
    west, south, east, north = EAST_CHINA_SEA
    points = [point for rings in polygons("land", EAST_CHINA_SEA) for ring in rings for point in ring]
    assert len(points) < 4000
    assert all(west <= x <= east and south <= y <= north for x, y in points)


def test_rings_are_closed_clockwise_and_have_short_edges() -> None:
    """Clockwise, or the map would fill the rest of the globe instead of the island."""
    for name in ("land", "sea"):
        for rings in polygons(name, EAST_CHINA_SEA):
            ring = rings[0]
            assert ring[0] == ring[-1]
            edges = list(pairwise(ring))
            assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges) <= 1e-6
            assert max(max(abs(x2 - x1), abs(y2 - y1)) for (x1, y1), (x2, y2) in edges) < 1.5 * LONGEST_EDGE


def test_clip_against_a_square() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    assert clip([(1, 1), (1, 2), (2, 2)], box) == [(1, 1), (1, 2), (2, 2)]
    assert clip([(11, 11), (11, 12), (12, 12)], box) == []
    assert set(clip([(5, 5), (5, 15), (15, 15), (15, 5)], box)) == {(5, 5), (5, 10), (10, 10), (10, 5)}
    assert set(clip([(-5, -5), (-5, 20), (20, 20), (20, -5)], box)) == {(0, 0), (0, 10), (10, 10), (10, 0)}


def test_thinning_leaves_out_what_is_too_near_and_keeps_every_islet() -> None:
    assert thin([(0, 0), (0.1, 0), (1, 0), (1, 1), (1, 1.2)], 0.5) == [(0, 0), (1, 0), (1, 1)]
    islet = [(0, 0), (0.1, 0), (0.1, 0.1)]
    assert thin(islet, 0.5) == islet


@pytest.mark.parametrize(
    ("name", "box"), [("lakes", EAST_CHINA_SEA), ("land", (131, 22, 118, 32)), ("land", (0, 40, 10, 50))]
)
def test_refusals(name: str, box: Box) -> None:
    with pytest.raises(ValueError, match="expected"):
        geometry(name, box)


def test_a_map_begins_with_sea_and_land_and_the_names_on_them() -> None:
    layers = base_map(EAST_CHINA_SEA, {"Taiwan": (120.9, 23.6)}).to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["geoshape", "geoshape", "text"]
    assert layers[2]["data"]["values"] == [{"name": "Taiwan", "longitude": 120.9, "latitude": 23.6}]
    assert len(base_map(EAST_CHINA_SEA).to_dict()["layer"]) == 2
