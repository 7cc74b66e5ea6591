"""Distances and circles on the Earth's ellipsoid (WGS 84), by Karney's algorithms in ``geographiclib``.

Source: C. F. F. Karney, "Algorithms for geodesics", Journal of Geodesy 87 (2013), 43–55: exact to some
15 nanometres, so that what limits a distance here is the published position of its ends.
"""

from typing import Any

import pandas as pd
from geographiclib.geodesic import Geodesic

#: One international nautical mile, km.
NAUTICAL_MILE_KM = 1.852


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the length of the shortest line between two points on the ellipsoid.

    Parameters
    ----------
    lon1, lat1, lon2, lat2
        Longitudes and latitudes, degrees; east and north are positive.

    Returns
    -------
    float
        Distance, km.

    Raises
    ------
    ValueError
        If a latitude lies outside −90 to 90 degrees.

    Examples
    --------
    >>> round(distance_km(139.77, 35.68, -77.04, 38.90))  # Tokyo to Washington
    10925
    """
    for latitude in (lat1, lat2):
        _check_latitude(latitude)
    return float(Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"]) / 1000


def km_between(place: pd.DataFrame, others: pd.DataFrame) -> "pd.Series[float]":
    """Return the distances in km, as `distance_km` has them, between a place and each of others.

    Parameters
    ----------
    place, others
        One row, and any number of them, with the columns ``longitude`` and ``latitude``.
    """
    lon, lat = place.longitude.item(), place.latitude.item()
    ends = zip(others.longitude, others.latitude, strict=True)
    return pd.Series([distance_km(lon, lat, *end) for end in ends], index=others.index)


def circle(lon: float, lat: float, km: float, points: int = 181) -> dict[str, Any]:
    """Return all that lies at one distance from a point, as a closed line for a map.

    Parameters
    ----------
    lon, lat
        Longitude and latitude of the centre, degrees.
    km
        Distance from the centre, km.
    points
        Number of points of the line; the last is the first again.

    Returns
    -------
    dict
        A GeoJSON feature with a LineString; ``properties`` has the distance as ``km``.

    Raises
    ------
    ValueError
        If the latitude lies outside −90 to 90 degrees, the distance is not positive or there are fewer than
        4 points.
    """
    _check_latitude(lat)
    if km <= 0 or points < 4:
        raise ValueError(
            f"expected a distance above zero and at least 4 points, found {km} km and {points} points"
        )
    line = []
    for i in range(points - 1):
        end = Geodesic.WGS84.Direct(
            lat, lon, 360 * i / (points - 1), km * 1000, Geodesic.LATITUDE | Geodesic.LONGITUDE
        )
        line.append([round(end["lon2"], 5), round(end["lat2"], 5)])
    return {
        "type": "Feature",
        "properties": {"km": km},
        "geometry": {"type": "LineString", "coordinates": [*line, line[0]]},
    }


def _check_latitude(latitude: float) -> None:
    if not -90 <= latitude <= 90:
        raise ValueError(f"expected a latitude from -90 to 90 degrees, found {latitude}")
