"""What a shipment says of its lines: pieces, weight, prices, cash to collect."""

from collections.abc import Sequence

from django.db import connection

from gendan.warehouse.models import ShipmentLine, Tick
from gendan.warehouse.weighing import PACKAGING_G

# Cash is collected once for an order: with the first of its parcels.
ADD_UP = """
WITH counted AS (
  SELECT s.id, coalesce(sum(sl.quantity), 0) AS pieces, count(DISTINCT sl.sku_id) AS kinds,
    coalesce(sum(sl.quantity * k.weight_g), 0) AS goods_g,
    coalesce(max(o.priority), 0) AS priority, min(o.promise_at) AS promise_at
  FROM warehouse_shipment s
  LEFT JOIN warehouse_shipmentline sl ON sl.shipment_id = s.id
  LEFT JOIN catalog_sku k ON k.id = sl.sku_id
  LEFT JOIN orders_order o ON o.id = sl.order_id
  WHERE s.id = ANY(%(ids)s) GROUP BY s.id
), cash AS (
  SELECT sl.shipment_id AS id, sum(o.total_fen - o.paid_fen) AS cod_fen
  FROM (SELECT DISTINCT shipment_id, order_id FROM warehouse_shipmentline
        WHERE shipment_id = ANY(%(ids)s)) sl
  JOIN orders_order o ON o.id = sl.order_id AND o.is_cod
  WHERE sl.shipment_id = (
    SELECT min(first.shipment_id) FROM warehouse_shipmentline first
    JOIN warehouse_shipment f ON f.id = first.shipment_id AND f.stage <> 'RECALLED'
    WHERE first.order_id = sl.order_id)
  GROUP BY sl.shipment_id
)
UPDATE warehouse_shipment s SET
  pieces = c.pieces, kinds = c.kinds, expected_g = c.goods_g + %(packaging_g)s,
  priority = c.priority, promise_at = c.promise_at,
  cod_fen = coalesce((SELECT greatest(cod_fen, 0) FROM cash WHERE cash.id = s.id), 0),
  hides_prices = EXISTS (
    SELECT FROM warehouse_shipmentline sl
    JOIN orders_instruction i ON i.order_id = sl.order_id AND i.code = 'NO_PRICE'
    WHERE sl.shipment_id = s.id)
FROM counted c WHERE c.id = s.id
"""


def add_up(ids: Sequence[int]) -> None:
    """Write what follows from the lines of the shipments, after lines were put in or taken out."""
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP, {"ids": list(ids), "packaging_g": PACKAGING_G})


def forget_checks(ids: Sequence[int]) -> None:
    """Take back counts and ticks inside a surrounding act."""
    ShipmentLine.objects.filter(shipment__in=ids, verified__gt=0).update(verified=0)
    Tick.objects.filter(shipment__in=ids).delete()
