"""Orders beside a row that nobody can place: it may be a line of theirs, so they stay outside too.

Platforms write the rows of an order one below the other.
"""

import re
from collections.abc import Iterable, Iterator

from gendan.channels.reading.problems import RowError
from gendan.channels.reading.reading import Reading

_ROUNDED = re.compile(r"([0-9]+(?:\.[0-9]*)?)[eE]\+?[0-9]+|[0-9]+\.[0-9]*")


def suspect_neighbours(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the readings; each that stands beside a stray one bears a mistake for it."""
    before: Reading | None = None
    for reading in readings:
        if before and reading.is_stray:
            reading.errors += _suspected(before, reading)
        if before and before.is_stray:
            reading.errors += _suspected(reading, before)
        yield reading
        before = reading


def _suspected(reading: Reading, stray: Reading) -> list[RowError]:
    if reading.platform_order and _may_belong(stray, reading.platform_order):
        return [RowError(reading.raw.number, "", "", "BESIDE", reading.platform_order)]
    return []


def _may_belong(stray: Reading, order: str) -> bool:
    """Tell whether a row names the order anywhere, or a rounded number, or none at all."""
    if any(order in cell for cell in stray.raw.cells):
        return True
    rounded = _ROUNDED.fullmatch(stray.number_cell)
    if not rounded or not order.isdigit():
        return not stray.platform_order and not rounded
    if rounded[1] is None:
        return stray.number_cell[:12] == order[:12]
    digits = len(rounded[1].replace(".", "")) - 1
    return f"{float(order):.{digits}E}" == f"{float(stray.number_cell):.{digits}E}"
