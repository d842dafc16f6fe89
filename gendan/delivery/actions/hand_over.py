"""Gives packed parcels to the carriers: they leave the house, and the stock."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.delivery.models import Handover
from gendan.delivery.models.handover import HandoverQuerySet
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person, Platform
from gendan.stock.actions.ship import Pieces, ship_out
from gendan.ui.errors import Refused
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

# One list for each warehouse and carrier.
LIST = """
WITH lists AS MATERIALIZED (
  SELECT l.*, nextval(pg_get_serial_sequence('delivery_handover', 'id')) AS id FROM (
    SELECT DISTINCT warehouse_id, carrier_id FROM warehouse_shipment
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY warehouse_id, carrier_id) l
), made AS (
  INSERT INTO delivery_handover (id, carrier_id, warehouse_id, handed_by_id)
  SELECT id, carrier_id, warehouse_id, %(person)s FROM lists ORDER BY id
), filled AS (
  INSERT INTO delivery_handover_shipments (handover_id, shipment_id)
  SELECT l.id, s.id FROM warehouse_shipment s JOIN lists l USING (warehouse_id, carrier_id)
  WHERE s.id = ANY(%(ids)s::bigint[]) ORDER BY s.id
)
SELECT id FROM lists
"""

# A platform order that is whole in one parcel is told as a whole, a split one by its sub-orders;
# a line named ~ was named by us, its platform knows no sub-orders. A part of a set goes by the name
# of the set; of a gift from the house (no name at all) the platform knows nothing. Orders and lines
# are looked up row by row (OFFSET keeps it so), since a join may read all the orders of the house.
TELL = """
WITH parts AS MATERIALIZED (
  SELECT sl.shipment_id, sl.order_id, o.shop_id,
    sum(sl.quantity) = (SELECT sum(quantity) FROM orders_line l
      WHERE l.order_id = sl.order_id AND NOT l.is_cancelled AND NOT l.is_set) AS is_whole,
    array_agg(n.sub_order ORDER BY l.position)
      FILTER (WHERE NOT (l.is_gift AND n.sub_order = '')) AS sub_orders
  FROM unnest(%(ids)s::bigint[]) AS chosen (id)
  CROSS JOIN LATERAL (
    SELECT * FROM warehouse_shipmentline WHERE shipment_id = chosen.id OFFSET 0) sl
  CROSS JOIN LATERAL (SELECT * FROM orders_line WHERE id = sl.line_id OFFSET 0) l
  CROSS JOIN LATERAL (SELECT CASE WHEN l.part_of_id IS NULL THEN l.sub_order
    ELSE (SELECT sub_order FROM orders_line WHERE id = l.part_of_id) END AS sub_order) n
  CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = sl.order_id OFFSET 0) o
  JOIN people_shop p ON p.id = o.shop_id AND p.platform <> %(own)s
  WHERE o.platform_order <> ''
  GROUP BY sl.shipment_id, sl.order_id, o.shop_id
), told AS (
  INSERT INTO delivery_writeback (shipment_id, order_id, shop_id, sub_order, state, file, why)
  SELECT DISTINCT shipment_id, order_id, shop_id,
    CASE WHEN is_whole OR left(sub, 1) = '~' THEN '' ELSE sub END,
    'WAITING', '', '' FROM parts, unnest(sub_orders) AS sub ORDER BY 1, 2, 4
  ON CONFLICT (shipment_id, order_id, sub_order) DO NOTHING
)
SELECT DISTINCT shop_id FROM parts ORDER BY shop_id
"""


class NoWaybill(Refused):
    """A parcel has no carrier or no waybill number yet."""


def hand_over(
    shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> HandoverQuerySet:
    """Let packed shipments leave; return the lists that the drivers sign.

    :raises WrongStage: if any of them is not packed
    :raises MustNotShip: if something of them may not leave the house
    :raises NoWaybill: if any of them has no carrier or waybill number
    :raises NotEnoughStock: if the stock says that goods are not there
    """
    ids = sorted(shipments.values_list("pk", flat=True))
    with entry("shipment.shipped", by=by, why=why, count=len(ids)):
        moved = move(Shipment.objects.numbered(ids), Stage.SHIPPED, shipped_at=now)
        refuse_blocked(ids)
        _refuse_unlabelled(moved)
        ship_out(_pieces(ids), by=by)
        lists = _list(ids, by)
        _tell_platforms(ids, by, now)
    return Handover.objects.filter(pk__any=lists)


def _refuse_unlabelled(shipments: ShipmentQuerySet) -> None:
    bare = shipments.filter(waybill="") | shipments.filter(carrier=None)
    if number := bare.values_list("number", flat=True).first():
        raise NoWaybill(
            _("Shipment %(number)s has no carrier or waybill number yet.") % {"number": number}
        )


def _pieces(ids: Sequence[int]) -> list[Pieces]:
    return [
        Pieces(*row)
        for row in ShipmentLine.objects.filter(shipment__any=ids)
        .order_by("sku", "line")
        .values_list("line", "sku", "shipment__warehouse", "quantity")
    ]


def _list(ids: Sequence[int], by: Actor) -> list[int]:
    person = by.pk if isinstance(by, Person) else None
    with connection.cursor() as cursor:
        cursor.execute(LIST, {"ids": list(ids), "person": person})
        return [row[0] for row in cursor.fetchall()]


def _tell_platforms(ids: Sequence[int], by: Actor, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"ids": list(ids), "own": Platform.OWN})
        shops = [row[0] for row in cursor.fetchall()]
    items = [
        NewItem(kind=Kind.WRITE_BACK, subject="write back", subject_id=shop, shop_id=shop)
        for shop in shops
    ]
    open_items(items, by=by, now=now)
