"""Takes a combined shipment apart again: one shipment for each order."""

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.contents import add_up
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.stages import Stage

# The first order keeps the shipment; each of the others gets one of its own, with its lines.
SEPARATE = """
WITH parts AS MATERIALIZED (
  SELECT p.shipment_id, p.order_id,
    nextval(pg_get_serial_sequence('warehouse_shipment', 'id')) AS new_id
  FROM (
    SELECT DISTINCT shipment_id, order_id, min(order_id) OVER (PARTITION BY shipment_id) AS first
    FROM warehouse_shipmentline WHERE shipment_id = ANY(%(ids)s)
  ) p WHERE p.order_id <> p.first ORDER BY p.shipment_id, p.order_id
), made AS (
  INSERT INTO warehouse_shipment (id, warehouse_id, shop_id, customer_id, buyer, place_key, stage,
    carrier_id, waybill, priority, pieces, kinds, hides_prices, cod_fen, expected_g, weight_why,
    receiver_name, receiver_phone, province, city, district, street, address, division, zip)
  SELECT p.new_id, s.warehouse_id, s.shop_id, s.customer_id, s.buyer, s.place_key, 'PLANNED',
    s.carrier_id, '', s.priority, 0, 0, s.hides_prices, 0, 0, '', s.receiver_name,
    s.receiver_phone, s.province, s.city, s.district, s.street, s.address, s.division, s.zip
  FROM parts p JOIN warehouse_shipment s ON s.id = p.shipment_id ORDER BY p.new_id
), moved AS (
  UPDATE warehouse_shipmentline sl SET shipment_id = p.new_id FROM parts p
  WHERE sl.shipment_id = p.shipment_id AND sl.order_id = p.order_id
)
SELECT new_id FROM parts
"""


def separate(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Give each order of the planned shipments its own; return all of them.

    :raises WrongStage: if any of the shipments is no longer only planned
    """
    with entry("shipment.separated", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(shipments, Stage.PLANNED)
        cursor.execute(SEPARATE, {"ids": ids})
        ids += [row[0] for row in cursor.fetchall()]
        add_up(ids)
    return Shipment.objects.numbered(ids)
