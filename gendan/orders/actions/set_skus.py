"""Saying which of our goods an order's lines mean."""

from collections.abc import Mapping

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, OrderQuerySet

# A line that has none yet, of an order that has not been cancelled; `shop_code` names it.
BY_CODE = """
WITH named AS MATERIALIZED (
  SELECT l.id, c.sku_id FROM orders_line l JOIN orders_order o ON o.id = l.order_id
  JOIN catalog_shopcode c ON c.shop_id = o.shop_id AND c.code = l.shop_code
  WHERE l.sku_id IS NULL AND l.shop_code <> '' AND c.sku_id IS NOT NULL
    AND o.stage NOT IN ('COMPLETED', 'CANCELLED')
  ORDER BY l.id FOR NO KEY UPDATE OF l
)
UPDATE orders_line l SET sku_id = n.sku_id FROM named n WHERE l.id = n.id AND l.sku_id IS NULL
RETURNING l.order_id
"""
WAITING = """
SELECT EXISTS (SELECT FROM orders_line l JOIN orders_order o ON o.id = l.order_id
JOIN catalog_shopcode c ON c.shop_id = o.shop_id AND c.code = l.shop_code
WHERE l.sku_id IS NULL AND l.shop_code <> '' AND c.sku_id IS NOT NULL
  AND o.stage NOT IN ('COMPLETED', 'CANCELLED'))
"""


def set_skus(skus: Mapping[int, int], *, by: Actor, why: str = "") -> OrderQuerySet:
    """Set the SKUs of lines (line id -> SKU id) that have none; return their orders."""
    with entry("order.goods_named", by=by, why=why, count=len(skus)):
        lines = Line.objects.filter(pk__any=list(skus), sku=None).order_by("pk")
        rows = list(lines.select_for_update(no_key=True))
        for line in rows:
            line.sku_id = skus[line.pk]
        Line.objects.bulk_update(rows, ["sku"])
    return Order.objects.numbered({line.order_id for line in rows})


def follow_codes(*, by: Actor, why: str = "") -> OrderQuerySet:
    """Set the SKUs of all lines whose shop code somebody has mapped; return their orders."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        if not cursor.fetchone()[0]:
            return Order.objects.none()
        with entry("order.goods_named", by=by, why=why):
            cursor.execute(BY_CODE)
            return Order.objects.numbered({row[0] for row in cursor.fetchall()})
