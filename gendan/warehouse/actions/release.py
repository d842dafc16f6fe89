"""Releases planned shipments into waves, and takes them out again."""

from collections.abc import Sequence

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentQuerySet, Wave, WaveQuerySet
from gendan.warehouse.move import move, refuse_unless
from gendan.warehouse.stages import Stage

# A wave is of one warehouse and carrier. What is urgent has waves of its own, which are made first.
# Then single pieces by goods, so that one walk serves many parcels; the others by zone, so that the
# carrier's bags fill one after another.
INTO_WAVES = """
WITH chosen AS (
  SELECT s.id, s.warehouse_id, s.carrier_id, s.priority,
    CASE WHEN s.priority > 0 THEN 'URGENT' WHEN s.pieces = 1 THEN 'SINGLE' ELSE 'MULTI' END AS kind,
    CASE WHEN s.pieces = 1 THEN (
      SELECT sku_id FROM warehouse_shipmentline WHERE shipment_id = s.id LIMIT 1) END AS goods,
    s.division
  FROM warehouse_shipment s WHERE s.id = ANY(%(ids)s)
), ranked AS (
  SELECT id, warehouse_id, carrier_id, kind,
    row_number() OVER (PARTITION BY warehouse_id, carrier_id, kind
      ORDER BY priority DESC, goods, division, id) - 1 AS rank
  FROM chosen
), waves AS MATERIALIZED (
  SELECT w.*, nextval(pg_get_serial_sequence('warehouse_wave', 'id')) AS id FROM (
    SELECT DISTINCT warehouse_id, carrier_id, kind, rank / %(limit)s AS part FROM ranked
    ORDER BY warehouse_id, kind DESC, carrier_id, part) w
), made AS (
  INSERT INTO warehouse_wave (id, warehouse_id, carrier_id, kind)
  SELECT id, warehouse_id, carrier_id, kind FROM waves ORDER BY id
)
SELECT r.id, w.id, r.rank %% %(limit)s + 1
FROM ranked r JOIN waves w ON w.warehouse_id = r.warehouse_id
  AND w.carrier_id IS NOT DISTINCT FROM r.carrier_id
  AND w.kind = r.kind AND w.part = r.rank / %(limit)s
"""


def release(
    shipments: ShipmentQuerySet, *, by: Actor, why: str = "", limit: int = 100
) -> WaveQuerySet:
    """Put planned shipments into new waves of at most `limit`: urgent ones first, then by pieces.

    :raises WrongStage: if any of them is not planned
    :raises MustNotShip: if something of them may not leave the house
    """
    with entry("shipment.released", by=by, why=why, count=shipments.count()):
        ids = refuse_unless(shipments, Stage.PLANNED)
        waves, positions = _waves(ids, limit)
        move(
            Shipment.objects.numbered(ids),
            Stage.RELEASED,
            out_of=Stage.PLANNED,
            each={"wave_id": waves, "wave_position": positions},
        )
        refuse_blocked(ids)
    return Wave.objects.filter(pk__any=set(waves.values()))


def _waves(ids: Sequence[int], limit: int) -> tuple[dict[int, int], dict[int, int]]:
    """Make the waves; return in which one each shipment goes, and in which place."""
    with connection.cursor() as cursor:
        cursor.execute(INTO_WAVES, {"ids": list(ids), "limit": limit})
        rows = cursor.fetchall()
    return {pk: wave for pk, wave, _place in rows}, {pk: place for pk, _wave, place in rows}


def take_out(shipments: ShipmentQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Take shipments out of their waves before they are picked; they wait for another.

    :raises WrongStage: if any of them is not released
    """
    with entry("shipment.taken_out", by=by, why=why):
        moved = move(shipments, Stage.PLANNED, out_of=Stage.RELEASED)
        moved.update(wave=None, wave_position=None)
    return moved
