"""How far away a target of a given height comes into view of a radar on a round Earth: textbook geometry.

Two classic answers bracket the truth. The *radar horizon* of the handbooks lets the beam follow the
Earth a little, as the lower air bends it, by drawing a straight ray on an Earth whose radius is k
times the real one (k = 4/3 in average air). The *straight* horizon leaves the bending out. A ray to a
target high above the air is bent only at its foot, so that its true horizon lies between the two.

Source: US Federal Standard 1037C, "radar line-of-sight (LOS) equation", which derives
d = 4.12 (√h + √a) kilometres, for a radar h metres and a target a metres high, from the 4/3 Earth.
"""

from math import acos, sqrt

#: Mean radius of the Earth, km.
EARTH_RADIUS_KM = 6371.0
#: Effective Earth radius over real radius in average air near the ground.
K_STANDARD = 4 / 3


def radar_horizon(target_km: float, radar_m: float = 0.0, k: float = K_STANDARD) -> float:
    """Return the distance at which a target rises over a radar's horizon, by the textbook formula.

    Parameters
    ----------
    target_km
        Height of the target above the sea, km.
    radar_m
        Height of the radar's antenna above the sea, m.
    k
        Effective Earth radius as a multiple of the real one; 1 means no bending.

    Returns
    -------
    float
        Distance, km: √(2 k R h) for the radar plus the same for the target.

    Raises
    ------
    ValueError
        If a height is negative or k is not positive.

    Notes
    -----
    The square roots stand for arcs and tangents, which differ from them by less than 0.1 per cent
    up to the heights at which aircraft fly, and by some 5 per cent at 1,000 km.

    Examples
    --------
    >>> round(radar_horizon(target_km=0.1, radar_m=10))
    54
    """
    _check(target_km, radar_m, k)
    return sqrt(2 * k * EARTH_RADIUS_KM * radar_m / 1000) + sqrt(2 * k * EARTH_RADIUS_KM * target_km)


def straight_horizon(target_km: float, radar_m: float = 0.0) -> float:
    """Return the same distance for rays that the air does not bend, along the ground of a sphere.

    Parameters and errors are those of `radar_horizon`; the distance, km, is R arccos(R / (R + h)) for
    the radar plus the same for the target, with no approximation at any height.
    """
    _check(target_km, radar_m, 1.0)
    return sum(
        EARTH_RADIUS_KM * acos(EARTH_RADIUS_KM / (EARTH_RADIUS_KM + height))
        for height in (radar_m / 1000, target_km)
    )


def radar_expression(target_km: str, radar_m: str, k: str) -> str:
    """Return `radar_horizon` as a Vega expression of the named fields or parameters."""
    twice = f"2 * {k} * {EARTH_RADIUS_KM}"
    return f"sqrt({twice} * {radar_m} / 1000) + sqrt({twice} * {target_km})"


def straight_expression(target_km: str, radar_m: str) -> str:
    """Return `straight_horizon` as a Vega expression."""
    radius = EARTH_RADIUS_KM
    radar, target = f"{radius} / ({radius} + {radar_m} / 1000)", f"{radius} / ({radius} + {target_km})"
    return f"{radius} * (acos({radar}) + acos({target}))"


def _check(target_km: float, radar_m: float, k: float) -> None:
    if target_km < 0 or radar_m < 0:
        raise ValueError(
            f"expected heights of zero or more, found a target at {target_km} km and a radar at {radar_m} m"
        )
    if k <= 0:
        raise ValueError(f"expected k above zero, found {k}")
