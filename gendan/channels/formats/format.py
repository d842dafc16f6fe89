"""What a format is: the columns a platform's file has, and how they become our fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.ui.tables.cells import header

WHOLE = "WHOLE"
ORDERS = "ORDERS"
LINES = "LINES"
"""What a row is: an order with one of its lines, an order alone, a line alone."""

Finish = Callable[[OrderRecord, LineRecord, Values], list[LineRecord]]


def just_the_line(_order: OrderRecord, line: LineRecord, _values: Values) -> list[LineRecord]:
    """Leave the row as it is: one line."""
    return [line]


@dataclass(frozen=True)
class Format:
    """A kind of order file.

    `columns` names for each field the headers it has had over the years; `needs` are the fields
    without which a file is not of this format; `must` are the fields every row must fill. With
    `one_row` no order has a second row of goods.
    """

    key: str
    platform: str
    columns: Mapping[str, tuple[str, ...]] = field(repr=False)
    needs: frozenset[str] = field(repr=False)
    must: frozenset[str] = field(repr=False)
    rows: str = WHOLE
    states: Mapping[str, str] = field(default_factory=dict, repr=False)
    refunds: Mapping[str, str] = field(default_factory=dict, repr=False)
    paid_when_silent: bool = False
    cancels_with: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict, repr=False)
    one_row: bool = False
    finish: Finish = field(default=just_the_line, repr=False)

    @property
    def is_whole_order(self) -> bool:
        """Tell whether a row holds everything of its order that the file has."""
        return self.one_row or self.rows == ORDERS

    def positions(self, headers: tuple[str, ...]) -> dict[str, int]:
        """Return where each field stands under these headers, the oldest name first."""
        where = _where(headers)
        found = {}
        for name, aliases in self.columns.items():
            place = next((where[alias] for alias in map(header, aliases) if alias in where), None)
            if place is not None:
                found[name] = place
        return found


def _where(headers: tuple[str, ...]) -> dict[str, int]:
    where: dict[str, int] = {}
    for place, name in enumerate(headers):
        where.setdefault(header(name), place)
    where.pop("", None)
    return where


def columns(**names: str) -> Mapping[str, tuple[str, ...]]:
    """Return a column table; the names a field has had are separated by `|`."""
    return MappingProxyType({field: tuple(each.split("|")) for field, each in names.items()})
