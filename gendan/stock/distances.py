"""How far it is from city to city, as the crow flies, in kilometres.

Positions are those of the cities (the first four digits of a division code, GB/T 2260), of the
counties that stand under no city, and of the provinces where a city is not known.
"""

import csv
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

POSITIONS = Path(__file__).parent / "data" / "positions.csv"
EARTH_KM = 6371
Position = tuple[float, float]  # latitude and longitude in degrees


@cache
def positions() -> dict[str, Position]:
    """Return the positions by division code."""
    with POSITIONS.open(encoding="ascii", newline="") as file:
        return {code: (float(north), float(east)) for code, north, east in csv.reader(file)}


def position(division: str) -> Position | None:
    """Return the position of a division's city, or of its province; none if nobody knows it."""
    known = positions()
    codes = (division[:digits] for digits in (6, 4, 2))
    return next((known[code] for code in codes if code in known), None)


def kilometres(division: str, other: str) -> float | None:
    """Return the distance of two divisions' cities; none if one of them is not known."""
    here, there = position(division), position(other)
    if here is None or there is None:
        return None
    (lat1, lon1), (lat2, lon2) = map(_radians, (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _radians(place: Position) -> Position:
    return radians(place[0]), radians(place[1])
