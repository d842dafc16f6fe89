"""Adding shipments up again: their pieces against orders, promises and what left the house."""

from collections.abc import Iterator

from django.db import connection

from gendan.journal.retelling import retold
from gendan.ui.findings import Finding, findings
from gendan.warehouse.stages import Stage

# A recalled or returned shipment has let go of its pieces: they may be in another one. Names are
# looked up for what is wrong only: joined, they would cost more than the adding up.
PIECES = """
SELECT 'order', (SELECT number FROM orders_order WHERE id = l.order_id) || '/' || l.position,
  n.what, n.expected, n.found
FROM orders_line l LEFT JOIN (
  SELECT sl.line_id,
    sum(sl.quantity) FILTER (WHERE s.stage NOT IN ('RECALLED', 'RETURNED')) AS planned,
    sum(sl.quantity) FILTER (
      WHERE s.stage IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'RETURNED', 'LOST')) AS gone
  FROM warehouse_shipmentline sl JOIN warehouse_shipment s ON s.id = sl.shipment_id
  GROUP BY sl.line_id
) g ON g.line_id = l.id
CROSS JOIN LATERAL (VALUES
  ('pieces in shipments, at most', l.quantity, g.planned, g.planned > l.quantity),
  ('shipped', coalesce(g.gone, 0), l.shipped, l.shipped <> coalesce(g.gone, 0))
) n (what, expected, found, is_wrong)
WHERE (g.planned > l.quantity OR l.shipped <> coalesce(g.gone, 0)) AND n.is_wrong
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
WHERE (t.pieces <> s.pieces OR t.kinds <> s.kinds OR t.pieces <> t.verified)
  AND n.asked AND n.expected <> n.found
"""

CONTENTS = """
SELECT 'shipment', (SELECT number FROM warehouse_shipment WHERE id = sl.shipment_id),
  n.what || (SELECT number FROM orders_order WHERE id = l.order_id) || '/' || l.position,
  n.expected, n.found
FROM warehouse_shipmentline sl JOIN orders_line l ON l.id = sl.line_id
CROSS JOIN LATERAL (VALUES
  ('SKU of line ', coalesce(l.sku_id, 0)::text, sl.sku_id::text,
    l.sku_id IS DISTINCT FROM sl.sku_id
    AND (SELECT stage <> 'RECALLED' FROM warehouse_shipment WHERE id = sl.shipment_id)),
  ('order of line ', (SELECT number FROM orders_order WHERE id = l.order_id),
    (SELECT number FROM orders_order WHERE id = sl.order_id), l.order_id <> sl.order_id)
) n (what, expected, found, is_wrong)
WHERE (l.sku_id IS DISTINCT FROM sl.sku_id OR l.order_id <> sl.order_id) AND n.is_wrong
"""

WAYBILLS = """
SELECT 'shipment', string_agg(number, ', ' ORDER BY number), 'parcels with waybill ' || waybill,
  1, count(*)
FROM warehouse_shipment WHERE waybill <> '' AND stage <> 'RECALLED'
GROUP BY carrier_id, waybill HAVING count(*) > 1
"""

# Whatever is or was in a parcel belongs to an order that has come as far as the warehouse.
TOO_EARLY = """
SELECT 'order', o.number, 'stage, with shipment ' || s.number || ' ' || s.stage, 'ALLOCATED',
  o.stage
FROM orders_order o
JOIN warehouse_shipmentline sl ON sl.order_id = o.id
JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage NOT IN ('RECALLED', 'RETURNED')
WHERE o.stage NOT IN ('ALLOCATED', 'COMPLETED', 'CANCELLED')
GROUP BY o.number, o.stage, s.number, s.stage
"""

EMPTY = """
SELECT 'shipment', s.number, 'lines', s.kinds, 0
FROM warehouse_shipment s
WHERE NOT EXISTS (SELECT FROM warehouse_shipmentline sl WHERE sl.shipment_id = s.id)
  AND s.stage <> 'RECALLED'
"""

# Combining and splitting move pieces and lose none: both sides of the record add up to the same.
REGROUPED = """
SELECT 'regrouping', '#' || p.regrouping_id, 'pieces of line ' || n.line || ' before and after',
  sum(n.before), sum(n.after)
FROM warehouse_regroupedparcel p CROSS JOIN LATERAL (
  SELECT key AS line, value::int AS before, 0 AS after FROM jsonb_each_text(p.before)
  UNION ALL SELECT key, 0, value::int FROM jsonb_each_text(p.after)
) n
GROUP BY p.regrouping_id, n.line HAVING sum(n.before) <> sum(n.after)
"""

CHECKS = (PIECES, PROMISED, SUMS, CONTENTS, WAYBILLS, TOO_EARLY, EMPTY, REGROUPED)


def differences() -> Iterator[Finding]:
    """Yield everything about shipments that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("warehouse", cursor.fetchall())
    yield from findings("warehouse", retold("warehouse_shipment", "shipment", Stage.values))
