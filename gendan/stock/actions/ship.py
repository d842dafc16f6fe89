"""Goods that leave the house for an order."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.stock.models import Movement
from gendan.stock.writing import Change, write
from gendan.ui.errors import Refused

SHIPPED = """
WITH gone AS MATERIALIZED (
  SELECT line, sum(quantity) AS quantity
  FROM unnest(%s::bigint[], %s::int[]) AS n (line, quantity) GROUP BY line
), locked AS MATERIALIZED (
  SELECT l.id FROM orders_line l JOIN gone ON gone.line = l.id
  ORDER BY l.id FOR NO KEY UPDATE OF l
)
UPDATE orders_line l SET shipped = l.shipped + gone.quantity
FROM gone JOIN locked ON locked.id = gone.line
WHERE l.id = gone.line
"""


class ShippedTwice(Refused):
    """More would leave than was ordered."""


class Pieces(NamedTuple):
    """Pieces of an order line in a warehouse."""

    line_id: int
    sku_id: int
    warehouse_id: int
    quantity: int


def ship_out(pieces: Sequence[Pieces], *, by: Actor, document: str = "", why: str = "") -> int:
    """Let promised pieces leave: they are neither on hand nor promised any more.

    :raises ShippedTwice: if more pieces of a line would leave than were ordered
    :raises NotEnoughStock: if they are not on hand or not promised
    """
    with entry("stock.shipped", by=by, why=why, document=document, count=len(pieces)) as opened:
        try:
            with connection.cursor() as cursor:
                cursor.execute(SHIPPED, [[p.line_id for p in pieces], [p.quantity for p in pieces]])
        except IntegrityError as error:
            raise ShippedTwice(
                _("These pieces have left already. Load the page again; nothing was changed.")
            ) from error
        changes = [
            Change(p.sku_id, p.warehouse_id, -p.quantity, -p.quantity, p.line_id) for p in pieces
        ]
        return write(changes, Movement.SHIPPED, entry=opened, document=document)
