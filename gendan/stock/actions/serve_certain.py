"""Promising goods to those who get them in any case: they need not wait for those before them.

Such orders (`stock/turns.py`) can be served by several processes at once; only the rest is decided
upon one after the other, by `reserve_next`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.stock.actions.reserve import close_shortages
from gendan.stock.writing import NotEnoughStock, array, refusing

OURS = """
SELECT id FROM orders_order
WHERE id = ANY(%s::bigint[]) AND stage = 'READY' AND (warehouse_id IS NULL OR warehouse_id = %s)
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
# They are locked now: what they want stays so. Who waits for a part of it is served in its turn.
KNOWN = """
SELECT l.order_id FROM orders_line l
WHERE l.order_id = ANY(%s::bigint[]) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
  AND NOT l.is_set AND NOT EXISTS (
    SELECT FROM stock_presaleclaim c WHERE c.order_id = l.order_id AND c.waits_until > now())
GROUP BY l.order_id HAVING bool_and(l.sku_id IS NOT NULL)
"""
PROMISE = """
INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
                          document, entry_id)
SELECT l.sku_id, %s, 'RESERVED', 0, l.quantity - l.shipped, l.id, '', %s FROM orders_line l
WHERE l.order_id = ANY(%s::bigint[]) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
  AND NOT l.is_set AND l.quantity > l.shipped
"""
# What the rows name is looked up as they are written: not at the end, with the balances locked.
AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"
IN_THE_END = "SET CONSTRAINTS ALL DEFERRED"  # again: what follows may not be of this act
TOO_LITTLE = """
SELECT 1 FROM stock_balance b JOIN catalog_sku k ON k.id = b.sku_id
WHERE b.warehouse_id = %s AND b.on_hand - b.reserved < k.safety_stock AND b.sku_id IN (
  SELECT l.sku_id FROM orders_line l WHERE l.order_id = ANY(%s::bigint[])) LIMIT 1
"""


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
            cursor.execute(AT_ONCE)
            cursor.execute(PROMISE, [warehouse, opened, these])
            cursor.execute(IN_THE_END)
            cursor.execute(TOO_LITTLE, [warehouse, these])
            if cursor.fetchone():
                raise NotEnoughStock(_("Somebody else has taken of the goods meanwhile."))
