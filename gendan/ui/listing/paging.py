"""Pages that stay put: by key, never by number, so that new rows move nothing.

The order is the column, then the primary key. A cursor is the place of a row in that order, signed,
so that it can stand in an address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable, Expression, OrderBy

SALT = "gendan.ui.listing.cursor"
TYPES: dict[str, Callable[[str], Any]] = {
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
}


@dataclass(frozen=True)
class Order:
    """A column, a direction, and whether the column can be empty; empty ones come last."""

    model: type[Model]
    column: str | Expression | Combinable
    descending: bool
    name: str

    @property
    def nullable(self) -> bool:
        """Whether some rows may have nothing to sort by."""
        if not isinstance(self.column, str):
            return True
        return _nullable(self.model, self.column)

    def apply(self, rows: QuerySet[Any, Any], backward: bool = False) -> QuerySet[Any, Any]:
        """Return the rows in this order, or in its opposite."""
        column = F(self.column) if isinstance(self.column, str) else self.column
        rows = rows.annotate(listed_by=column)
        return rows.order_by(self._by("listed_by", backward), self._by("pk", backward))

    def beyond(self, value: Any, pk: int, backward: bool) -> Q:
        """Return the condition for the rows behind (or before) a place."""
        further = "gt" if self.descending == backward else "lt"
        tied = Q(**{"listed_by": value, f"pk__{further}": pk})
        if value is None:
            null = Q(listed_by__isnull=True)
            onward = null & Q(**{f"pk__{further}": pk})
            return onward | Q(listed_by__isnull=False) if backward else onward
        # The bound on `listed_by` alone lets an index start at the right leaf.
        onward = Q(**{f"listed_by__{further}e": value}) & (
            Q(**{f"listed_by__{further}": value}) | tied
        )
        return onward if backward or not self.nullable else onward | Q(listed_by__isnull=True)

    def _by(self, name: str, backward: bool) -> OrderBy:
        descending = self.descending != backward
        if name == "pk" or not self.nullable:
            return OrderBy(F(name), descending=descending)
        return OrderBy(
            F(name),
            descending=descending,
            nulls_first=backward or None,
            nulls_last=not backward or None,
        )


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages before and behind them (empty if there is none)."""

    rows: list[Any]
    before: str
    behind: str


def page_of(rows: QuerySet[Any, Any], order: Order, cursor: str, size: int) -> Page:
    """Return the page at a cursor; the first one if the cursor is empty or not ours."""
    place = _read(cursor, order)
    backward = bool(place and place[2])
    ordered = order.apply(rows, backward)
    if place:
        ordered = ordered.filter(order.beyond(*place))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    return Page(
        found,
        _write(order, first, True) if first and (more if backward else place) else "",
        _write(order, last, False) if last and (more or backward) else "",
    )


def _write(order: Order, row: Any, backward: bool) -> str:
    return signing.dumps([order.name, _packed(row.listed_by), row.pk, backward], salt=SALT)


def _read(cursor: str, order: Order) -> tuple[Any, int, bool] | None:
    try:
        name, value, pk, backward = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        return None
    return (_unpacked(value), int(pk), bool(backward)) if name == order.name else None


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["instant", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    return ["decimal", str(value)] if isinstance(value, Decimal) else value


def _unpacked(value: Any) -> Any:
    return TYPES[value[0]](value[1]) if isinstance(value, list) else value


def _nullable(model: type[Model], path: str) -> bool:
    current: Any = model
    for name in path.split("__"):
        try:
            field = current._meta.pk if name == "pk" else current._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return True
        if getattr(field, "null", True):
            return True
        current = field.related_model
    return False
