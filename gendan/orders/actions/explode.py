"""Exploding sets: beside the line that bears the money stand the goods that are really sent."""

from collections.abc import Collection

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry

# What the goods of a set are is what the set is made of now, and what its customer took instead;
# what was promised already stays.
BEARERS = """
bearer AS MATERIALIZED (
  SELECT l.id, l.order_id, l.position, l.quantity, l.sku_id, l.is_gift, l.is_cancelled,
    l.refund_state, l.is_set AS was_set,
    EXISTS (SELECT FROM catalog_setpart p WHERE p.set_id = l.sku_id) AS is_set
  FROM orders_line l WHERE l.order_id = ANY(%(orders)s) AND l.part_of_id IS NULL
    AND (l.is_set OR EXISTS (SELECT FROM catalog_setpart p WHERE p.set_id = l.sku_id))
    AND NOT EXISTS (SELECT FROM orders_line x JOIN stock_reservation r ON r.line_id = x.id
                    WHERE x.order_id = l.order_id)
    AND NOT EXISTS (SELECT FROM orders_line x WHERE x.order_id = l.order_id AND x.shipped > 0)
), wanted AS MATERIALIZED (
  SELECT b.id, b.order_id, b.is_gift, b.is_cancelled, b.refund_state, k.id AS part_id,
    p.quantity * b.quantity AS quantity, k.title, k.specification,
    row_number() OVER (PARTITION BY b.order_id ORDER BY b.position, p.id) AS turn
  FROM bearer b JOIN catalog_setpart p ON p.set_id = b.sku_id
  LEFT JOIN orders_swappedpart w ON w.line_id = b.id AND w.part_id = p.part_id
  JOIN catalog_sku k ON k.id = coalesce(w.instead_id, p.part_id)
  WHERE b.is_set
), there AS MATERIALIZED (
  SELECT l.id, l.part_of_id, l.sku_id, l.quantity, l.is_cancelled, l.refund_state
  FROM orders_line l JOIN bearer b ON l.part_of_id = b.id
)
"""
DIFFERS = f"""
WITH {BEARERS}
SELECT EXISTS (SELECT FROM bearer WHERE is_set <> was_set)
  OR EXISTS (
    SELECT FROM wanted w LEFT JOIN there t ON t.part_of_id = w.id AND t.sku_id = w.part_id
    WHERE (w.quantity, w.is_cancelled, w.refund_state)
      IS DISTINCT FROM (t.quantity, t.is_cancelled, t.refund_state))
  OR EXISTS (
    SELECT FROM there t WHERE NOT t.is_cancelled AND NOT EXISTS (
      SELECT FROM wanted w WHERE w.id = t.part_of_id AND w.part_id = t.sku_id))
"""  # noqa: S608 (a text from above)
EXPLODE = f"""
WITH {BEARERS}, marked AS (
  UPDATE orders_line l SET is_set = b.is_set FROM bearer b
  WHERE l.id = b.id AND b.is_set <> b.was_set
), fitted AS (
  UPDATE orders_line l SET quantity = w.quantity, is_cancelled = w.is_cancelled,
    refund_state = w.refund_state
  FROM wanted w WHERE l.part_of_id = w.id AND l.sku_id = w.part_id
    AND (l.quantity, l.is_cancelled, l.refund_state) <> (w.quantity, w.is_cancelled, w.refund_state)
), dropped AS (
  UPDATE orders_line l SET is_cancelled = true FROM there t
  WHERE l.id = t.id AND NOT t.is_cancelled AND NOT EXISTS (
    SELECT FROM wanted w WHERE w.id = t.part_of_id AND w.part_id = t.sku_id)
)
INSERT INTO orders_line (order_id, position, sub_order, sku_id, shop_code, title, specification,
  quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled, refund_state, shipped,
  returned, is_set, part_of_id)
SELECT w.order_id, w.turn + (SELECT max(position) FROM orders_line x WHERE x.order_id = w.order_id),
  '', w.part_id, '', w.title, w.specification, w.quantity, 0, 0, 0, w.is_gift, w.is_cancelled,
  w.refund_state, 0, 0, false, w.id
FROM wanted w WHERE NOT EXISTS (
  SELECT FROM there t WHERE t.part_of_id = w.id AND t.sku_id = w.part_id)
ORDER BY w.order_id, w.turn
"""  # noqa: S608 (a text from above)


def explode(orders: Collection[int], *, by: Actor, why: str = "") -> bool:
    """Let the sets in these orders (by id, locked) stand as their parts; say whether any changed.

    An order for which goods are promised or gone keeps the parts that it has.
    """
    names = {"orders": list(orders)}
    with connection.cursor() as cursor:
        cursor.execute(DIFFERS, names)
        if not cursor.fetchone()[0]:
            return False
        with entry("order.sets_exploded", by=by, why=why):
            cursor.execute(EXPLODE, names)
    return True
