"""Adding stock up again: balances and promises against the ledger, all of it in SQL."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

BALANCES = """
SELECT 'balance', s.code || ' @ ' || w.code, n.what, n.expected, n.found
FROM (
  SELECT sku_id, warehouse_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
  FROM stock_ledger GROUP BY sku_id, warehouse_id
) l
FULL JOIN stock_balance b USING (sku_id, warehouse_id)
JOIN catalog_sku s ON s.id = sku_id JOIN people_warehouse w ON w.id = warehouse_id
CROSS JOIN LATERAL (VALUES
  ('on hand', coalesce(l.on_hand, 0), coalesce(b.on_hand, 0)),
  ('reserved', coalesce(l.reserved, 0), coalesce(b.reserved, 0))) n (what, expected, found)
WHERE n.expected <> n.found
"""

RESERVATIONS = """
SELECT 'reservation', o.number || '/' || ol.position, 'promised at ' || w.code, d.expected, d.found
FROM (
  SELECT line_id, warehouse_id, coalesce(l.quantity, 0) AS expected,
    coalesce(r.quantity, 0) AS found
  FROM (
    SELECT line_id, warehouse_id, sum(reserved_change) AS quantity
    FROM stock_ledger WHERE line_id IS NOT NULL GROUP BY line_id, warehouse_id
  ) l
  FULL JOIN stock_reservation r USING (line_id, warehouse_id)
) d
JOIN orders_line ol ON ol.id = d.line_id JOIN orders_order o ON o.id = ol.order_id
JOIN people_warehouse w ON w.id = d.warehouse_id
WHERE d.expected <> d.found
"""

PROMISED = """
SELECT 'balance', s.code || ' @ ' || w.code, 'sum of the promises', b.reserved,
  coalesce(r.quantity, 0)
FROM stock_balance b
LEFT JOIN (
  SELECT sku_id, warehouse_id, sum(quantity) AS quantity FROM stock_reservation
  GROUP BY sku_id, warehouse_id
) r USING (sku_id, warehouse_id)
JOIN catalog_sku s ON s.id = b.sku_id JOIN people_warehouse w ON w.id = b.warehouse_id
WHERE b.reserved <> coalesce(r.quantity, 0)
"""

# Promises to an order that is over are given back within seconds; no other order has any.
NOBODYS = """
SELECT 'reservation', o.number || '/' || l.position, 'stage of the order', 'ALLOCATED', o.stage
FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
JOIN orders_order o ON o.id = l.order_id
WHERE o.stage NOT IN ('ALLOCATED', 'COMPLETED', 'CANCELLED')
"""

TOO_MUCH = """
SELECT 'reservation', o.number || '/' || l.position, 'promised and shipped', l.quantity,
  sum(r.quantity) + l.shipped
FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
JOIN orders_order o ON o.id = l.order_id
GROUP BY o.number, l.id HAVING sum(r.quantity) + l.shipped > l.quantity
"""

CHECKS = (BALANCES, RESERVATIONS, PROMISED, NOBODYS, TOO_MUCH)


def differences() -> Iterator[Finding]:
    """Yield everything about stock that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("stock", cursor.fetchall())
