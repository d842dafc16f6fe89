"""Adding deliveries up again: what was handed over left the house, and once."""

from collections.abc import Iterator

from django.db import connection

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


def differences() -> Iterator[Finding]:
    """Yield shipments that left otherwise than once, and haste and promises that went astray."""
    with connection.cursor() as cursor:
        for question in (HANDED_OVER, URGENT, ANSWERED):
            cursor.execute(question)
            yield from findings("delivery", cursor.fetchall())
