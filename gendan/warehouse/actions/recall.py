"""Takes shipments back before they leave the house."""

from datetime import datetime

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.contents import forget_checks
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

SUBJECT = "recalled shipment"
FETCHED = (Stage.PICKED, Stage.PACKED)


def recall(shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str) -> ShipmentQuerySet:
    """Take back shipments that have not left; goods already fetched wait to be put back.

    What was reserved stays reserved; the caller releases it, or plans the orders again.

    :raises WrongStage: if any of them has left the house
    """
    with entry("shipment.recalled", by=by, why=why):
        chosen = Shipment.objects.numbered(list(shipments.values_list("pk", flat=True)))
        fetched = [_item(s, why) for s in chosen.order_by("pk") if s.stage in FETCHED]
        moved = move(chosen, Stage.RECALLED)
        forget_checks([shipment.pk for shipment in moved])
        open_items(fetched, by=by, now=now)
    return moved


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
