"""Who would get goods that come: the act itself, undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions.goods import Goods, receive
from gendan.stock.actions.part import serve_rests
from gendan.stock.actions.reserve import reserve
from gendan.stock.models import Precedence
from gendan.stock.presold import ALL_WAITS, WAITS_FOR_ITS_DAY
from gendan.stock.turns import apart

MOST = 500

# Who wants any of the SKUs, as they are served: rests, those put first, priority, payment.
WANTING = f"""
SELECT w.order_id, w.sku_id, w.pieces, w.is_rest FROM (
  SELECT o.id AS order_id, l.sku_id, sum(l.quantity - l.shipped) AS pieces, false AS is_rest
  FROM orders_order o JOIN orders_line l ON l.order_id = o.id
  WHERE o.stage IN ('READY', 'SHORT') AND l.sku_id = ANY(%(skus)s) AND NOT l.is_cancelled
    AND NOT l.is_set AND l.refund_state <> 'REFUNDED' AND l.quantity > l.shipped
    AND NOT {ALL_WAITS} AND NOT {WAITS_FOR_ITS_DAY}
  GROUP BY o.id, l.sku_id
  UNION ALL
  SELECT r.order_id, r.sku_id, sum(r.quantity), true
  FROM stock_rest r JOIN orders_line l ON l.id = r.line_id
  WHERE r.sku_id = ANY(%(skus)s) AND NOT {WAITS_FOR_ITS_DAY} GROUP BY r.order_id, r.sku_id
) w JOIN orders_order o ON o.id = w.order_id
LEFT JOIN (SELECT order_id, min(rank) AS rank FROM stock_precedence GROUP BY order_id) p
  ON p.order_id = o.id
ORDER BY w.sku_id, NOT w.is_rest, p.rank NULLS LAST, o.priority DESC, o.paid_at, o.id
LIMIT %(most)s
"""  # noqa: S608 (conditions of our own)
GOT = """
SELECT l.order_id, g.sku_id, sum(g.reserved_change) FROM stock_ledger g
JOIN orders_line l ON l.id = g.line_id
WHERE g.id > %s AND g.movement = 'RESERVED' AND g.sku_id = ANY(%s) GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Gets:
    """An order that wants a SKU: how many pieces, how many it would get, and who put it first."""

    order: Order
    sku_id: int
    wants: int
    gets: int
    is_rest: bool
    precedence: Precedence | None


def who_gets(
    goods: Sequence[Goods], warehouse: Warehouse, *, by: Actor, now: datetime
) -> list[Gets]:
    """Return who wants the goods, in their turn, and who would get them if they came now.

    Nothing is changed: they come, whoever waits is served, and all of it is undone.
    """
    skus = sorted({each.sku_id for each in goods})
    with transaction.atomic():
        wanting = _wanting(skus)
        before = _last_movement()
        if goods:
            receive(goods, warehouse, by=by)
        serve_rests(by=by, now=now)
        waiting = apart(list(dict.fromkeys(row[0] for row in wanting if not row[3])))
        still = Order.objects.numbered(waiting).filter(stage__in=(Stage.READY, Stage.SHORT))
        reserve(still, by=by, now=now)
        got = _got(before, skus)
        transaction.set_rollback(True)
    return _told(wanting, got)


def _wanting(skus: Sequence[int]) -> list[tuple[int, int, int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(WANTING, {"skus": list(skus), "most": MOST})
        rows: list[tuple[int, int, int, bool]] = cursor.fetchall()
    return rows


def _last_movement() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM stock_ledger")
        return int(cursor.fetchone()[0])


def _got(after: int, skus: Sequence[int]) -> dict[tuple[int, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(GOT, [after, list(skus)])
        return {(order, sku): int(n) for order, sku, n in cursor.fetchall()}


def _told(
    wanting: Sequence[tuple[int, int, int, bool]], got: dict[tuple[int, int], int]
) -> list[Gets]:
    orders = Order.objects.select_related("shop").in_bulk([row[0] for row in wanting])
    first = {
        (row.order_id, row.sku_id): row
        for row in Precedence.objects.filter(order_id__any=list(orders)).select_related("by")
    }
    return [
        Gets(
            orders[order],
            sku,
            int(pieces),
            got.get((order, sku), 0),
            is_rest,
            first.get((order, sku)),
        )
        for order, sku, pieces, is_rest in wanting
        if order in orders
    ]
