"""What is short while an order is being placed: a later room says when it comes, and remembers it.

A room that knows replaces the functions of `LATER`; without one nothing is known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gendan.journal.actors import Actor
from gendan.orders.models import Order

Pieces = Mapping[int, int]  # of each SKU (by id)


@dataclass(frozen=True)
class Lack:
    """So many pieces of a SKU are wanted and there; when the others can leave, if that is known."""

    sku_id: int
    code: str
    wanted: int
    there: int
    leaves_on: date | None = None

    @property
    def missing(self) -> int:
        return self.wanted - self.there


@dataclass
class Later:
    """What this room asks of a later one."""

    leaves_on: Callable[[Pieces], Mapping[int, date]]
    remember: Callable[[Order, Pieces, Actor, datetime], None]


LATER = Later(lambda wanted: {}, lambda order, missing, by, now: None)


def lacks(rows: Sequence[tuple[int, str, int, int]]) -> list[Lack]:
    """Return what is short of what is wanted: rows of SKU id, code, pieces wanted and free."""
    short = [row for row in rows if row[2] > row[3]]
    if not short:
        return []
    days = LATER.leaves_on({sku: wanted for sku, _code, wanted, _free in short})
    return [
        Lack(sku, code, wanted, max(free, 0), days.get(sku)) for sku, code, wanted, free in short
    ]


def told_of(order: Order, found: Sequence[Lack], *, by: Actor, now: datetime) -> None:
    """Remember that the customer of an order heard that goods are short."""
    if found:
        LATER.remember(order, {lack.sku_id: lack.missing for lack in found}, by, now)
