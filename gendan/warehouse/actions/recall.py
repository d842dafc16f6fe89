"""Takes shipments back before they leave the house."""

from datetime import datetime

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.contents import forget_checks
from gendan.warehouse.models import PrintPage, Shipment, ShipmentQuerySet
from gendan.warehouse.models.putback import SUBJECT as SUBJECT
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

FETCHED = (Stage.PICKED, Stage.PACKED)

TO_BE_PUT_BACK = """
INSERT INTO warehouse_putback (shipment_id, sku_id, quantity, counted)
SELECT shipment_id, sku_id, sum(quantity), 0 FROM warehouse_shipmentline
WHERE shipment_id = ANY(%s) GROUP BY shipment_id, sku_id ORDER BY shipment_id, sku_id
ON CONFLICT (shipment_id, sku_id) DO NOTHING
"""


def recall(shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str) -> ShipmentQuerySet:
    """Take back shipments that have not left.

    Goods already fetched wait to be scanned back onto the shelf, and printed papers to be
    destroyed, before anything is packed anew.

    What was reserved stays reserved; the caller releases it, or plans the orders again.

    :raises WrongStage: if any of them has left the house
    """
    with entry("shipment.recalled", by=by, why=why):
        chosen = Shipment.objects.numbered(list(shipments.values_list("pk", flat=True)))
        rows = list(chosen.order_by("pk"))
        fetched = [one.pk for one in rows if one.stage in FETCHED and one.pieces]
        waiting = {*fetched, *_with_papers(rows)}
        moved = move(chosen, Stage.RECALLED)
        forget_checks([shipment.pk for shipment in rows])
        if fetched:
            with connection.cursor() as cursor:
                cursor.execute(TO_BE_PUT_BACK, [fetched])
        items = [_item(shipment, why) for shipment in rows if shipment.pk in waiting]
        open_items(items, by=by, now=now)
    return moved


def _with_papers(shipments: list[Shipment]) -> set[int]:
    """Return those whose papers are out: nobody may pack by them any more."""
    printed = PrintPage.objects.filter(shipment__any=[shipment.pk for shipment in shipments])
    return set(printed.exclude(shipment=None).values_list("shipment_id", flat=True))


def _item(shipment: Shipment, why: str) -> NewItem:
    return NewItem(
        kind=Kind.RECALLED,
        subject=SUBJECT,
        subject_id=shipment.pk,
        facts={"number": shipment.number, "waybill": shipment.waybill, "why": why},
        shop_id=shipment.shop_id,
        warehouse_id=shipment.warehouse_id,
        priority=shipment.priority,
    )
