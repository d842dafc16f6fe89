"""Gives shipments their waybill numbers: entered, from a carrier's range, or from an adapter."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.stages import Stage

IN_THE_HOUSE = (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED)

LOCK_RANGES = """
SELECT id FROM delivery_numberrange WHERE next <= last AND carrier_id IN (
  SELECT carrier_id FROM warehouse_shipment WHERE id = ANY(%(ids)s))
ORDER BY id FOR NO KEY UPDATE
"""

# Shipments in the order of their waves take the numbers of the oldest range first. A range of one
# warehouse serves only it; a range of none serves the warehouses that have none of their own.
DRAW = """
WITH chosen AS (
  SELECT s.id, s.carrier_id, coalesce((
      SELECT r.warehouse_id FROM delivery_numberrange r
      WHERE r.id = ANY(%(ranges)s) AND r.carrier_id = s.carrier_id
        AND r.warehouse_id = s.warehouse_id LIMIT 1), 0) AS place, s.wave_id, s.wave_position
  FROM warehouse_shipment s WHERE s.id = ANY(%(ids)s) AND s.waybill = ''
), turns AS (
  SELECT id, carrier_id, place, row_number() OVER (
    PARTITION BY carrier_id, place ORDER BY wave_id, wave_position, id) AS turn
  FROM chosen
), ranges AS (
  SELECT id, carrier_id, coalesce(warehouse_id, 0) AS place, prefix, digits, next,
    last - next + 1 AS free, coalesce(sum(last - next + 1) OVER (
      PARTITION BY carrier_id, warehouse_id ORDER BY id
      ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW), 0)::bigint AS before
  FROM delivery_numberrange WHERE id = ANY(%(ranges)s)
), drawn AS MATERIALIZED (
  SELECT t.id, r.id AS range_id, r.next + t.turn - r.before - 1 AS number, r.prefix, r.digits
  FROM turns t JOIN ranges r USING (carrier_id, place)
  WHERE t.turn > r.before AND t.turn <= r.before + r.free
), used AS (
  UPDATE delivery_numberrange n SET next = d.last + 1
  FROM (SELECT range_id, max(number) AS last FROM drawn GROUP BY range_id) d WHERE n.id = d.range_id
), written AS (
  UPDATE warehouse_shipment s
  SET waybill = d.prefix || lpad(d.number::text, greatest(d.digits, length(d.number::text)), '0')
  FROM drawn d WHERE s.id = d.id
)
SELECT (SELECT count(*) FROM chosen) - (SELECT count(*) FROM drawn), (
  SELECT c.name FROM chosen JOIN warehouse_carrier c ON c.id = chosen.carrier_id
  WHERE chosen.id NOT IN (SELECT id FROM drawn) LIMIT 1)
"""

ENTER = """
UPDATE warehouse_shipment s SET waybill = n.waybill
FROM unnest(%(ids)s::bigint[], %(waybills)s::text[]) AS n (id, waybill) WHERE s.id = n.id
"""


class NoNumbersLeft(Refused):
    """The carrier's ranges have fewer numbers than there are shipments."""


class WaybillRefused(Refused):
    """A number is not one of the carrier's, or belongs to another parcel."""


class Waybills(Protocol):
    """An adapter to a carrier that gives numbers for shipments."""

    def numbers(self, shipments: Sequence[Shipment]) -> Mapping[int, str]: ...


def draw_waybills(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Give shipments without a waybill the next numbers of their carriers' ranges.

    :raises WrongStage: if any of them has left the house
    :raises NoNumbersLeft: if there are not enough numbers for all
    :raises WaybillRefused: if somebody typed one of the numbers for another parcel before
    """
    with entry("waybill.drawn", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(shipments, *IN_THE_HOUSE)
        cursor.execute(LOCK_RANGES, {"ids": ids})
        ranges = [row[0] for row in cursor.fetchall()]
        lacking, carrier = _draw(cursor, ids, ranges)
        if lacking:
            raise NoNumbersLeft(
                ngettext(
                    "%(number)s waybill number of %(carrier)s is missing.",
                    "%(number)s waybill numbers of %(carrier)s are missing.",
                    lacking,
                )
                % {"number": lacking, "carrier": carrier or "?"}
                + " "
                + _("Enter a new range under “Carriers”, “Waybill numbers”.")
            )
    return Shipment.objects.numbered(ids)


def _draw(cursor: CursorWrapper, ids: list[int], ranges: list[int]) -> tuple[int, str | None]:
    """Give out the numbers; return how many are missing, and of which carrier."""
    try:
        with transaction.atomic():
            cursor.execute(DRAW, {"ids": ids, "ranges": ranges})
            lacking, carrier = cursor.fetchone()
    except IntegrityError as error:
        raise WaybillRefused(
            _("A parcel bears one of the next numbers already. Let the range begin after it.")
        ) from error
    return lacking, carrier


def enter_waybills(numbers: Mapping[int, str], *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Write the numbers (by shipment) that somebody typed or scanned.

    :raises WrongStage: if any of the shipments has left the house
    :raises WaybillRefused: if a number is not one of the carrier's, or is taken
    """
    wanted = {pk: number.strip() for pk, number in numbers.items()}
    with entry("waybill.entered", by=by, why=why), connection.cursor() as cursor:
        ids = refuse_unless(Shipment.objects.numbered(wanted), *IN_THE_HOUSE)
        _refuse_foreign(wanted)
        try:
            with transaction.atomic():
                cursor.execute(ENTER, {"ids": ids, "waybills": [wanted[pk] for pk in ids]})
        except IntegrityError as error:
            raise WaybillRefused(
                _("One of these waybill numbers belongs to another parcel. Scan it again.")
            ) from error
    return Shipment.objects.numbered(ids)


def fetch_waybills(
    shipments: ShipmentQuerySet, adapter: Waybills, *, by: Actor, why: str = ""
) -> ShipmentQuerySet:
    """Ask a carrier for the numbers of shipments without one.

    :raises WrongStage: if any of the shipments has left the house
    :raises WaybillRefused: if the carrier's answer doesn't fit
    """
    lacking = list(shipments.filter(waybill="").select_related("carrier").order_by("pk"))
    return enter_waybills(adapter.numbers(lacking), by=by, why=why)


def _refuse_foreign(numbers: Mapping[int, str]) -> None:
    for shipment in Shipment.objects.numbered(numbers).select_related("carrier"):
        pattern = shipment.carrier.pattern if shipment.carrier else ""
        number = numbers[shipment.pk]
        if not number or (pattern and not re.fullmatch(pattern, number)):
            raise WaybillRefused(
                _("“%(waybill)s” is no waybill number of %(carrier)s.")
                % {"waybill": number, "carrier": shipment.carrier or "?"}
            )
