"""Closes checked parcels, and opens them again."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.contents import forget_checks
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentQuerySet
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
CLOSE = """
UPDATE warehouse_shipment s SET packed_by_id = %(person)s, packed_at = now(),
  weight_g = w.weight_g, weight_why = %(weight_why)s
FROM unnest(%(ids)s::bigint[]) chosen
LEFT JOIN unnest(%(weighed)s::bigint[], %(weights)s::int[]) AS w (id, weight_g) ON w.id = chosen
WHERE s.id = chosen
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
        moved = move(shipments, Stage.PACKED)
        parcels = {shipment.pk: shipment for shipment in moved}
        refuse_blocked([*parcels])
        _refuse_incomplete([*parcels])
        if not weight_why.strip():
            _refuse_differing(parcels, weighed)
        _close([*parcels], weighed, weight_why, by)
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


def _refuse_differing(parcels: Mapping[int, Shipment], weights: Mapping[int, int]) -> None:
    for pk, weight_g in weights.items():
        if differs(weight_g, parcels[pk].expected_g):
            raise WeightDiffers(
                _("%(number)s weighs %(weight)s g instead of %(expected)s g. Check it, or say why.")
                % {
                    "number": parcels[pk].number,
                    "weight": weight_g,
                    "expected": parcels[pk].expected_g,
                }
            )


def _close(ids: Sequence[int], weights: Mapping[int, int], weight_why: str, by: Actor) -> None:
    values = {
        "ids": list(ids),
        "weighed": [*weights],
        "weights": [*weights.values()],
        "weight_why": weight_why.strip()[:200],
        "person": by.pk if isinstance(by, Person) else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, values)


def unpack(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Open packed parcels again; every piece has to be checked anew.

    :raises WrongStage: if any of them is not packed
    """
    with entry("shipment.unpacked", by=by, why=why):
        moved = move(shipments, Stage.PICKED, out_of=Stage.PACKED)
        moved.update(packed_by=None, packed_at=None, weight_g=None, weight_why="")
        forget_checks([shipment.pk for shipment in moved])
    return moved
