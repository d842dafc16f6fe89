"""Comparing what two sheets say, line by line."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Compared(NamedTuple):
    """One line of a document, and what stands in its place on the other."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Compared]:
    """Return every line of two sheets side by side; what only one of them has is empty there."""
    left, right = dict(_lines(one)), dict(_lines(other))
    labels = list(dict.fromkeys([*left, *right]))
    return [Compared(label, left.get(label, ""), right.get(label, "")) for label in labels]


def _lines(sheet: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for label, text in sheet.get("facts", ()):
        yield label, text
    heads = sheet.get("heads", [""])
    for number, cells in enumerate(sheet.get("lines", ()), 1):
        yield f"{heads[0]} {number}", " · ".join(cell for cell in cells if cell)
    for number, wish in enumerate(sheet.get("requests", ()), 1):
        yield f"{sheet['requests_title']} {number}", wish
    for label, amount in sheet.get("sums", ()):
        yield label, amount
