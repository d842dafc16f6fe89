"""The one writer of a shipment's stage."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from gendan.orders.move import assignments, values_of
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import COMES_FROM, Stage

MOVE = """
WITH chosen AS MATERIALIZED (
  SELECT id, stage FROM warehouse_shipment WHERE id = ANY(%(ids)s::bigint[])
  ORDER BY id FOR NO KEY UPDATE
), moved AS (
  UPDATE warehouse_shipment s SET stage = %(to)s, stage_since = now() {also} FROM chosen c {each}
  WHERE s.id = c.id AND c.stage = ANY(%(comes_from)s)
    AND (SELECT count(*) = %(wanted)s FROM chosen WHERE stage = ANY(%(comes_from)s))
  RETURNING s.id
)
SELECT (SELECT count(*) FROM moved),
  (SELECT id FROM chosen WHERE stage <> ALL(%(comes_from)s) LIMIT 1)
"""


class WrongStage(Refused):
    """Some of the shipments were not at a stage the act starts from."""


Numbers = Mapping[str, Mapping[int, int]]
"""Columns of whole numbers, and what each shipment (by its key) gets there."""


def move(
    shipments: ShipmentQuerySet,
    to: Stage,
    *,
    out_of: Stage | None = None,
    each: Numbers | None = None,
    **also: Any,
) -> ShipmentQuerySet:
    """Bring all the shipments to a stage, or none of them; return them.

    `out_of` names the one stage that an undo starts from, where others lead there too. In the same
    statement, since every new version of a row costs all its indices: `also` are other columns that
    get one and the same value, or what an SQL expression says of each shipment (`s`); `each` are
    those that get a number of their own.

    :raises WrongStage: if any of them is not at a stage that leads there
    """
    ids = sorted(set(shipments.values_list("pk", flat=True)))
    if not ids:
        return Shipment.objects.numbered(ids)
    numbers = each or {}
    also |= {name: sql.Identifier("n", name) for name in numbers}
    statement = sql.SQL(MOVE).format(also=assignments(also), each=_numbered(numbers))
    values: dict[str, Any] = {
        **values_of(also),
        **{f"each_{name}": [by_key.get(pk) for pk in ids] for name, by_key in numbers.items()},
        "ids": ids,
        "to": to,
        "comes_from": [out_of] if out_of else [*COMES_FROM[to]],
        "wanted": len(ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), values)
        moved, stuck = cursor.fetchone()
    if moved != len(ids):
        raise WrongStage(_sentence(stuck, to, len(ids)))
    return Shipment.objects.numbered(ids)


def _numbered(numbers: Numbers) -> sql.Composable:
    """Return the join with the numbers that each shipment gets."""
    if not numbers:
        return sql.SQL("")
    arrays = [sql.SQL("{}::bigint[]").format(sql.Placeholder(f"each_{name}")) for name in numbers]
    return sql.SQL("JOIN unnest(%(ids)s::bigint[], {}) AS n (id, {}) ON n.id = c.id").format(
        sql.SQL(", ").join(arrays), sql.SQL(", ").join(map(sql.Identifier, numbers))
    )


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
