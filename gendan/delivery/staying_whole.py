"""Which orders can't leave in parts: their platform could not be told of the second parcel."""

from collections.abc import Sequence

from django.db import connection

from gendan.delivery.queries.telling import limits
from gendan.stock.presold import stays_whole

# One waybill for the whole order, or lines that the platform knows no sub-order of.
UNTOLD = """
SELECT o.id FROM orders_order o JOIN people_shop p ON p.id = o.shop_id AND p.platform <> %(own)s
LEFT JOIN delivery_shoplimit m ON m.shop_id = p.id
WHERE o.id = ANY(%(orders)s) AND o.platform_order <> '' AND (
  coalesce(m.takes, %(takes)s::jsonb ->> p.platform) = 'WHOLE'
  OR EXISTS (SELECT FROM orders_line l
    WHERE l.order_id = o.id AND NOT l.is_cancelled AND NOT l.is_gift AND l.part_of_id IS NULL
      AND (l.sub_order = '' OR left(l.sub_order, 1) = '~')))
"""


@stays_whole
def untold(orders: Sequence[int]) -> set[int]:
    """Return the orders (by id) whose platform takes no waybill for a part of them."""
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD, {**limits(), "orders": list(orders)})
        return {row[0] for row in cursor.fetchall()}
