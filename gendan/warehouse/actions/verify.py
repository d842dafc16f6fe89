"""Checks piece by piece that the right goods go into the parcel."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.contents import forget_checks
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.stages import Stage

COUNT = """
WITH scanned AS (
  SELECT k.id AS sku_id, count(*) AS pieces FROM unnest(%(codes)s::text[]) AS scan (text)
  JOIN catalog_sku k ON k.barcode = scan.text OR upper(k.code) = upper(scan.text)
  WHERE k.id IN (SELECT sku_id FROM warehouse_shipmentline WHERE shipment_id = %(shipment)s)
  GROUP BY k.id
), room AS (
  SELECT sl.id, sl.quantity - sl.verified AS free, s.pieces,
    coalesce(sum(sl.quantity - sl.verified) OVER (
      PARTITION BY sl.sku_id ORDER BY sl.id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW), 0)
      AS before
  FROM warehouse_shipmentline sl JOIN scanned s ON s.sku_id = sl.sku_id
  WHERE sl.shipment_id = %(shipment)s
), counted AS (
  UPDATE warehouse_shipmentline sl
  SET verified = sl.verified + least(r.free, r.pieces - r.before)
  FROM room r WHERE sl.id = r.id AND least(r.free, r.pieces - r.before) > 0
  RETURNING least(r.free, r.pieces - r.before) AS pieces
)
SELECT coalesce(sum(pieces), 0) FROM counted
"""

WHY_NOT = """
SELECT k.title, k.specification, EXISTS (
  SELECT FROM warehouse_shipmentline WHERE shipment_id = %(shipment)s AND sku_id = k.id)
FROM catalog_sku k
WHERE k.barcode = ANY(%(codes)s) OR upper(k.code) = ANY(%(codes)s) ORDER BY 3 LIMIT 1
"""

FOLLOW = """
INSERT INTO warehouse_tick (shipment_id, instruction_id)
SELECT DISTINCT sl.shipment_id, i.id FROM warehouse_shipmentline sl
JOIN orders_instruction i ON i.order_id = sl.order_id
WHERE sl.shipment_id = ANY(%(shipments)s)
  AND (%(instructions)s::bigint[] IS NULL OR i.id = ANY(%(instructions)s))
ON CONFLICT (shipment_id, instruction_id) DO NOTHING
"""

ALL_PIECES = """
UPDATE warehouse_shipmentline SET verified = quantity
WHERE shipment_id = ANY(%s) AND verified < quantity
"""


class WrongPiece(Refused):
    """The scanned goods don't belong into the parcel."""


class TooMany(Refused):
    """The parcel already has all pieces of these goods."""


def verify(shipment: Shipment, codes: Sequence[str], *, by: Actor, why: str = "") -> None:
    """Count scanned pieces (barcodes or SKU codes) into a picked shipment, all or none.

    :raises WrongStage: if it is not picked, or packed by somebody else meanwhile
    :raises MustNotShip: if something of it may not leave the house
    :raises WrongPiece: if a code is of other goods, or of none
    :raises TooMany: if there are more pieces than ordered
    """
    scanned = [code.strip() for code in codes]
    with entry("shipment.verified", by=by, why=why, pieces=len(scanned)):
        ids = refuse_unless(Shipment.objects.numbered([shipment.pk]), Stage.PICKED)
        refuse_blocked(ids)
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"shipment": shipment.pk, "codes": scanned})
            if cursor.fetchone()[0] != len(scanned):
                raise _refusal(shipment, scanned)


def _refusal(shipment: Shipment, codes: Sequence[str]) -> Refused:
    either_case = [*codes, *(code.upper() for code in codes)]
    with connection.cursor() as cursor:
        cursor.execute(WHY_NOT, {"shipment": shipment.pk, "codes": either_case})
        found = cursor.fetchone()
    if found is None:
        return WrongPiece(_("No goods have the code “%(code)s”.") % {"code": codes[0]})
    goods = " ".join(filter(None, found[:2]))
    if found[2]:
        return TooMany(_("One too many: %(goods)s is complete already.") % {"goods": goods})
    return WrongPiece(_("Wrong piece: %(goods)s is not in this parcel.") % {"goods": goods})


def verify_whole(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Say that every piece was checked and every instruction followed, without scanning.

    :raises WrongStage: if any of them is not picked
    :raises MustNotShip: if something of them may not leave the house
    """
    with entry("shipment.verified", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(shipments, Stage.PICKED)
        refuse_blocked(ids)
        cursor.execute(ALL_PIECES, [ids])
        cursor.execute(FOLLOW, {"shipments": ids, "instructions": None})
    return Shipment.objects.numbered(ids)


def start_again(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Forget what was counted and ticked, to check the parcels from the beginning.

    :raises WrongStage: if any of them is not picked
    """
    with entry("shipment.started_again", by=by, why=why):
        ids = refuse_unless(shipments, Stage.PICKED)
        forget_checks(ids)
    return Shipment.objects.numbered(ids)


def tick(
    shipments: ShipmentQuerySet, instructions: Sequence[int], *, by: Actor, why: str = ""
) -> ShipmentQuerySet:
    """Say that special instructions of the shipments' orders were followed.

    :raises WrongStage: if any of the shipments is not picked
    """
    with entry("shipment.ticked", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(shipments, Stage.PICKED)
        cursor.execute(FOLLOW, {"shipments": ids, "instructions": list(instructions)})
    return Shipment.objects.numbered(ids)
