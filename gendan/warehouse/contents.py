"""What a shipment says of its lines: pieces, weight, prices, cash to collect."""

from collections.abc import Sequence

from django.db import connection

from gendan.warehouse.models import ShipmentLine, Tick
from gendan.warehouse.weighing import PACKAGING_G

# Cash is collected once for an order: with the first of its parcels. The shipments themselves need
# not be there yet.
FIGURES = """
held AS MATERIALIZED (
  SELECT shipment_id, order_id, sku_id, quantity FROM warehouse_shipmentline
  WHERE shipment_id = ANY(%(ids)s)
), goods AS MATERIALIZED (
  SELECT h.shipment_id AS id, sum(h.quantity) AS pieces, count(DISTINCT h.sku_id) AS kinds,
    sum(h.quantity * k.weight_g) AS goods_g
  FROM held h JOIN catalog_sku k ON k.id = h.sku_id GROUP BY h.shipment_id
), orders AS MATERIALIZED (
  SELECT h.shipment_id AS id, max(o.priority) AS priority, min(o.promise_at) AS promise_at,
    sum(CASE WHEN o.is_cod AND h.shipment_id = (
        SELECT min(l.shipment_id) FROM warehouse_shipmentline l WHERE l.order_id = o.id
          AND (SELECT stage FROM warehouse_shipment WHERE id = l.shipment_id)
            IS DISTINCT FROM 'RECALLED')
      THEN o.total_fen - o.paid_fen END) AS cod_fen,
    bool_or((SELECT true FROM orders_instruction i
      WHERE i.order_id = o.id AND i.code = 'NO_PRICE' LIMIT 1)) AS hides_prices
  FROM (SELECT DISTINCT shipment_id, order_id FROM held) h
  JOIN orders_order o ON o.id = h.order_id GROUP BY h.shipment_id
), figures AS MATERIALIZED (
  SELECT id, coalesce(g.pieces, 0) AS pieces, coalesce(g.kinds, 0) AS kinds,
    coalesce(g.goods_g, 0) + %(packaging_g)s AS expected_g,
    coalesce(o.priority, 0) AS priority, o.promise_at,
    coalesce(greatest(o.cod_fen, 0), 0) AS cod_fen, coalesce(o.hides_prices, false) AS hides_prices
  FROM unnest(%(ids)s::bigint[]) chosen (id)
  LEFT JOIN goods g USING (id) LEFT JOIN orders o USING (id)
)
"""
ADD_UP = f"""
WITH {FIGURES}
UPDATE warehouse_shipment s SET pieces = f.pieces, kinds = f.kinds, expected_g = f.expected_g,
  priority = f.priority, promise_at = f.promise_at, cod_fen = f.cod_fen,
  hides_prices = f.hides_prices
FROM figures f WHERE s.id = f.id
"""  # noqa: S608 (the text above)


def add_up(ids: Sequence[int]) -> None:
    """Write what follows from the lines of the shipments, after lines were put in or taken out."""
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP, {"ids": list(ids), "packaging_g": PACKAGING_G})


def forget_checks(ids: Sequence[int]) -> None:
    """Take back counts and ticks inside a surrounding act."""
    ShipmentLine.objects.filter(shipment__in=ids, verified__gt=0).update(verified=0)
    Tick.objects.filter(shipment__in=ids).delete()
