"""Textbook geometry: how much of the Earth satellites see, and how many it takes to see all of it always.

Circular orbits round a sphere, no refraction. A satellite sees the places from which it stands at least
``elevation_deg`` above the horizon: a cap whose half-width, seen from the Earth's centre, is `earth_angle`.
The area of the cap gives a *floor* under every constellation. `rings` gives a number that surely does:
polar orbits, evenly spaced satellites in each, the covered streets of neighbouring orbits just touching.
Cleverer patterns lie between the two.

Source: D. C. Beste, "Design of Satellite Constellations for Optimal Continuous Coverage", IEEE
Transactions on Aerospace and Electronic Systems 14 (3), 1978, and any textbook of orbital mechanics.
"""

from math import acos, ceil, cos, degrees, pi, radians, sqrt

#: Equatorial radius of the Earth, km, from which orbital altitudes are counted.
EARTH_RADIUS_KM = 6378.137
#: Gravitational parameter of the Earth, km³/s².
GRAVITATION = 398_600.4418


def earth_angle(altitude_km: float, elevation_deg: float = 0.0) -> float:
    """Return the half-width of the cap that a satellite sees, as an angle at the Earth's centre.

    Parameters
    ----------
    altitude_km
        Height of the orbit above the Earth, km.
    elevation_deg
        How high above the horizon the satellite must stand to count as in view, degrees.

    Returns
    -------
    float
        Degrees: arccos(R cos e / (R + h)) − e.

    Raises
    ------
    ValueError
        If the altitude is not positive or the elevation is not from 0 up to 90 degrees.

    Examples
    --------
    >>> round(earth_angle(1000), 1), round(share(earth_angle(1000)), 3), rings(1000)
    (30.2, 0.068, (4, 8))
    """
    if altitude_km <= 0:
        raise ValueError(f"expected an altitude above zero, found {altitude_km} km")
    if not 0 <= elevation_deg < 90:
        raise ValueError(f"expected an elevation from 0 up to 90 degrees, found {elevation_deg}")
    elevation = radians(elevation_deg)
    return degrees(acos(EARTH_RADIUS_KM * cos(elevation) / (EARTH_RADIUS_KM + altitude_km)) - elevation)


def limb_angle(altitude_km: float, target_km: float) -> float:
    """Return the angle at the Earth's centre out to which a satellite sees a target above the Earth's edge.

    The ray grazes the ground: arccos(R / (R + h)) for the satellite plus the same for a target
    ``target_km`` high, in degrees. Errors are those of `earth_angle`.
    """
    return earth_angle(altitude_km) + (earth_angle(target_km) if target_km else 0.0)


def share(angle_deg: float) -> float:
    """Return the share of the Earth's surface, 0 to 1, in a cap of that half-width: (1 − cos λ) / 2."""
    return (1 - cos(radians(angle_deg))) / 2


def mean_in_view(satellites: int, altitude_km: float, elevation_deg: float = 0.0) -> float:
    """Return how many of the satellites a place has in view, averaged over all places and times."""
    return satellites * share(earth_angle(altitude_km, elevation_deg))


def floor(altitude_km: float, elevation_deg: float = 0.0, views: int = 1) -> float:
    """Return the number of satellites below which no pattern shows every place ``views`` of them at once."""
    return views / share(earth_angle(altitude_km, elevation_deg))


def rings(altitude_km: float, elevation_deg: float = 0.0) -> tuple[int, int]:
    """Return a polar constellation that always shows every place at least one satellite.

    The satellites of one orbit cover a street of half-width c, cos c = cos λ / cos(π / s). Neighbouring
    orbits that fly the same way stand λ + c apart, the two that fly against each other 2c: p orbits reach
    round the Earth if (p − 1)(λ + c) + 2c = π.

    Returns
    -------
    tuple of int
        Orbits and satellites in each, with the fewest satellites in all. Errors are those of `earth_angle`.
    """
    angle = radians(earth_angle(altitude_km, elevation_deg))
    designs = []
    for orbits in range(int(pi / (2 * angle)) + 1, ceil(pi / angle) + 2):
        street = max(0.0, (pi - (orbits - 1) * angle) / (orbits + 1))
        designs.append((orbits, ceil(pi / acos(cos(angle) / cos(street)) - 1e-9)))
    return min(designs, key=_total)


def period(altitude_km: float) -> float:
    """Return the time of one revolution, minutes, by Kepler's third law."""
    return 2 * pi * sqrt((EARTH_RADIUS_KM + altitude_km) ** 3 / GRAVITATION) / 60


def angle_expression(altitude_km: str, elevation_deg: str) -> str:
    """Return `earth_angle`, in radians, as a Vega expression of the named fields or parameters."""
    elevation = f"({elevation_deg} * PI / 180)"
    return f"acos({EARTH_RADIUS_KM} * cos({elevation}) / ({EARTH_RADIUS_KM} + {altitude_km})) - {elevation}"


def share_expression(angle: str) -> str:
    """Return `share` of an angle in radians as a Vega expression."""
    return f"(1 - cos({angle})) / 2"


def rings_expression(angle: str, orbits: str) -> str:
    """Return the satellites that a given number of polar orbits need, as a Vega expression.

    The chart takes the least.
    """
    street = f"max(0, (PI - ({orbits} - 1) * {angle}) / ({orbits} + 1))"
    return f"{orbits} * ceil(PI / acos(cos({angle}) / cos({street})) - 1e-9)"


def _total(design: tuple[int, int]) -> int:
    return design[0] * design[1]
