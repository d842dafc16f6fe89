"""Promising stock to released orders: by priority and payment time, all or none of an order."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage, move
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.allocation import Decision, Demand, Place, decide
from gendan.stock.models import Movement, Shortage
from gendan.stock.turns import TURN
from gendan.stock.writing import Change, write
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

BATCH = 5000

# What another process is serving right now is left to it.
NEXT = TURN + "FOR NO KEY UPDATE SKIP LOCKED"

NEEDED = """
SELECT o.id, o.warehouse_id, s.uses_safety_stock, l.id, l.sku_id, l.quantity
FROM orders_order o JOIN people_shop s ON s.id = o.shop_id JOIN orders_line l ON l.order_id = o.id
WHERE o.id = ANY(%s) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED' AND NOT l.is_set
ORDER BY o.priority DESC, o.paid_at, o.id, l.id
"""

FREE = """
SELECT b.sku_id, b.warehouse_id, b.on_hand - b.reserved FROM stock_balance b
WHERE b.sku_id = ANY(%s) ORDER BY b.sku_id, b.warehouse_id FOR NO KEY UPDATE
"""

LACK = """
INSERT INTO stock_shortage (order_id, sku_id, missing)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[])
ON CONFLICT (order_id, sku_id) DO UPDATE SET missing = excluded.missing
WHERE stock_shortage.missing <> excluded.missing
"""

LACK_NO_MORE = """
DELETE FROM stock_shortage s WHERE s.order_id = ANY(%s) AND NOT EXISTS (
  SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS n (order_id, sku_id)
  WHERE n.order_id = s.order_id AND n.sku_id = s.sku_id)
"""


def reserve_next(*, by: Actor, now: datetime, limit: int = BATCH) -> tuple[int, int]:
    """Serve the next orders that wait for stock; return how many were served and are newly short.

    Where nothing can be said that was not said before, nothing is written.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [limit])
            ids = [row[0] for row in cursor.fetchall()]
        return _reserve(ids, by=by, now=now) if ids else (0, 0)


def reserve(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "") -> OrderQuerySet:
    """Promise stock to the orders that can be served whole; the others are short. Return the first.

    :raises WrongStage: if any of them does not wait for stock
    """
    with transaction.atomic():
        ids = list(
            orders.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
        )
        chosen = Order.objects.numbered(ids)
        if chosen.filter(stage__in=[Stage.READY, Stage.SHORT]).count() != len(ids):
            raise WrongStage(
                _("Only released and short orders can be served. Nothing was changed.")
            )
        _reserve(ids, by=by, now=now, why=why)
    return chosen.filter(stage=Stage.ALLOCATED)


def _reserve(orders: Sequence[int], *, by: Actor, now: datetime, why: str = "") -> tuple[int, int]:
    demands = _demands(orders)
    skus = sorted({sku for demand in demands for _line, sku, _quantity in demand.needs})
    warehouses = list(
        Warehouse.objects.filter(is_active=True).order_by("rank", "pk").values_list("pk", flat=True)
    )
    decision = decide(demands, _free(skus), _safety(skus), warehouses)
    fresh = _news(decision)
    if not decision.served and not fresh:
        return 0, 0
    with entry("stock.reserved", by=by, why=why, count=len(decision.served)) as opened:
        write(_promises(demands, decision), Movement.RESERVED, entry=opened)
        _serve(decision)
        close_shortages(decision.served, by=by, now=now)
        short = _leave_short(fresh, by=by, now=now)
    return len(decision.served), short


def _news(decision: Decision) -> dict[int, dict[int, int]]:
    """Return what orders lack, as far as that is not known already."""
    known: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Shortage.objects.filter(order_id__any=list(decision.lacking))
    for order, sku, missing in rows.values_list("order_id", "sku_id", "missing"):
        known[order][sku] = missing
    return {order: lack for order, lack in decision.lacking.items() if known.get(order) != lack}


def _demands(orders: Sequence[int]) -> list[Demand]:
    """Return what the orders need, the most urgent first; goods nobody has mapped are left out."""
    with connection.cursor() as cursor:
        cursor.execute(NEEDED, [list(orders)])
        rows = cursor.fetchall()
    demands = []
    for (order, warehouse, uses_safety), lines in groupby(rows, itemgetter(0, 1, 2)):
        needs = [line[3:] for line in lines]
        if all(sku is not None for _line, sku, _quantity in needs):
            demands.append(Demand(order, needs, warehouse, uses_safety))
    return demands


def _free(skus: Sequence[int]) -> dict[Place, int]:
    """Lock the balances, always in the same order, and return what is not promised."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [list(skus)])
        return {(sku, warehouse): free for sku, warehouse, free in cursor.fetchall()}


def _safety(skus: Sequence[int]) -> dict[int, int]:
    kept = Sku.objects.filter(pk__any=skus, safety_stock__gt=0)
    return dict(kept.values_list("pk", "safety_stock"))


def _promises(demands: Sequence[Demand], decision: Decision) -> list[Change]:
    return [
        Change(sku, decision.served[demand.order_id], 0, quantity, line)
        for demand in demands
        if demand.order_id in decision.served
        for line, sku, quantity in demand.needs
    ]


def _serve(decision: Decision) -> None:
    """Move the served orders on, those of one warehouse at a time."""
    by_warehouse: dict[int, list[int]] = defaultdict(list)
    for order, warehouse in decision.served.items():
        by_warehouse[warehouse].append(order)
    for warehouse, orders in by_warehouse.items():
        move(Order.objects.numbered(orders), Stage.ALLOCATED, warehouse_id=warehouse)


def close_shortages(served: Collection[int], *, by: Actor, now: datetime) -> None:
    """Forget what the served orders waited for, as a part of the act that serves them."""
    Shortage.objects.filter(order_id__any=list(served)).delete()
    close_items([Kind.SHORT], "order", served, by=by, now=now, why=_("served"))


def _leave_short(lacking: dict[int, dict[int, int]], *, by: Actor, now: datetime) -> int:
    """Say which SKU orders lack and how many; return how many orders were not short before."""
    rows = [(order, sku, n) for order, lack in lacking.items() for sku, n in lack.items()]
    if not rows:
        return 0
    orders, skus, missing = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(LACK_NO_MORE, [orders, orders, skus])
        cursor.execute(LACK, [orders, skus, missing])
    fresh = Order.objects.numbered(lacking).filter(stage=Stage.READY)
    moved = move(fresh, Stage.SHORT).count()
    open_items(_items(lacking), by=by, now=now)
    return moved


def _items(lacking: dict[int, dict[int, int]]) -> list[NewItem]:
    orders = Order.objects.numbered(lacking).values_list("pk", "number", "shop_id", "priority")
    return [
        NewItem(Kind.SHORT, "order", pk, facts={"order": number}, shop_id=shop, priority=priority)
        for pk, number, shop, priority in orders
    ]
