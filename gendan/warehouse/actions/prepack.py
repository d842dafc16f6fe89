"""Packing bestsellers before they are ordered, and sending them by their label alone."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Warehouse
from gendan.ui.errors import Refused
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Prepack, Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.queries.prepack import fitting
from gendan.warehouse.stages import Stage

ADD = """
INSERT INTO warehouse_prepack (warehouse_id, sku_id, pieces, boxes, used)
VALUES (%(warehouse)s, %(sku)s, %(pieces)s, %(boxes)s, 0)
ON CONFLICT (warehouse_id, sku_id, pieces)
DO UPDATE SET boxes = warehouse_prepack.boxes + excluded.boxes RETURNING id
"""


class NoBox(Refused):
    """No box with just these goods is left, or the parcel needs more than a label."""


def prepack(
    warehouse: Warehouse, sku: Sku, *, pieces: int, boxes: int, by: Actor, why: str = ""
) -> Prepack:
    """Say that boxes with so many pieces of a SKU are packed. The goods stay in stock.

    :raises NoBox: if it is no number of boxes or pieces
    """
    if pieces < 1 or boxes < 1:
        raise NoBox(_("Write how many boxes there are, and how many pieces are in each."))
    place = {"warehouse": warehouse.pk, "sku": sku.pk, "pieces": pieces, "boxes": boxes}
    told = {"sku": sku.code, "boxes": boxes}
    with entry("prepack.packed", by=by, why=why, **told), connection.cursor() as cursor:
        cursor.execute(ADD, place)
        (pk,) = cursor.fetchone()
    return Prepack.objects.get(pk=pk)


def take_apart(prepacked: Prepack, boxes: int, *, by: Actor, why: str) -> Prepack:
    """Open boxes that nobody bought: the pieces lie on the shelf again.

    :raises NoBox: if so many are not left
    """
    with entry("prepack.taken_apart", by=by, why=why, sku=prepacked.sku.code, boxes=boxes):
        enough = Prepack.objects.filter(pk=prepacked.pk, boxes__gte=F("used") + boxes)
        if boxes < 1 or not enough.update(boxes=F("boxes") - boxes):
            raise NoBox(_("So many boxes are not left."))
    prepacked.refresh_from_db()
    return prepacked


def send_by_label(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Close parcels whose goods were packed before: a label on each is all they needed.

    :raises NoBox: if no box is left for any of them, or it needs more than a label
    :raises WrongStage: if any of them is not in a wave
    :raises MustNotShip: if something of them may not leave the house
    """
    with entry("shipment.sent_by_label", by=by, why=why):
        ids = refuse_unless(shipments, Stage.RELEASED, Stage.PICKED)
        _take_boxes(ids)
        waiting = Shipment.objects.numbered(ids).filter(stage=Stage.RELEASED)
        pick(waiting, by=by, why=why)
        chosen = Shipment.objects.numbered(ids)
        verify_whole(chosen, by=by, why=why)
        return pack(chosen, by=by, why=why)


def _take_boxes(ids: Sequence[int]) -> None:
    """Take a box for each; they are locked in one order, and then looked at."""
    wanted = set(fitting(ids).values())
    list(Prepack.objects.filter(pk__any=list(wanted)).order_by("pk").select_for_update())
    fits = fitting(ids)
    if missing := sorted(set(ids) - set(fits)):
        number = Shipment.objects.values_list("number", flat=True).get(pk=missing[0])
        raise NoBox(
            _("There is no pre-packed box left for %(number)s. Pick and pack it.")
            % {"number": number}
        )
    for pk, boxes in sorted(Counter(fits.values()).items()):
        Prepack.objects.filter(pk=pk).update(used=F("used") + boxes)
