"""What mistakes have cost as far as the books say: money given back, parcels sent once more."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

# Money given back after goods had left, unless those came back; the price of a parcel that carries
# again what came back, was lost, or had left before; and that of the parcel that was refused. Each
# is the cost of one mistake of its order: the last one found by then, else the first one found.
COSTS = """
WITH asked AS MATERIALIZED (
  SELECT id, order_id, shipment_id, source FROM insight_mistake WHERE id = ANY (%s)
), parcel AS MATERIALIZED (
  SELECT DISTINCT l.order_id, s.id, s.shipped_at, s.stage IN ('REFUSED', 'RETURNED') AS is_back,
    coalesce(c.fee_fen, 0) AS fen
  FROM warehouse_shipmentline l JOIN warehouse_shipment s ON s.id = l.shipment_id
  LEFT JOIN warehouse_carriage c ON c.shipment_id = s.id
  WHERE l.order_id IN (SELECT order_id FROM asked) AND s.shipped_at IS NOT NULL
), sent AS MATERIALIZED (
  SELECT order_id, min(shipped_at) AS first_at, bool_or(is_back) AS is_back FROM parcel GROUP BY 1
), cost AS (
  SELECT 'back' AS what, p.order_id, p.at, -p.amount_fen AS fen
  FROM orders_payment p JOIN sent USING (order_id)
  WHERE p.amount_fen < 0 AND p.at > sent.first_at AND NOT sent.is_back
  UNION ALL
  SELECT 'again', s.order_id, s.shipped_at, s.fen FROM parcel s
  WHERE EXISTS (
    SELECT FROM warehouse_shipmentline a JOIN orders_line n ON n.id = a.line_id
    JOIN warehouse_shipmentline b ON b.line_id = a.line_id AND b.shipment_id <> a.shipment_id
    JOIN warehouse_shipment e ON e.id = b.shipment_id AND e.shipped_at < s.shipped_at
    WHERE a.shipment_id = s.id AND (a.quantity + b.quantity > n.quantity
      OR e.stage IN ('REFUSED', 'RETURNED', 'LOST')))
), charged AS (
  SELECT cost.what, cost.fen, (
    SELECT m.id FROM insight_mistake m
    WHERE m.order_id = cost.order_id AND m.state <> 'DISMISSED'
    ORDER BY m.found_at <= cost.at DESC,
      CASE WHEN m.found_at <= cost.at THEN m.found_at END DESC, m.found_at, m.id
    LIMIT 1) AS id
  FROM cost
)
SELECT a.id, coalesce(c.back, 0)::bigint, coalesce(c.again, 0)::bigint,
  CASE WHEN a.source = 'REFUSED' THEN coalesce(v.fee_fen, 0) ELSE 0 END
FROM asked a
LEFT JOIN (
  SELECT id, sum(fen) FILTER (WHERE what = 'back') AS back,
    sum(fen) FILTER (WHERE what = 'again') AS again FROM charged GROUP BY id) c USING (id)
LEFT JOIN warehouse_carriage v ON v.shipment_id = a.shipment_id
ORDER BY a.id
"""


@dataclass(frozen=True)
class Cost:
    """What is known of a mistake's cost: given back, sent again, and sent in vain."""

    back_fen: int
    again_fen: int
    vain_fen: int

    @property
    def fen(self) -> int:
        """Return all of it."""
        return self.back_fen + self.again_fen + self.vain_fen


def costs(mistakes: Iterable[int]) -> dict[int, Cost]:
    """Return what each of the mistakes has cost so far, as far as the books say."""
    with connection.cursor() as cursor:
        cursor.execute(COSTS, [list(mistakes)])
        return {pk: Cost(*rest) for pk, *rest in cursor.fetchall()}
