"""Distances on the ellipsoid against published ones, each with the tolerance that its rounding allows."""

import math

import pytest

from helpers import load
from helpers.article.geodesy import NAUTICAL_MILE_KM, circle, distance_km, km_between


def degrees(whole: int, minutes: int, seconds: float) -> float:
    return math.copysign(abs(whole) + minutes / 60 + seconds / 3600, whole)


def test_worked_example_of_the_library() -> None:
    """Wellington to Salamanca, manual of geographiclib: 19,959,679.267 m, nearly half round the Earth."""
    assert distance_km(174.81, -41.32, -5.50, 40.96) * 1000 == pytest.approx(19_959_679.267, abs=0.001)


def test_surveyed_line() -> None:
    """Flinders Peak to Buninyong, GDA Technical Manual, chapter 4: 54,972.271 m (GRS 80: within 1 mm)."""
    flinders = degrees(144, 25, 29.5244), degrees(-37, 57, 3.7203)
    buninyong = degrees(143, 55, 35.3839), degrees(-37, 39, 10.1561)
    assert distance_km(*flinders, *buninyong) * 1000 == pytest.approx(54_972.271, abs=0.001)


@pytest.mark.parametrize(
    ("place", "tolerance"), [("Ishigaki", 5), ("Yonaguni", 5), ("Keelung", 5), ("Naha", 20), ("Wenzhou", 20)]
)
def test_published_distances_to_the_islands(place: str, tolerance: float) -> None:
    """As published, to the nearest 5 km, or 20 km where a whole island or city is meant."""
    published = load("senkaku_distances").set_index("place").loc[place, "km"]
    town = load("senkaku_places").set_index("place").loc[place]
    islet = load("senkaku_islets").set_index("islet").loc["Uotsuri"]
    computed = distance_km(islet["longitude"], islet["latitude"], town["longitude"], town["latitude"])
    assert computed == pytest.approx(float(published), abs=tolerance)


def test_distances_from_a_place_stand_in_the_rows_of_the_others() -> None:
    islets, towns = load("senkaku_islets"), load("senkaku_places")
    islet = islets[islets["islet"] == "Uotsuri"]
    computed = km_between(islet, towns)
    assert computed.index.equals(towns.index)
    start = islet["longitude"].item(), islet["latitude"].item()
    for line, lon, lat in zip(towns.index, towns["longitude"], towns["latitude"], strict=True):
        assert computed[line] == distance_km(*start, lon, lat)
    with pytest.raises(ValueError, match="size 1"):
        km_between(towns, islet)


@pytest.mark.parametrize("latitude", [-60, 0, 25.7, 89])
def test_every_point_of_a_circle_is_equally_far(latitude: float) -> None:
    line = circle(123.5, latitude, 24 * NAUTICAL_MILE_KM)["geometry"]["coordinates"]
    assert len(line) == 181
    assert line[0] == line[-1]
    for lon, lat in line:
        assert distance_km(123.5, latitude, lon, lat) == pytest.approx(24 * NAUTICAL_MILE_KM, abs=0.003)


def test_circle_says_how_far() -> None:
    assert circle(0, 0, 100, points=13)["properties"] == {"km": 100}
    assert len(circle(0, 0, 100, points=13)["geometry"]["coordinates"]) == 13
    assert len(circle(0, 0, 100, points=4)["geometry"]["coordinates"]) == 4


def test_distance_is_the_same_both_ways_and_zero_at_home() -> None:
    assert distance_km(123.5, 25.7, 139.7, 35.7) == pytest.approx(distance_km(139.7, 35.7, 123.5, 25.7))
    assert distance_km(123.5, 25.7, 123.5, 25.7) == 0


@pytest.mark.parametrize("arguments", [(0, 91, 10), (0, 0, 0), (0, 0, -5), (0, 0, 10, 3)])
def test_refused_circles(arguments: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        circle(*arguments)  # type: ignore[arg-type]


def test_refused_latitude() -> None:
    with pytest.raises(ValueError, match="latitude"):
        distance_km(0, -90.1, 0, 0)
