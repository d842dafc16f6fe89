"""Closes checked parcels, and opens them again."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.contents import forget_checks
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.warehouse.weighing import differs

LACKING_PIECES = """
SELECT s.number, k.title, sl.quantity - sl.verified
FROM warehouse_shipmentline sl JOIN warehouse_shipment s ON s.id = sl.shipment_id
JOIN catalog_sku k ON k.id = sl.sku_id
WHERE sl.shipment_id = ANY(%(ids)s) AND sl.verified < sl.quantity ORDER BY sl.id LIMIT 1
"""
LACKING_TICKS = """
SELECT s.number, i.id FROM warehouse_shipmentline sl
JOIN warehouse_shipment s ON s.id = sl.shipment_id
JOIN orders_instruction i ON i.order_id = sl.order_id
WHERE sl.shipment_id = ANY(%(ids)s) AND NOT EXISTS (
  SELECT FROM warehouse_tick t WHERE t.shipment_id = s.id AND t.instruction_id = i.id)
ORDER BY s.id, i.id LIMIT 1
"""


class NotComplete(Refused):
    """A piece was not scanned, or an instruction not ticked."""


class WeightDiffers(Refused):
    """The parcel weighs other than its goods, and nobody said why."""


def pack(
    shipments: ShipmentQuerySet,
    *,
    by: Actor,
    weights: Mapping[int, int] | None = None,
    weight_why: str = "",
    why: str = "",
) -> ShipmentQuerySet:
    """Close parcels of which every piece is checked; `weights` are grams by shipment.

    :raises WrongStage: if any of them is not picked
    :raises MustNotShip: if something of them may not leave the house
    :raises NotComplete: if a piece or an instruction has not been checked
    :raises WeightDiffers: if a weight is not the expected one and `weight_why` is empty
    """
    weighed = weights or {}
    with entry("shipment.packed", by=by, why=why or weight_why):
        moved = move(
            shipments,
            Stage.PACKED,
            each={"weight_g": weighed},
            weight_why=weight_why.strip()[:200],
            packed_by_id=by.pk if isinstance(by, Person) else None,
            packed_at=sql.SQL("now()"),
        )
        ids = list(moved.values_list("pk", flat=True))
        refuse_blocked(ids)
        _refuse_incomplete(ids)
        if not weight_why.strip():
            _refuse_differing(moved.filter(pk__any=weighed))
    return moved


def _refuse_incomplete(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LACKING_PIECES, {"ids": list(ids)})
        if found := cursor.fetchone():
            raise NotComplete(
                _("%(number)s: %(missing)s × %(title)s not scanned yet.")
                % {"number": found[0], "title": found[1], "missing": found[2]}
            )
        cursor.execute(LACKING_TICKS, {"ids": list(ids)})
        if found := cursor.fetchone():
            raise NotComplete(
                _("%(number)s: tick every special instruction first.") % {"number": found[0]}
            )


def _refuse_differing(weighed: ShipmentQuerySet) -> None:
    for number, weight_g, expected_g in weighed.order_by("pk").values_list(
        "number", "weight_g", "expected_g"
    ):
        if weight_g is not None and differs(weight_g, expected_g):
            raise WeightDiffers(
                _("%(number)s weighs %(weight)s g instead of %(expected)s g. Check it, or say why.")
                % {"number": number, "weight": weight_g, "expected": expected_g}
            )


def unpack(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Open packed parcels again; every piece has to be checked anew.

    :raises WrongStage: if any of them is not packed
    """
    with entry("shipment.unpacked", by=by, why=why):
        moved = move(shipments, Stage.PICKED, out_of=Stage.PACKED)
        moved.update(packed_by=None, packed_at=None, weight_g=None, weight_why="")
        forget_checks([shipment.pk for shipment in moved])
    return moved
