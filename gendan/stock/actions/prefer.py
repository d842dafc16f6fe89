"""Overruling whose turn it is: an order gets goods before others, for a reason."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import BEFORE_THE_WAREHOUSE, Stage
from gendan.people.models import Person
from gendan.stock.actions.goods import NothingToDo
from gendan.stock.models import Precedence

# Who is put first now stands before those who were put first earlier.
PREFER = """
INSERT INTO stock_precedence (order_id, sku_id, rank, why, by_id, at)
SELECT n.order_id, %(sku)s,
  coalesce((SELECT min(rank) FROM stock_precedence WHERE sku_id = %(sku)s), 0) + n.place - %(many)s,
  %(why)s, %(by)s, %(now)s
FROM unnest(%(orders)s::bigint[]) WITH ORDINALITY AS n (order_id, place) ORDER BY n.order_id
ON CONFLICT (order_id, sku_id) DO UPDATE
SET rank = excluded.rank, why = excluded.why, by_id = excluded.by_id, at = excluded.at
"""


def prefer(orders: OrderQuerySet, sku: Sku, *, by: Actor, now: datetime, why: str) -> OrderQuerySet:
    """Let the orders have the SKU first, in the order of their turn; return them.

    :raises NothingToDo: without a reason
    :raises WrongStage: if any of them does not wait for goods
    """
    if not why.strip():
        raise NothingToDo(_("Say why: others have paid earlier, and will ask."))
    with entry("stock.preferred", by=by, why=why, sku=sku.code, count=len(orders)):
        waiting = orders.order_by("priority", "-paid_at", "-pk").reverse()
        ids = list(waiting.values_list("pk", flat=True))
        _lock(ids)
        # One at a time asks and writes the ranks of a SKU.
        Sku.objects.select_for_update(no_key=True).get(pk=sku.pk)
        with connection.cursor() as cursor:
            cursor.execute(
                PREFER,
                {
                    "orders": ids,
                    "many": len(ids) + 1,
                    "sku": sku.pk,
                    "why": why[:200],
                    "by": by.pk if isinstance(by, Person) else None,
                    "now": now,
                },
            )
    return Order.objects.numbered(ids)


def stop_preferring(orders: OrderQuerySet, sku: Sku, *, by: Actor, why: str = "") -> int:
    """Let the orders wait for their turn again; return how many had gone first."""
    ids = list(orders.values_list("pk", flat=True))
    with entry("stock.not_preferred", by=by, why=why, sku=sku.code):
        gone, _rows = Precedence.objects.filter(order_id__any=ids, sku=sku).delete()
    return gone


def forget_precedence(*, by: Actor) -> int:
    """Forget who went first, where the order has its goods or is over; return how many."""
    done = Precedence.objects.exclude(order__stage__in=BEFORE_THE_WAREHOUSE).exclude(
        order__stage=Stage.ALLOCATED, order__rests__isnull=False
    )
    ids = list(done.values_list("pk", flat=True))
    if not ids:
        return 0
    with entry("stock.precedence_ended", by=by):
        Precedence.objects.filter(pk__any=ids).delete()
    return len(ids)


def _lock(orders: Collection[int]) -> None:
    rows = Order.objects.numbered(orders).order_by("pk").select_for_update(no_key=True)
    stages = dict(rows.values_list("number", "stage"))
    for number, stage in stages.items():
        if stage not in (*BEFORE_THE_WAREHOUSE, Stage.ALLOCATED):
            raise WrongStage(_("Order %(number)s waits for nothing.") % {"number": number})
