"""Locking balances once, in their order, for acts that promise and free goods more than once."""

from collections.abc import Iterable

from django.db import connection

# Everything that orders have or want, and whatever gift may come to them or go, in the one order
# in which balances are locked.
LOCK = """
SELECT FROM stock_balance WHERE sku_id IN (
  SELECT sku_id FROM orders_line WHERE order_id = ANY(%(orders)s)
  UNION SELECT r.sku_id FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
  WHERE l.order_id = ANY(%(orders)s)
  UNION SELECT p.part_id FROM orders_line l JOIN catalog_setpart p ON p.set_id = l.sku_id
  WHERE l.order_id = ANY(%(orders)s)
  UNION SELECT sku_id FROM orders_gifttier
  UNION SELECT p.part_id FROM orders_gifttier t JOIN catalog_setpart p ON p.set_id = t.sku_id)
ORDER BY sku_id, warehouse_id FOR NO KEY UPDATE
"""


def lock(orders: Iterable[int]) -> None:
    """Lock once what an act needs that promises or frees goods of orders (by id) more than once.

    Without orders: the gifts alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"orders": list(orders)})
