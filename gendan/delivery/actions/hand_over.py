"""Gives packed parcels to the carriers: they leave the house, and the stock."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.delivery.models import Handover
from gendan.delivery.models.handover import HandoverQuerySet
from gendan.delivery.queries.telling import JUDGED, limits
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
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

# What the first of an order's parcels tells counts for the next. So those that hold only a part of
# an order take turns, each from here to the end of its transaction: what is asked afterwards sees
# what the one before has told. Nothing else waits for these locks, so nobody waits in a ring.
TURNS = """
SELECT pg_advisory_xact_lock(hashtextextended('delivery.tell', order_id)) FROM (
  SELECT DISTINCT held.order_id FROM unnest(%(ids)s::bigint[]) AS chosen (id)
  CROSS JOIN LATERAL (
    SELECT order_id, sum(quantity) AS pieces FROM warehouse_shipmentline
    WHERE shipment_id = chosen.id GROUP BY order_id OFFSET 0) held
  WHERE held.pieces <> (
    SELECT sum(quantity) FROM orders_line
    WHERE order_id = held.order_id AND NOT is_cancelled AND NOT is_set)
  ORDER BY held.order_id OFFSET 0
) parted
"""
TELL = f"""
WITH {JUDGED}, told AS (
  INSERT INTO delivery_writeback
    (shipment_id, order_id, shop_id, sub_order, pieces, state, file, why)
  SELECT shipment_id, order_id, shop_id, sub_order, CASE WHEN is_counted THEN pieces END,
    CASE WHEN is_taken THEN 'WAITING' ELSE 'IMPOSSIBLE' END, '',
    CASE WHEN is_taken THEN '' WHEN sub_order = '' THEN %(once)s ELSE %(once_each)s END
  FROM judged ORDER BY shipment_id, order_id, sub_order
  ON CONFLICT (shipment_id, order_id, sub_order) DO NOTHING
)
SELECT DISTINCT shop_id FROM judged WHERE is_taken ORDER BY shop_id
"""  # noqa: S608 (the text of `telling`)


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
        once = _("The platform takes one waybill for the order; another parcel has told its own.")
        each = _("The platform takes one waybill for a sub-order; another parcel has told its own.")
        cursor.execute(TURNS, {"ids": list(ids)})
        cursor.execute(TELL, {**limits(), "ids": list(ids), "once": once, "once_each": each})
        shops = [row[0] for row in cursor.fetchall()]
    items = [
        NewItem(kind=Kind.WRITE_BACK, subject="write back", subject_id=shop, shop_id=shop)
        for shop in shops
    ]
    open_items(items, by=by, now=now)
