"""Putting the goods of recalled parcels back by scan, and their papers out of the world."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.actions.recall import SUBJECT
from gendan.warehouse.actions.verify import TooMany, WrongPiece
from gendan.warehouse.models import PrintPage, PutBack, Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

COUNT = """
WITH scanned AS (
  SELECT k.id AS sku_id, count(*) AS pieces FROM unnest(%(codes)s::text[]) AS scan (text)
  JOIN catalog_sku k ON k.barcode = scan.text OR upper(k.code) = upper(scan.text)
  WHERE k.id IN (SELECT sku_id FROM warehouse_putback WHERE shipment_id = %(shipment)s)
  GROUP BY k.id
), counted AS (
  UPDATE warehouse_putback b SET counted = b.counted + least(s.pieces, b.quantity - b.counted)
  FROM scanned s
  WHERE b.shipment_id = %(shipment)s AND b.sku_id = s.sku_id AND b.counted < b.quantity
)
SELECT coalesce(sum(pieces), 0) FROM scanned
"""


class NotBack(Refused):
    """A piece has not been put back, or nobody says that the papers are destroyed."""


def put_back_pieces(shipment: Shipment, codes: Sequence[str], *, by: Actor, why: str = "") -> None:
    """Count pieces (barcodes or SKU codes) that lie on their shelves again, all or none.

    :raises WrongStage: if the shipment is not recalled
    :raises WrongPiece: if a code is of goods that the shipment never had
    :raises TooMany: if more come back than were fetched
    """
    scanned = [code.strip() for code in codes]
    with entry("shipment.put_back", by=by, why=why, pieces=len(scanned)):
        refuse_unless(Shipment.objects.numbered([shipment.pk]), Stage.RECALLED)
        before = _counted(shipment)
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"shipment": shipment.pk, "codes": scanned})
            known = cursor.fetchone()[0]
        if known != len(scanned):
            raise WrongPiece(_("“%s” is not of this parcel. Put it where it belongs.") % scanned[0])
        if _counted(shipment) - before != len(scanned):
            raise TooMany(_("One too many: all of these have been put back already."))


def start_again(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Forget what was put back, to scan it from the beginning.

    :raises WrongStage: if any of them is not recalled
    """
    with entry("shipment.put_back_again", by=by, why=why):
        ids = refuse_unless(shipments, Stage.RECALLED)
        PutBack.objects.filter(shipment__any=ids, counted__gt=0).update(counted=0)
    return Shipment.objects.numbered(ids)


def end_recall(
    shipments: ShipmentQuerySet,
    *,
    by: Actor,
    now: datetime,
    papers_destroyed: bool,
    why: str = "",
) -> ShipmentQuerySet:
    """Say that goods and papers of recalled shipments are where they belong; they wait no more.

    :raises WrongStage: if any of them is not recalled
    :raises NotBack: if a piece is missing, or their papers are still about
    """
    with entry("shipment.recall_ended", by=by, why=why):
        ids = refuse_unless(shipments, Stage.RECALLED)
        if missing := _missing(ids):
            raise NotBack(
                ngettext(
                    "%(pieces)s piece has not been scanned back yet.",
                    "%(pieces)s pieces have not been scanned back yet.",
                    missing,
                )
                % {"pieces": missing}
            )
        if not papers_destroyed and PrintPage.objects.filter(shipment__any=ids).exists():
            raise NotBack(_("Destroy the papers first, so that nobody packs by them."))
        told = _("put back; papers destroyed") if papers_destroyed else _("put back")
        close_items([Kind.RECALLED], SUBJECT, ids, by=by, now=now, why=why or told)
    return Shipment.objects.numbered(ids)


def _missing(ids: Sequence[int]) -> int:
    rows = PutBack.objects.filter(shipment__any=list(ids))
    return sum(quantity - counted for quantity, counted in rows.values_list("quantity", "counted"))


def _counted(shipment: Shipment) -> int:
    return sum(PutBack.objects.filter(shipment=shipment).values_list("counted", flat=True))
