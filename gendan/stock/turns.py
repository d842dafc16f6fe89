"""Whose turn it is to be served, and who of them is served whatever becomes of the others.

That is who wants no more of anything than a warehouse has left when all before have what they want.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from gendan.people.models import Warehouse
from gendan.stock.presold import ALL_WAITS, WAITS_FOR_ITS_DAY
from gendan.stock.queries.sourcing import preferences
from gendan.stock.writing import array

# Released orders, and short ones whose SKUs have all come somewhere; not what is sold in a presale
# and goes out later.
CAN_BE_SERVED = f"""(o.stage = 'READY' OR (o.stage = 'SHORT' AND NOT EXISTS (
  SELECT FROM stock_shortage s WHERE s.order_id = o.id AND NOT EXISTS (
    SELECT FROM stock_balance b JOIN catalog_sku k ON k.id = b.sku_id
    WHERE b.sku_id = s.sku_id AND b.on_hand - b.reserved
      - CASE WHEN (SELECT uses_safety_stock FROM people_shop WHERE id = o.shop_id)
        THEN 0 ELSE k.safety_stock END >= (
        SELECT sum(l.quantity - l.shipped) FROM orders_line l
        WHERE l.order_id = o.id AND l.sku_id = s.sku_id AND NOT l.is_cancelled
          AND l.refund_state <> 'REFUNDED' AND NOT {WAITS_FOR_ITS_DAY})))))
  AND NOT {ALL_WAITS}"""  # noqa: S608 (conditions of our own)

# The next orders in their turn. It walks along an index and stops, however many wait.
TURN = f"""
SELECT o.id FROM orders_order o WHERE {CAN_BE_SERVED}
ORDER BY o.priority DESC, o.paid_at, o.id LIMIT %s
"""  # noqa: S608 (a condition of our own)

# Those whom somebody has put first.
PREFERRED = f"""
SELECT o.id FROM orders_order o
WHERE o.id IN (SELECT order_id FROM stock_precedence) AND {CAN_BE_SERVED} ORDER BY o.id
"""  # noqa: S608 (a condition of our own)

# Orders that a presale has pieces for, which they have not claimed yet.
UNCLAIMED = """
SELECT l.order_id FROM stock_presale p
JOIN orders_line l ON l.sku_id = p.sku_id AND l.order_id = ANY(%s::bigint[])
JOIN orders_order o ON o.id = l.order_id
WHERE o.placed_at >= p.begins_at AND o.placed_at < p.ends_at
  AND (p.shop_id IS NULL OR p.shop_id = o.shop_id) AND p.ships_on > %s
  AND p.taken + l.quantity <= p.pool AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
  AND NOT EXISTS (SELECT FROM stock_presaleclaim c WHERE c.line_id = l.id)
"""

CERTAIN = """
SELECT w.order_id FROM (
  SELECT l.order_id, l.sku_id,
    sum(l.quantity - l.shipped) OVER (PARTITION BY l.sku_id ORDER BY o.turn) AS pieces
  FROM unnest(%s::bigint[]) WITH ORDINALITY o (id, turn) JOIN orders_line l ON l.order_id = o.id
  WHERE NOT l.is_cancelled AND l.refund_state <> 'REFUNDED' AND NOT l.is_set
) w
LEFT JOIN stock_balance b ON b.sku_id = w.sku_id AND b.warehouse_id = %s
LEFT JOIN catalog_sku k ON k.id = w.sku_id
GROUP BY w.order_id
HAVING bool_and(coalesce(w.pieces <= b.on_hand - b.reserved - k.safety_stock, false))
ORDER BY w.order_id
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
        orders = apart([row[0] for row in cursor.fetchall()])
        cursor.execute(CERTAIN, [array(orders), first.pk])
        certain = [row[0] for row in cursor.fetchall()]
    wanted = preferences(certain, now=timezone.now())
    certain = [pk for pk in certain if wanted.get(pk, [first.pk])[0] == first.pk]
    return Queue(orders, certain, first.pk)


def apart(orders: Sequence[int]) -> list[int]:
    """Return the orders without those that are to claim pieces of a presale first."""
    if not orders:
        return []
    with connection.cursor() as cursor:
        cursor.execute(UNCLAIMED, [array(orders), timezone.localdate()])
        unclaimed = {row[0] for row in cursor.fetchall()}
    return [order for order in orders if order not in unclaimed]
