"""Adding orders up again: goods against lines, payments, pieces shipped and returned."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

GOODS = """
SELECT 'order', o.number, 'value of the goods (fen)', coalesce(sum(l.total_fen), 0), o.goods_fen
FROM orders_order o LEFT JOIN orders_line l ON l.order_id = o.id AND NOT l.is_cancelled
GROUP BY o.id HAVING coalesce(sum(l.total_fen), 0) <> o.goods_fen
"""

TOTALS = """
SELECT 'order', number, 'to pay (fen)', goods_fen - discount_fen + postage_fen + adjust_fen,
  total_fen
FROM orders_order WHERE total_fen <> goods_fen - discount_fen + postage_fen + adjust_fen
"""

PAYMENTS = """
SELECT 'order', o.number, n.what, n.expected, n.found
FROM orders_order o
LEFT JOIN (
  SELECT order_id, coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS paid,
    coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS refunded
  FROM orders_payment GROUP BY order_id
) p ON p.order_id = o.id
CROSS JOIN LATERAL (VALUES
  ('paid (fen)', coalesce(p.paid, 0), o.paid_fen),
  ('refunded (fen)', coalesce(p.refunded, 0), o.refunded_fen)) n (what, expected, found)
WHERE n.expected <> n.found
"""

LINES = """
SELECT 'order', o.number || '/' || l.position, n.what, n.expected, n.found
FROM orders_line l JOIN orders_order o ON o.id = l.order_id
CROSS JOIN LATERAL (VALUES
  ('total (fen)', l.quantity * l.price_fen - l.discount_fen,
    l.total_fen, l.total_fen = l.quantity * l.price_fen - l.discount_fen),
  ('shipped, at most', l.quantity, l.shipped, l.shipped <= l.quantity),
  ('returned, at most', l.shipped, l.returned, l.returned <= l.shipped)
) n (what, expected, found, fits)
WHERE NOT n.fits
"""

CHECKS = (GOODS, TOTALS, PAYMENTS, LINES)


def differences() -> Iterator[Finding]:
    """Yield everything about orders that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("orders", cursor.fetchall())
