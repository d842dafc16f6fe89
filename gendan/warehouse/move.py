"""The one writer of a shipment's stage."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import COMES_FROM, Stage

MOVE = """
WITH chosen AS MATERIALIZED (
  SELECT id, stage FROM warehouse_shipment WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
), moved AS (
  UPDATE warehouse_shipment s SET stage = %(to)s, stage_since = now() FROM chosen c
  WHERE s.id = c.id AND c.stage = ANY(%(comes_from)s)
    AND (SELECT count(*) = %(wanted)s FROM chosen WHERE stage = ANY(%(comes_from)s))
  RETURNING s.id
)
SELECT (SELECT count(*) FROM moved),
  (SELECT id FROM chosen WHERE stage <> ALL(%(comes_from)s) LIMIT 1)
"""


class WrongStage(Refused):
    """Some of the shipments were not at a stage the act starts from."""


def move(
    shipments: ShipmentQuerySet, to: Stage, *, out_of: Stage | None = None
) -> ShipmentQuerySet:
    """Bring all the shipments to a stage, or none of them; return them.

    `out_of` names the one stage that an undo starts from, where others lead there too.

    :raises WrongStage: if any of them is not at a stage that leads there
    """
    ids = sorted(set(shipments.values_list("pk", flat=True)))
    comes_from = [out_of] if out_of else [*COMES_FROM[to]]
    values: dict[str, Any] = {"ids": ids, "to": to, "comes_from": comes_from, "wanted": len(ids)}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
        moved, stuck = cursor.fetchone()
    if moved != len(ids):
        raise WrongStage(_sentence(stuck, to, len(ids)))
    return Shipment.objects.numbered(ids)


def refuse_unless(shipments: ShipmentQuerySet, *stages: Stage) -> list[int]:
    """Lock the shipments for an act that leaves their stage as it is; return their ids in order.

    :raises WrongStage: if any of them is at another stage
    """
    ids = sorted(set(shipments.values_list("pk", flat=True)))
    found = dict(
        Shipment.objects.numbered(ids)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", "stage")
    )
    stuck = next((pk for pk in ids if found.get(pk) not in stages), None)
    if stuck is not None:
        raise WrongStage(_stays(stuck, stages))
    return ids


def _stays(stuck: int, stages: tuple[Stage, ...]) -> str:
    shipment = Shipment.objects.filter(pk=stuck).first()
    if shipment is None:
        return _("Some of the shipments no longer exist. Load the page again.")
    return _("Shipment %(number)s is at “%(stage)s”, but this needs “%(needed)s”.") % {
        "number": shipment.number,
        "stage": shipment.get_stage_display(),
        "needed": " / ".join(str(stage.label) for stage in stages),
    }


def _sentence(stuck: int | None, to: Stage, number: int) -> str:
    shipment = Shipment.objects.filter(pk=stuck).first() if stuck else None
    if shipment is None:
        return _("Some of the shipments no longer exist. Load the page again.")
    sentence = _("Shipment %(number)s is at “%(stage)s” and can't become “%(to)s”.") % {
        "number": shipment.number,
        "stage": shipment.get_stage_display(),
        "to": to.label,
    }
    return sentence + " " + _("Nothing was changed.") if number > 1 else sentence
