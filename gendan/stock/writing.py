"""Adding movements to the ledger, and moving orders on to the warehouses that serve them.

Balances and reservations follow in the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.stock.models import Movement
from gendan.ui.errors import Refused

ADD = """
INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
                          document, entry_id)
SELECT sku, warehouse, %(movement)s, on_hand, reserved, line, %(document)s, %(entry)s
FROM unnest(%(skus)s::bigint[], %(warehouses)s::bigint[], %(on_hand)s::int[], %(reserved)s::int[],
            %(lines)s::bigint[]) AS n (sku, warehouse, on_hand, reserved, line)
"""


REFUSING = ("balance_", "reservation_positive")
"""What the constraints are called that refuse to promise, or to let go, what is not there."""


class NotEnoughStock(Refused):
    """More was to leave, or to be promised, than is there."""


class Change(NamedTuple):
    """So many pieces of a SKU come to a warehouse (or leave it), and are promised (or freed)."""

    sku_id: int
    warehouse_id: int
    on_hand: int
    reserved: int = 0
    line_id: int | None = None


def write(changes: Iterable[Change], movement: Movement, *, entry: int, document: str = "") -> int:
    """Add the changes to the ledger as part of an open journal entry; return how many.

    :raises NotEnoughStock: if a balance would promise more than is there; nothing is written
    """
    rows = list(changes)
    if not rows:
        return 0
    columns = zip(*rows, strict=True)
    skus, warehouses, on_hand, reserved, lines = (array(column) for column in columns)
    with refusing(len(rows)), connection.cursor() as cursor:
        cursor.execute(
            ADD,
            {
                "movement": movement,
                "document": document,
                "entry": entry,
                "skus": skus,
                "warehouses": warehouses,
                "on_hand": on_hand,
                "reserved": reserved,
                "lines": lines,
            },
        )
    return len(rows)


@contextmanager
def refusing(rows: int) -> Iterator[None]:
    """Say in words of ours that so many rows of the ledger are refused.

    :raises NotEnoughStock: if one would promise more than is there
    """
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error) for name in REFUSING):
            raise
        raise NotEnoughStock(_sentence(rows)) from error


def array(column: Iterable[int | None]) -> str:
    """Return numbers as PostgreSQL reads an array: for thousands, far quicker than as values."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in column) + "}"


def _sentence(rows: int) -> str:
    # The transaction is broken now: nothing more can be asked of the database here.
    if rows > 1:
        return _("There is not enough on hand for some of the goods. Nothing was changed.")
    return _("There is not enough on hand. Nothing was changed.")


def allocate(served: Mapping[int, int]) -> None:
    """Move orders on to the warehouses that serve them, those of one warehouse at a time."""
    by_warehouse: dict[int, list[int]] = defaultdict(list)
    for order, warehouse in served.items():
        by_warehouse[warehouse].append(order)
    for warehouse, orders in by_warehouse.items():
        move(Order.objects.numbered(orders), Stage.ALLOCATED, warehouse_id=warehouse)
