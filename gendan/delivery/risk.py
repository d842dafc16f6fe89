"""What follows from a forecast or another promise, as parts of the act that is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from gendan.delivery.models import reckoning
from gendan.orders.stages import IN_HAND
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE

# A wish is kept by arriving, any other promise by leaving; parts that travel apart each keep their
# own. Who has kept it risks nothing more: of what has left, only wishes are weighed again.
RISK = """
WITH part AS MATERIALIZED (
  SELECT order_id, min(promise_at) AS promise_at,
    bool_or(forecast_ship_at > promise_at - %(margin)s) AS is_risky
  FROM delivery_partforecast WHERE step <> '' GROUP BY order_id
), weighed AS (
  SELECT f.id, o.total_fen - o.refunded_fen AS fen, s.platform,
    CASE WHEN o.stage <> ALL(%(stages)s) OR o.promise_at IS NULL OR (f.step = '' AND
        (o.wish_on IS NULL OR f.forecast_arrive_at <= %(now)s)) THEN 'NONE'
      WHEN o.promise_at < %(now)s OR part.promise_at < %(now)s THEN 'LATE'
      WHEN o.wish_on IS NULL AND part.is_risky THEN 'AT_RISK'
      WHEN CASE WHEN o.wish_on IS NULL THEN f.forecast_ship_at ELSE f.forecast_arrive_at END
        > o.promise_at - %(margin)s THEN 'AT_RISK' ELSE 'NONE' END AS risk
  FROM delivery_forecast f JOIN orders_order o ON o.id = f.order_id
  JOIN people_shop s ON s.id = o.shop_id
  LEFT JOIN part ON part.order_id = o.id
  WHERE (o.stage = ANY(%(stages)s) OR f.risk <> 'NONE')
    AND (%(orders)s::bigint[] IS NULL AND (f.step <> '' OR f.risk <> 'NONE'
        OR f.promise_source IN ('AGREED', 'WISH')) OR f.order_id = ANY(%(orders)s))
), priced AS (
  SELECT w.id, w.risk, CASE w.risk WHEN 'NONE' THEN 0 ELSE w.fen + coalesce(
    greatest(p.least_fen, least(w.fen * p.permille / 1000, p.most_fen)), 0) END AS fen
  FROM weighed w LEFT JOIN delivery_penalty p ON p.platform = w.platform
)
UPDATE delivery_forecast f SET risk = p.risk, fen_at_risk = p.fen
FROM priced p WHERE f.id = p.id AND (f.risk, f.fen_at_risk) IS DISTINCT FROM (p.risk, p.fen)
"""
PROMISED_AS_ITS_ORDERS = """
UPDATE warehouse_shipment s SET promise_at = f.promise_at
FROM (
  SELECT l.shipment_id AS id, min(o.promise_at) AS promise_at
  FROM warehouse_shipmentline l JOIN orders_order o ON o.id = l.order_id
  WHERE l.shipment_id = ANY(%s) GROUP BY l.shipment_id
) f
WHERE s.id = f.id AND s.promise_at IS DISTINCT FROM f.promise_at
"""
PARTS_AS_THEIR_ORDERS = """
UPDATE delivery_partforecast p SET promise_at = o.promise_at FROM orders_order o
WHERE o.id = p.order_id AND p.order_id = ANY(%s) AND p.promise_at IS DISTINCT FROM o.promise_at
"""


def weigh(*, now: datetime, orders: Sequence[int] | None = None) -> None:
    """Say of all orders, or of these, what their forecasts risk."""
    chosen = None if orders is None else list(orders)
    asked: dict[str, Any] = {"now": now, "stages": [*IN_HAND], "orders": chosen}
    asked["margin"] = reckoning().margin
    with connection.cursor() as cursor:
        cursor.execute(RISK, asked)


def parcels_follow(orders: Sequence[int]) -> None:
    """Let parcels in the house, and parts that travel apart, be promised as their orders are."""
    holding = ShipmentLine.objects.filter(order__any=orders).values("shipment")
    inside = Shipment.objects.filter(pk__in=holding, stage__in=IN_THE_HOUSE).order_by("pk")
    locked = list(inside.select_for_update(no_key=True).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(PROMISED_AS_ITS_ORDERS, [locked])
        cursor.execute(PARTS_AS_THEIR_ORDERS, [list(orders)])
