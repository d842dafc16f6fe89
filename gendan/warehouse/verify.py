"""Adding shipments up again: their pieces against orders, promises and what left the house."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

# A recalled or returned shipment has let go of its pieces: they may be in another one.
ORDERED = """
SELECT 'order', o.number || '/' || l.position, 'pieces in shipments, at most', l.quantity,
  sum(sl.quantity)
FROM warehouse_shipmentline sl
JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage NOT IN ('RECALLED', 'RETURNED')
JOIN orders_line l ON l.id = sl.line_id JOIN orders_order o ON o.id = l.order_id
GROUP BY o.number, l.id HAVING sum(sl.quantity) > l.quantity
"""

LEFT = """
SELECT 'order', o.number || '/' || l.position, 'shipped', coalesce(g.quantity, 0), l.shipped
FROM orders_line l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN (
  SELECT sl.line_id, sum(sl.quantity) AS quantity FROM warehouse_shipmentline sl
  JOIN warehouse_shipment s ON s.id = sl.shipment_id
  WHERE s.stage IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'RETURNED', 'LOST') GROUP BY sl.line_id
) g ON g.line_id = l.id
WHERE l.shipped <> coalesce(g.quantity, 0)
"""

# What is being handled is promised; of what is promised, some may not be planned yet.
PROMISED = """
SELECT 'order', o.number || '/' || l.position, 'promised at ' || w.code || ', at least',
  h.quantity, coalesce(r.quantity, 0)
FROM (
  SELECT sl.line_id, s.warehouse_id, sum(sl.quantity) AS quantity FROM warehouse_shipmentline sl
  JOIN warehouse_shipment s ON s.id = sl.shipment_id
  WHERE s.stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED') GROUP BY sl.line_id, s.warehouse_id
) h
LEFT JOIN stock_reservation r ON r.line_id = h.line_id AND r.warehouse_id = h.warehouse_id
JOIN orders_line l ON l.id = h.line_id JOIN orders_order o ON o.id = l.order_id
JOIN people_warehouse w ON w.id = h.warehouse_id
WHERE h.quantity > coalesce(r.quantity, 0) AND o.stage <> 'CANCELLED'
"""

SUMS = """
SELECT 'shipment', s.number, n.what, n.expected, n.found
FROM warehouse_shipment s
JOIN (
  SELECT shipment_id, sum(quantity) AS pieces, count(DISTINCT sku_id) AS kinds,
    sum(verified) AS verified
  FROM warehouse_shipmentline GROUP BY shipment_id
) t ON t.shipment_id = s.id
CROSS JOIN LATERAL (VALUES
  ('pieces', t.pieces, s.pieces::bigint, true),
  ('kinds of goods', t.kinds, s.kinds::bigint, true),
  ('verified', t.pieces, t.verified, s.stage IN ('PACKED', 'SHIPPED', 'DELIVERED'))
) n (what, expected, found, asked)
WHERE n.asked AND n.expected <> n.found
"""

SKUS = """
SELECT 'shipment', s.number, 'SKU of line ' || o.number || '/' || l.position,
  coalesce(l.sku_id, 0), sl.sku_id
FROM warehouse_shipmentline sl
JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage <> 'RECALLED'
JOIN orders_line l ON l.id = sl.line_id JOIN orders_order o ON o.id = l.order_id
WHERE l.sku_id IS DISTINCT FROM sl.sku_id
"""

CHECKS = (ORDERED, LEFT, PROMISED, SUMS, SKUS)


def differences() -> Iterator[Finding]:
    """Yield everything about shipments that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("warehouse", cursor.fetchall())
