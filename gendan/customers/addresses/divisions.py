"""The official divisions: province, city, district and street by code.

A code begins with its parent's: `44` province, `4401` city, `440104` district, `440104005` street.
Below Hong Kong, Macau and Taiwan (`81`, `82`, `71`) the digits are our own, counted in file order.

Some cities have no districts (东莞) and some counties no city (济源, 白沙). Both stand on the
city's level under their six-digit code, which is how shops and couriers write them.
"""

import gzip
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data"
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
NO_CITY_ABOVE = ("4190", "4290", "4690", "6590")
STREET_DIGITS = 9


class Names(NamedTuple):
    """A division by name; what does not exist or is not given is an empty string."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""


class Division(NamedTuple):
    """One choice of a list to pick from; `last` says that nothing but streets is below it."""

    code: str
    name: str
    last: bool


@cache
def places() -> dict[str, str]:
    """Give the name of every province, city and district by code."""
    found: dict[str, str] = _read("divisions.json.gz")
    return found


@cache
def _all_streets() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = _read("streets.json.gz")
    return found


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


def streets(district: str) -> dict[str, str]:
    """Give the streets of a district by full code."""
    below = _all_streets().get(district, {})
    return {district + code: name for code, name in below.items()}


@cache
def children() -> dict[str, tuple[str, ...]]:
    """Give the codes on the next level to choose from, by the code above (`""` for provinces)."""
    found: dict[str, list[str]] = {}
    for code in places():
        if (parent := above(code)) is not None:
            found.setdefault(parent, []).append(code)
    return {code: tuple(below) for code, below in found.items()}


def above(code: str) -> str | None:
    """Give the code to choose before this one; None when this one is never offered."""
    if len(code) == 2:
        return ""
    if len(code) == 4:
        hidden = code[:2] in MUNICIPALITIES or code in NO_CITY_ABOVE or code in _alone()
        return None if hidden else code[:2]
    skips_city = code[:2] in MUNICIPALITIES or is_alone(code)
    return code[:2] if skips_city else code[:4]


@cache
def _alone() -> dict[str, str]:
    """Cities that have no district but themselves: city's code -> the district's."""
    names = places()
    return {c[:4]: c for c in names if len(c) == 6 and names[c] == names.get(c[:4])}


def is_alone(code: str) -> bool:
    """Whether this six-digit code is a place without districts, such as 东莞市 or 济源市."""
    return len(code) == 6 and (code[:4] in NO_CITY_ABOVE or _alone().get(code[:4]) == code)


def is_known(code: str) -> bool:
    """Whether a province, city, district or street has this code."""
    if len(code) == STREET_DIGITS:
        return code[6:] in _all_streets().get(code[:6], {})
    return code in places()


@lru_cache(maxsize=8192)
def names(code: str) -> Names:
    """Name a division and all above it.

    :raises KeyError: if no division has this code
    """
    known = places()
    province = known[code[:2]]
    if len(code) == 2:
        return Names(province, province if code in MUNICIPALITIES else "")
    if is_alone(code[:6]):
        return Names(province, known[code[:6]], "", _street(code))
    city = known[code[:4]]
    return Names(province, city, known[code[:6]] if len(code) > 4 else "", _street(code))


def _street(code: str) -> str:
    return _all_streets()[code[:6]][code[6:]] if len(code) > 6 else ""


def search_divisions(prefix: str = "", parent: str = "") -> list[Division]:
    """List the divisions right below `parent` whose name begins with `prefix`, in code order.

    Municipalities go straight to their districts; a division marked `last` has only streets below.
    """
    if len(parent) == 6:
        below = streets(parent)
        return [Division(c, n, True) for c, n in below.items() if n.startswith(prefix)]
    known = places()
    return [
        Division(code, known[code], len(code) == 6)
        for code in children().get(parent, ())
        if known[code].startswith(prefix)
    ]
