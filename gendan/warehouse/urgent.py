"""What an urgent order means to the warehouse: whom it displaces, and that its parcels follow."""

from collections.abc import Sequence

from django.db import connection

from gendan.orders.models.urgency import LaneStep
from gendan.orders.urgent import Displaced, displaced_by, displaces, follows
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE

# In front of a parcel stand those that were planned earlier, and in a wave those picked earlier.
IN_FRONT = """
WITH mine AS MATERIALIZED (
  SELECT DISTINCT l.order_id, s.id, s.warehouse_id, s.stage, s.wave_id, s.wave_position
  FROM warehouse_shipmentline l JOIN warehouse_shipment s ON s.id = l.shipment_id
  WHERE l.order_id = ANY(%(ids)s) AND s.stage IN ('PLANNED', 'RELEASED')
)
SELECT m.order_id, count(DISTINCT o.id), (array_agg(DISTINCT o.number))[1:%(named)s]
FROM mine m JOIN warehouse_shipment s ON s.priority <= 0 AND s.stage = m.stage
  AND s.warehouse_id = m.warehouse_id
  AND CASE m.stage WHEN 'PLANNED' THEN s.id < m.id
    ELSE s.wave_id = m.wave_id AND s.wave_position < m.wave_position END
JOIN warehouse_shipmentline l ON l.shipment_id = s.id
JOIN orders_order o ON o.id = l.order_id AND o.id <> ALL(%(ids)s)
GROUP BY m.order_id
"""
AS_URGENT_AS_ITS_ORDERS = """
UPDATE warehouse_shipment s SET priority = f.priority
FROM (
  SELECT l.shipment_id AS id, max(o.priority) AS priority
  FROM warehouse_shipmentline l JOIN orders_order o ON o.id = l.order_id
  WHERE l.shipment_id = ANY(%s) GROUP BY l.shipment_id
) f
WHERE s.id = f.id AND s.priority <> f.priority
"""


@displaces(LaneStep.WAVE)
def before_the_wave(ids: Sequence[int]) -> list[Displaced]:
    """Return whose parcels were planned earlier, or are picked earlier in the same wave."""
    return displaced_by(IN_FRONT, ids)


@follows
def parcels(ids: Sequence[int]) -> None:
    """Let the parcels in the house be as urgent as the most urgent order in them."""
    holding = ShipmentLine.objects.filter(order__any=ids).values("shipment")
    inside = Shipment.objects.filter(pk__in=holding, stage__in=IN_THE_HOUSE).order_by("pk")
    locked = list(inside.select_for_update(no_key=True).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(AS_URGENT_AS_ITS_ORDERS, [locked])
