"""The one writer of an order's stage."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import COMES_FROM, Stage
from gendan.ui.errors import Refused

MOVE = """
WITH chosen AS MATERIALIZED (
  SELECT id, stage FROM orders_order WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
), moved AS (
  UPDATE orders_order o SET stage = %(to)s, stage_since = now() {also} FROM chosen c
  WHERE o.id = c.id AND c.stage = ANY(%(comes_from)s)
    AND (SELECT count(*) = %(wanted)s FROM chosen WHERE stage = ANY(%(comes_from)s))
  RETURNING o.id
)
SELECT (SELECT count(*) FROM moved),
       (SELECT id FROM chosen WHERE stage <> ALL(%(comes_from)s) LIMIT 1)
"""


class WrongStage(Refused):
    """Some of the orders were not at a stage the act starts from."""


def move(orders: OrderQuerySet, to: Stage, **also: Any) -> OrderQuerySet:
    """Bring all the orders to a stage, or none of them; return them.

    `also` are other columns that get one and the same value, or what an SQL expression says of
    each order (`o`), in the same statement.

    :raises WrongStage: if any of them is not at a stage that leads there
    """
    ids = sorted(set(orders.values_list("pk", flat=True)))
    if not ids:
        return Order.objects.numbered(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(MOVE).format(also=assignments(also)).as_string(),
            {
                **values_of(also),
                "ids": ids,
                "to": to,
                "comes_from": [*COMES_FROM[to]],
                "wanted": len(ids),
            },
        )
        moved, stuck = cursor.fetchone()
    if moved != len(ids):
        raise WrongStage(_sentence(stuck, to, len(ids)))
    return Order.objects.numbered(ids)


def assignments(also: Mapping[str, Any]) -> sql.Composed:
    """Return what an UPDATE sets in other columns, beginning with a comma."""
    return sql.SQL("").join(
        sql.SQL(", {} = {}").format(
            sql.Identifier(name),
            value if isinstance(value, sql.Composable) else sql.Placeholder(name),
        )
        for name, value in also.items()
    )


def values_of(also: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of `assignments`."""
    return {name: value for name, value in also.items() if not isinstance(value, sql.Composable)}


def _sentence(stuck: int | None, to: Stage, number: int) -> str:
    order = Order.objects.filter(pk=stuck or 0).first()
    if order is None:
        return _("Some of the orders no longer exist. Load the page again.")
    sentence = _("Order %(number)s is at “%(stage)s” and can't become “%(to)s”.") % {
        "number": order.number,
        "stage": order.get_stage_display(),
        "to": to.label,
    }
    return sentence + " " + _("Nothing was changed.") if number > 1 else sentence
