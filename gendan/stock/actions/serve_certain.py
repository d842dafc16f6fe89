"""Promising goods to those who get them in any case: they need not wait for those before them.

Where a warehouse has what an order wants and all that is wanted before its turn, it is served
whatever becomes of the others. So such orders can be served by several processes at once, and only
the rest is decided upon one after the other, by `reserve_next`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions.reserve import TURN, close_shortages
from gendan.stock.writing import NotEnoughStock, array, refusing

CERTAIN = """
SELECT w.order_id FROM (
  SELECT l.order_id, l.sku_id,
    sum(l.quantity) OVER (PARTITION BY l.sku_id ORDER BY o.turn) AS pieces
  FROM unnest(%s::bigint[]) WITH ORDINALITY o (id, turn) JOIN orders_line l ON l.order_id = o.id
  WHERE NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
) w
LEFT JOIN stock_balance b ON b.sku_id = w.sku_id AND b.warehouse_id = %s
LEFT JOIN catalog_sku k ON k.id = w.sku_id
GROUP BY w.order_id
HAVING bool_and(coalesce(w.pieces <= b.on_hand - b.reserved - k.safety_stock, false))
ORDER BY w.order_id
"""
OURS = """
SELECT id FROM orders_order
WHERE id = ANY(%s::bigint[]) AND stage = 'READY' AND (warehouse_id IS NULL OR warehouse_id = %s)
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
# They are locked now: what they want stays so.
KNOWN = """
SELECT l.order_id FROM orders_line l
WHERE l.order_id = ANY(%s::bigint[]) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
GROUP BY l.order_id HAVING bool_and(l.sku_id IS NOT NULL)
"""
PROMISE = """
INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
                          document, entry_id)
SELECT l.sku_id, %s, 'RESERVED', 0, l.quantity, l.id, '', %s FROM orders_line l
WHERE l.order_id = ANY(%s::bigint[]) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
"""
TOO_LITTLE = """
SELECT 1 FROM stock_balance b JOIN catalog_sku k ON k.id = b.sku_id
WHERE b.warehouse_id = %s AND b.on_hand - b.reserved < k.safety_stock AND b.sku_id IN (
  SELECT l.sku_id FROM orders_line l WHERE l.order_id = ANY(%s::bigint[])) LIMIT 1
"""


@dataclass(frozen=True)
class Queue:
    """The next orders in their turn, and those of them that a warehouse can serve in any case."""

    orders: Sequence[int]
    certain: Sequence[int]
    warehouse_id: int


def next_in_turn(limit: int) -> Queue | None:
    """Return who is next, and who of them need not wait; nothing without a warehouse."""
    first = Warehouse.objects.filter(is_active=True).order_by("rank", "pk").first()
    if first is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(TURN, [limit])
        orders = [row[0] for row in cursor.fetchall()]
        cursor.execute(CERTAIN, [array(orders), first.pk])
        return Queue(orders, [row[0] for row in cursor.fetchall()], first.pk)


def serve_certain(orders: Sequence[int], warehouse: int, *, by: Actor, now: datetime) -> int:
    """Serve orders from the warehouse that has enough for them in any case; return how many.

    If somebody else has taken of the goods meanwhile, nobody is served here: then it matters again
    whose turn it is.
    """
    try:
        with transaction.atomic():
            ours = _ours(orders, warehouse)
            if ours:
                _serve(ours, warehouse, by=by, now=now)
            return len(ours)
    except NotEnoughStock:
        return 0


def _ours(orders: Sequence[int], warehouse: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(OURS, [array(orders), warehouse])
        locked = [row[0] for row in cursor.fetchall()]
        cursor.execute(KNOWN, [array(locked)])
        return [row[0] for row in cursor.fetchall()]


def _serve(orders: list[int], warehouse: int, *, by: Actor, now: datetime) -> None:
    """Move the orders first: the balances are what all wait for, so they are locked last."""
    these = array(orders)
    with entry("stock.reserved", by=by, count=len(orders)) as opened:
        move(Order.objects.numbered(orders), Stage.ALLOCATED, warehouse_id=warehouse)
        close_shortages(orders, by=by, now=now)
        with refusing(len(orders)), connection.cursor() as cursor:
            cursor.execute(PROMISE, [warehouse, opened, these])
            cursor.execute(TOO_LITTLE, [warehouse, these])
            if cursor.fetchone():
                raise NotEnoughStock(_("Somebody else has taken of the goods meanwhile."))
