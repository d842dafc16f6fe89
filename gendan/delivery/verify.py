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


def differences() -> Iterator[Finding]:
    """Yield every shipment that left otherwise than once."""
    with connection.cursor() as cursor:
        cursor.execute(HANDED_OVER)
        yield from findings("delivery", cursor.fetchall())
