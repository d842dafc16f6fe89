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
SELECT 'reservation', coalesce((
    SELECT o.number || '/' || l.position FROM orders_line l JOIN orders_order o ON o.id = l.order_id
    WHERE l.id = d.line_id
  ), '#' || d.line_id),
  'promised at ' || (SELECT code FROM people_warehouse WHERE id = d.warehouse_id),
  d.expected, d.found
FROM (
  SELECT line_id, warehouse_id, coalesce(l.quantity, 0) AS expected,
    coalesce(r.quantity, 0) AS found
  FROM (
    SELECT line_id, warehouse_id, sum(reserved_change) AS quantity
    FROM stock_ledger WHERE line_id IS NOT NULL GROUP BY line_id, warehouse_id
    HAVING sum(reserved_change) <> 0
  ) l
  FULL JOIN stock_reservation r USING (line_id, warehouse_id)
) d
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
SELECT 'reservation', coalesce(o.number || '/' || l.position, '#' || r.line_id),
  'stage of the order', 'ALLOCATED', coalesce(o.stage, 'none')
FROM stock_reservation r LEFT JOIN orders_line l ON l.id = r.line_id
LEFT JOIN orders_order o ON o.id = l.order_id
WHERE o.stage IS NULL OR o.stage NOT IN ('ALLOCATED', 'COMPLETED', 'CANCELLED')
"""

TOO_MUCH = """
SELECT 'reservation', o.number || '/' || l.position, 'promised and shipped', l.quantity,
  sum(r.quantity) + l.shipped
FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
JOIN orders_order o ON o.id = l.order_id
GROUP BY o.number, l.id HAVING sum(r.quantity) + l.shipped > l.quantity
"""

# An allocated order has a promise for every piece that has not left, or it follows later.
TOO_LITTLE = """
SELECT 'order', o.number || '/' || l.position, 'promised and shipped', l.quantity,
  coalesce(sum(r.quantity), 0) + l.shipped
FROM orders_order o
JOIN orders_line l ON l.order_id = o.id AND NOT l.is_cancelled AND l.sku_id IS NOT NULL
  AND NOT l.is_set
LEFT JOIN stock_reservation r ON r.line_id = l.id
LEFT JOIN stock_rest n ON n.line_id = l.id
WHERE o.stage = 'ALLOCATED' AND l.shipped < l.quantity AND l.refund_state = 'NONE'
GROUP BY o.number, l.id, n.quantity
HAVING coalesce(sum(r.quantity), 0) + l.shipped + coalesce(n.quantity, 0) < l.quantity
"""

OVERDRAWN = """
SELECT 'balance', s.code || ' @ ' || w.code, 'reserved, at most', b.on_hand, b.reserved
FROM stock_balance b
JOIN catalog_sku s ON s.id = b.sku_id JOIN people_warehouse w ON w.id = b.warehouse_id
WHERE b.reserved > b.on_hand OR b.reserved < 0
"""

SHORT = """
SELECT 'order', o.number, 'goods that are short', 'some', 'none'
FROM orders_order o
WHERE o.stage = 'SHORT' AND NOT EXISTS (SELECT FROM stock_shortage s WHERE s.order_id = o.id)
"""

# Pieces that follow later are not promised yet, and the order is on its way.
RESTS = """
SELECT 'rest', o.number || '/' || l.position, 'promised, shipped and to follow', l.quantity,
  coalesce(r.quantity, 0) + l.shipped + n.quantity
FROM stock_rest n JOIN orders_line l ON l.id = n.line_id JOIN orders_order o ON o.id = l.order_id
LEFT JOIN (SELECT line_id, sum(quantity) AS quantity FROM stock_reservation GROUP BY line_id) r
  ON r.line_id = l.id
WHERE o.stage = 'ALLOCATED' AND coalesce(r.quantity, 0) + l.shipped + n.quantity > l.quantity
"""

WAITING = """
SELECT 'shortage case', o.number, 'pieces that the customer waits for', 'some', 'none'
FROM stock_shortagecase c JOIN orders_order o ON o.id = c.order_id
WHERE c.state IN ('ASKED', 'WAITING') AND o.stage IN ('CANCELLED', 'COMPLETED')
  AND o.stage_since < now() - interval '1 hour'
"""

POOLS = """
SELECT 'presale', k.code, 'pieces claimed', coalesce(c.pieces, 0), p.taken
FROM stock_presale p JOIN catalog_sku k ON k.id = p.sku_id
LEFT JOIN (SELECT presale_id, sum(quantity) AS pieces FROM stock_presaleclaim GROUP BY presale_id) c
  ON c.presale_id = p.id
WHERE coalesce(c.pieces, 0) <> p.taken
"""

CHECKS = (
    BALANCES,
    RESERVATIONS,
    PROMISED,
    NOBODYS,
    TOO_MUCH,
    TOO_LITTLE,
    OVERDRAWN,
    SHORT,
    RESTS,
    WAITING,
    POOLS,
)


def differences() -> Iterator[Finding]:
    """Yield everything about stock that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("stock", cursor.fetchall())
