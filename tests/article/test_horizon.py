"""The radar horizon against textbook figures, each with the tolerance that its rounding allows."""

import math
from types import SimpleNamespace

import pytest

from helpers import load
from helpers.article import horizon

FOOT_KM, NAUTICAL_MILE_KM = 0.0003048, 1.852


def published(name: str) -> float:
    table = load("missile_textbook").set_index("quantity")
    return float(table.loc[name, "value"])


def test_inputs_are_those_of_the_data_package() -> None:
    factor = published("effective Earth radius factor")
    assert factor == pytest.approx(horizon.K_STANDARD, abs=5e-5)  # printed as 1.3333
    assert published("Earth radius") == pytest.approx(horizon.EARTH_RADIUS_KM, abs=0.5)  # printed as 6371


def test_metric_coefficient() -> None:
    """A radar or target 1 m high: 4.12 km, two decimals."""
    assert horizon.radar_horizon(0.001) == pytest.approx(published("kilometres per root metre"), abs=0.005)
    assert horizon.radar_horizon(0, radar_m=1) == pytest.approx(
        published("kilometres per root metre"), abs=0.005
    )


def test_nautical_coefficient() -> None:
    """One foot: 1.23 nautical miles, two decimals."""
    assert horizon.radar_horizon(FOOT_KM) / NAUTICAL_MILE_KM == pytest.approx(
        published("nautical miles per root foot"), abs=0.005
    )


@pytest.mark.parametrize(("radar_m", "target_m", "km"), [(10, 10, 26), (12_000, 12_000, 902)])
def test_worked_examples(radar_m: float, target_m: float, km: float) -> None:
    """Examples printed elsewhere, to half a kilometre or 0.2 per cent: they round on the way."""
    assert horizon.radar_horizon(target_m / 1000, radar_m) == pytest.approx(km, rel=2e-3, abs=0.5)


def test_bending_adds_what_the_textbook_says() -> None:
    """k = 4/3 sees √(4/3) times as far as k = 1, whose coefficient is the optical 3.57 km."""
    assert horizon.radar_horizon(0.001, k=1) == pytest.approx(3.57, abs=0.005)
    assert horizon.radar_horizon(9) / horizon.radar_horizon(9, k=1) == pytest.approx(math.sqrt(4 / 3))


def test_square_roots_are_within_a_tenth_of_a_per_cent_for_aircraft_and_off_for_missiles() -> None:
    """The standard's own note on second-order terms; above the air it no longer holds."""
    assert horizon.radar_horizon(12, k=1) == pytest.approx(horizon.straight_horizon(12), rel=1e-3)
    assert horizon.radar_horizon(970, k=1) > 1.04 * horizon.straight_horizon(970)


def test_straight_horizon_is_the_tangent_of_a_sphere() -> None:
    """A geostationary satellite, 35,786 km up, sees 81.3 degrees of arc."""
    assert math.degrees(horizon.straight_horizon(35_786) / horizon.EARTH_RADIUS_KM) == pytest.approx(
        81.3, abs=0.05
    )


@pytest.mark.parametrize("target_km", [0, 0.03, 50, 100, 970])
@pytest.mark.parametrize("radar_m", [0, 10, 1500])
def test_the_chart_computes_the_same(target_km: float, radar_m: float) -> None:
    """The Vega expressions use names that Python's maths has too, so Python can work them out."""
    names = {
        "sqrt": math.sqrt,
        "acos": math.acos,
        "datum": SimpleNamespace(height=target_km),
        "radar": radar_m,
        "k": 1.2,
    }
    bent, straight = (
        horizon.radar_expression("datum.height", "radar", "k"),
        horizon.straight_expression("datum.height", "radar"),
    )
    assert eval(bent, names) == pytest.approx(horizon.radar_horizon(target_km, radar_m, 1.2))  # noqa: S307
    assert eval(straight, names) == pytest.approx(horizon.straight_horizon(target_km, radar_m))  # noqa: S307


@pytest.mark.parametrize(("target_km", "radar_m", "k"), [(-1, 0, 1.3), (1, -1, 1.3), (1, 0, 0)])
def test_nonsense_is_refused(target_km: float, radar_m: float, k: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        horizon.radar_horizon(target_km, radar_m, k)
