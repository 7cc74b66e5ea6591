"""Orbital geometry against published constellations and figures, within what their rounding allows."""

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers import load
from helpers.article import orbits

MATHS = {name: getattr(math, name) for name in ("acos", "ceil", "cos")} | {"PI": math.pi, "max": max}


def published(quantity: str) -> float:
    return float(load("orbit_geometry").set_index("quantity").loc[quantity, "value"])


def constellation(name: str) -> SimpleNamespace:
    return SimpleNamespace(**load("constellations").set_index("constellation").loc[name])


def test_iridium_is_what_the_formula_gives() -> None:
    """780 km and 8.2 degrees lead to 6 orbits of 11 satellites, exactly the constellation that flies."""
    iridium = constellation("Iridium")
    assert orbits.rings(iridium.altitude_km, iridium.elevation_deg) == (iridium.orbits, iridium.per_orbit)
    assert iridium.orbits * iridium.per_orbit == iridium.satellites


def test_iridium_planes_stand_where_the_formula_puts_them() -> None:
    """Spacing and seam to one degree: the builders chose round numbers inside the limits."""
    iridium = constellation("Iridium")
    angle = orbits.earth_angle(iridium.altitude_km, iridium.elevation_deg)
    street = (180 - (iridium.orbits - 1) * angle) / (iridium.orbits + 1)
    assert angle + street == pytest.approx(iridium.spacing_deg, abs=1)
    assert 2 * street == pytest.approx(iridium.seam_deg, abs=1)


def test_footprint_of_iridium() -> None:
    """4,700 km across by the operator's supplier, which allows for the rim: 6 per cent."""
    iridium = constellation("Iridium")
    width = (
        2
        * math.radians(orbits.earth_angle(iridium.altitude_km, iridium.elevation_deg))
        * orbits.EARTH_RADIUS_KM
    )
    assert width == pytest.approx(published("footprint of Iridium"), rel=0.06)


@pytest.mark.parametrize("name", ["Teledesic", "GPS", "study A", "study B", "study C", "study D"])
def test_no_published_constellation_does_with_less_than_the_floor(name: str) -> None:
    """A bound, not a fit: at the elevation given, or down to the horizon where none is."""
    one = constellation(name)
    elevation = 0.0 if pd.isna(one.elevation_deg) else one.elevation_deg
    assert one.satellites > orbits.floor(
        one.altitude_km, elevation, 1 if pd.isna(one.views) else int(one.views)
    )


def test_teledesic_has_a_third_more_than_the_rings_need() -> None:
    """It was to overlap: 288 satellites where 220 would touch."""
    teledesic = constellation("Teledesic")
    planes, each = orbits.rings(teledesic.altitude_km, teledesic.elevation_deg)
    assert 1 < teledesic.satellites / (planes * each) < 1.35


def test_the_agency_counts_between_the_curves() -> None:
    """40 satellites for the globe, by its director: a bound on either side, for want of an elevation."""
    altitude, elevation = constellation("Tranche 2").altitude_km, constellation("Iridium").elevation_deg
    planes, each = orbits.rings(altitude, elevation)
    assert orbits.floor(altitude, elevation) < published("trackers for the globe") < planes * each


def test_field_of_regard() -> None:
    """At 1,000 km the Earth's edge stands 60 degrees from straight down: about 120 in all, to one degree."""
    assert 180 - 2 * orbits.earth_angle(1000) == pytest.approx(published("field of regard at 1000 km"), abs=1)


def test_higher_orbit_sees_four_times_as_much_of_low_targets() -> None:
    """The source says roughly quadrupled: 5 per cent."""
    low, high = (
        orbits.share(orbits.limb_angle(altitude, published("height of the target")))
        for altitude in (1000, 10_000)
    )
    assert high / low == pytest.approx(published("footprint at 10000 km over 1000 km"), rel=0.05)


def test_sight_from_an_aircraft() -> None:
    """950 km, printed to ten: 1 per cent."""
    angle = orbits.limb_angle(published("height of an aircraft"), published("height of the target"))
    assert math.radians(angle) * orbits.EARTH_RADIUS_KM == pytest.approx(
        published("sight from aircraft to target"), rel=0.01
    )


def test_periods() -> None:
    """GPS goes round twice a sidereal day, a geosynchronous satellite once: 1,436.1 minutes, to 0.1%."""
    assert orbits.period(35_786) == pytest.approx(1436.07, rel=1e-4)
    assert 2 * orbits.period(20_200) == pytest.approx(1436.07, rel=1e-3)


def test_mean_is_the_share_of_the_sphere() -> None:
    assert orbits.mean_in_view(100, 1e9) == pytest.approx(50, abs=0.001)
    assert orbits.floor(1e9) == pytest.approx(2, abs=0.001)


@pytest.mark.parametrize("altitude", [300, 780, 1375, 10_000, 36_000])
@pytest.mark.parametrize("elevation", [0, 8.2, 25, 40])
def test_the_chart_computes_the_same(altitude: float, elevation: float) -> None:
    """The Vega expressions use names that Python's maths has too, so Python can work them out."""
    names = MATHS | {"datum": SimpleNamespace(altitude=altitude), "elevation": elevation}
    angle = eval(orbits.angle_expression("datum.altitude", "elevation"), names)  # noqa: S307
    assert math.degrees(angle) == pytest.approx(orbits.earth_angle(altitude, elevation))
    names["datum"] = SimpleNamespace(angle=angle)
    assert eval(orbits.share_expression("datum.angle"), names) == pytest.approx(  # noqa: S307
        orbits.share(math.degrees(angle))
    )
    planes, each = orbits.rings(altitude, elevation)
    assert eval(orbits.rings_expression("datum.angle", str(planes)), names) == planes * each  # noqa: S307


@pytest.mark.parametrize(("altitude", "elevation"), [(0, 0), (-1, 0), (1000, 90), (1000, -1)])
def test_nonsense_is_refused(altitude: float, elevation: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        orbits.earth_angle(altitude, elevation)
