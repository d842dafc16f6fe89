"""Says that goods were fetched from their places, were put back, or were not found."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.stock.actions import Found, open_cases
from gendan.stock.models import FoundAt
from gendan.warehouse.contents import add_up
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet, Wave
from gendan.warehouse.move import move, refuse_unless
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

GIVE_BACK = """
DELETE FROM warehouse_shipmentline WHERE id = ANY(%s) RETURNING shipment_id, order_id
"""
# The waves are found by the shipments, not among all shipments that are in waves.
PICKED = """
UPDATE warehouse_wave SET picked_at = %(at)s, picker_id = %(person)s
WHERE picked_at IS NULL AND id = ANY(ARRAY(
  SELECT DISTINCT wave_id FROM warehouse_shipment WHERE id = ANY(%(ids)s::bigint[])))
"""
EMPTY = """
SELECT id FROM warehouse_shipment s WHERE id = ANY(%s)
  AND NOT EXISTS (SELECT FROM warehouse_shipmentline WHERE shipment_id = s.id)
"""


def pick(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Say that the goods of the released shipments have been fetched.

    :raises WrongStage: if any of them is not in a wave
    :raises MustNotShip: if something of them may not leave the house
    """
    with entry("shipment.picked", by=by, why=why):
        moved = move(shipments, Stage.PICKED, out_of=Stage.RELEASED)
        ids = list(moved.values_list("pk", flat=True))
        refuse_blocked(ids)
        _note_picked(ids, by)
    return moved


def _note_picked(ids: Sequence[int], by: Actor) -> None:
    person = by.pk if isinstance(by, Person) else None
    with connection.cursor() as cursor:
        cursor.execute(PICKED, {"ids": list(ids), "at": timezone.now(), "person": person})


def unpick(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Say that the fetched goods were put back into their places; the wave is picked again.

    :raises WrongStage: if any of them is not picked
    """
    with entry("shipment.unpicked", by=by, why=why):
        moved = move(shipments, Stage.RELEASED, out_of=Stage.PICKED)
        Wave.objects.filter(shipments__in=moved).update(picked_at=None, picker=None)
        ShipmentLine.objects.filter(shipment__in=moved, verified__gt=0).update(verified=0)
    return moved


def miss(
    lines: QuerySet[ShipmentLine], *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Give back lines whose goods are not where they should be; return the shipments.

    A shipment left without goods is recalled. What was reserved stays reserved until somebody has
    counted; the order waits on the worklist.

    :raises WrongStage: if any of their shipments is neither released nor picked
    """
    line_ids = list(lines.values_list("pk", flat=True))
    touched = Shipment.objects.filter(lines__in=line_ids)
    with entry("shipment.missed", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(touched, Stage.RELEASED, Stage.PICKED)
        missed = list(_with_names(line_ids))
        items = [_item(line) for line in missed]
        _open_cases(missed, by=by, now=now)
        cursor.execute(GIVE_BACK, [line_ids])
        add_up(ids)
        cursor.execute(EMPTY, [ids])
        move(Shipment.objects.numbered(row[0] for row in cursor.fetchall()), Stage.RECALLED)
        open_items(items, by=by, now=now)
    return Shipment.objects.numbered(ids)


def _open_cases(lines: Sequence[ShipmentLine], *, by: Actor, now: datetime) -> None:
    for stage, at in ((Stage.RELEASED, FoundAt.PICKING), (Stage.PICKED, FoundAt.PACKING)):
        found = [
            Found(n.order_id, n.sku_id, n.quantity, n.line_id, n.shipment.warehouse_id)
            for n in lines
            if n.shipment.stage == stage
        ]
        open_cases(found, at, by=by, now=now)


def _with_names(line_ids: list[int]) -> QuerySet[ShipmentLine]:
    return ShipmentLine.objects.filter(pk__in=line_ids).select_related("shipment", "order", "sku")


def _item(line: ShipmentLine) -> NewItem:
    return NewItem(
        kind=Kind.SHORT,
        subject="order",
        subject_id=line.order_id,
        detail=line.sku.code[:120],
        facts={"sku": line.sku.code, "missing": line.quantity, "number": line.order.number},
        shop_id=line.shipment.shop_id,
        warehouse_id=line.shipment.warehouse_id,
    )
