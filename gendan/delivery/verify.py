"""Adding deliveries up again: what was handed over left the house, and once."""

from collections.abc import Iterator

from django.db import connection

from gendan.orders.stages import IN_HAND
from gendan.ui.findings import Finding, findings

HANDED_OVER = """
SELECT 'shipment', s.number, 'lists of what was handed over, at most',
  (s.stage IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'RETURNED', 'LOST'))::int, h.lists
FROM (
  SELECT shipment_id, count(*) AS lists FROM delivery_handover_shipments GROUP BY shipment_id
) h
JOIN warehouse_shipment s ON s.id = h.shipment_id
WHERE h.lists > (s.stage IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'RETURNED', 'LOST'))::int
"""

URGENT = """
SELECT 'order', o.number, 'priority in the urgent lane, at least', 1, o.priority
FROM orders_urgency u JOIN orders_order o ON o.id = u.order_id
WHERE u.ended_at IS NULL AND o.priority <= 0
"""

# What a customer has answered was carried out in the same transaction.
ANSWERED = """
SELECT 'order', o.number, 'answered questions about another date that are still open', 0, 1
FROM delivery_promise p JOIN desk_message m ON m.id = p.message_id AND m.state = 'ANSWERED'
JOIN orders_order o ON o.id = p.order_id WHERE p.state = 'PROPOSED'
"""

# A platform is told one waybill of an order or sub-order, unless it counts the pieces. What came
# back, or was lost, may have been sent again.
TOLD_TWICE = """
SELECT 'order', o.number || rtrim('/' || b.sub_order, '/'), 'waybills told the platform, at most',
  1, count(*)
FROM delivery_writeback b JOIN orders_order o ON o.id = b.order_id
JOIN warehouse_shipment s ON s.id = b.shipment_id AND s.stage IN ('SHIPPED', 'DELIVERED')
WHERE b.state <> 'IMPOSSIBLE' AND b.pieces IS NULL
GROUP BY o.number, b.sub_order HAVING count(*) > 1
"""

# The forecast of an order that is over ends with the next one of all, within the hour.
FORETOLD = """
SELECT 'order', o.number, 'forecasts of an order that is over', 0, 1
FROM delivery_forecast f JOIN orders_order o ON o.id = f.order_id
WHERE o.stage <> ALL(%s)
  AND o.stage_since < (SELECT max(counted_at) FROM delivery_forecast) - interval '2 hours'
"""


def differences() -> Iterator[Finding]:
    """Yield what left or was told otherwise than once; haste, promises, forecasts gone astray."""
    with connection.cursor() as cursor:
        for question in (HANDED_OVER, URGENT, ANSWERED, TOLD_TWICE):
            cursor.execute(question)
            yield from findings("delivery", cursor.fetchall())
        cursor.execute(FORETOLD, [[*IN_HAND]])
        yield from findings("delivery", cursor.fetchall())
