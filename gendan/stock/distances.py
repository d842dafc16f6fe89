"""How far it is from province to province, as the crow flies, in kilometres.

Positions (latitude, longitude in degrees) are those of the provincial capitals, to a tenth of a
degree; provinces have the first two digits of their division code (GB/T 2260).
"""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371
CAPITALS = {
    "11": (39.9, 116.4),
    "12": (39.1, 117.2),
    "13": (38.0, 114.5),
    "14": (37.9, 112.5),
    "15": (40.8, 111.7),
    "21": (41.8, 123.4),
    "22": (43.9, 125.3),
    "23": (45.8, 126.5),
    "31": (31.2, 121.5),
    "32": (32.1, 118.8),
    "33": (30.3, 120.2),
    "34": (31.8, 117.2),
    "35": (26.1, 119.3),
    "36": (28.7, 115.9),
    "37": (36.7, 117.0),
    "41": (34.8, 113.6),
    "42": (30.6, 114.3),
    "43": (28.2, 112.9),
    "44": (23.1, 113.3),
    "45": (22.8, 108.3),
    "46": (20.0, 110.3),
    "50": (29.6, 106.6),
    "51": (30.7, 104.1),
    "52": (26.6, 106.7),
    "53": (25.0, 102.7),
    "54": (29.7, 91.1),
    "61": (34.3, 108.9),
    "62": (36.1, 103.8),
    "63": (36.6, 101.8),
    "64": (38.5, 106.2),
    "65": (43.8, 87.6),
    "71": (25.0, 121.5),
    "81": (22.3, 114.2),
    "82": (22.2, 113.5),
}


def kilometres(division: str, other: str) -> float | None:
    """Return the distance of two divisions' provinces; none if one of them is not known."""
    here, there = CAPITALS.get(division[:2]), CAPITALS.get(other[:2])
    if here is None or there is None:
        return None
    (lat1, lon1), (lat2, lon2) = map(_radians, (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _radians(place: tuple[float, float]) -> tuple[float, float]:
    return radians(place[0]), radians(place[1])
