"""Promising stock to released orders: by priority and payment time, all or none of an order."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage, move
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions.cases import Found, end_cases, open_cases
from gendan.stock.allocation import Decision, Demand, decide
from gendan.stock.models import (
    CaseState,
    FoundAt,
    Movement,
    PresaleClaim,
    Shortage,
    ShortageCase,
)
from gendan.stock.needs import free, needs, safety
from gendan.stock.presold import follow_on_their_day, held_back
from gendan.stock.queries.sourcing import preferences
from gendan.stock.turns import PREFERRED, TURN, apart
from gendan.stock.writing import Change, allocate, write
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

BATCH = 5000

# What another process is serving right now is left to it.
SKIPPING = "FOR NO KEY UPDATE SKIP LOCKED"
NEXT = TURN + SKIPPING
FIRST = PREFERRED + SKIPPING

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
            cursor.execute(FIRST)
            first = [row[0] for row in cursor.fetchall()]
            cursor.execute(NEXT, [limit])
            ids = list(dict.fromkeys([*first, *(row[0] for row in cursor.fetchall())]))
        ids = apart(ids)
        return _reserve(ids, by=by, now=now) if ids else (0, 0)


def reserve_preferred(*, by: Actor, now: datetime) -> int:
    """Serve those who go first because somebody decided so; return how many were served."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FIRST)
            ids = [row[0] for row in cursor.fetchall()]
        return _reserve(ids, by=by, now=now)[0] if ids else 0


def reserve(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "") -> OrderQuerySet:
    """Promise stock to the orders that can be served whole; the others are short. Return the first.

    :raises WrongStage: if any of them does not wait for stock, or waits for the day of a presale
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
        _refuse_presold(ids)
        _reserve(ids, by=by, now=now, why=why)
    return chosen.filter(stage=Stage.ALLOCATED)


def _refuse_presold(orders: Sequence[int]) -> None:
    waits = PresaleClaim.objects.filter(order_id__any=sorted(held_back(orders)))
    if claim := waits.select_related("order").order_by("-waits_until").first():
        raise WrongStage(
            _("Order %(number)s is presold: it is sent on %(day)s.")
            % {
                "number": claim.order.number,
                "day": timezone.localdate(claim.waits_until).isoformat(),
            }
        )


def _reserve(orders: Sequence[int], *, by: Actor, now: datetime, why: str = "") -> tuple[int, int]:
    demands = needs(orders)
    skus = sorted({sku for demand in demands for _line, sku, _quantity in demand.needs})
    warehouses = list(
        Warehouse.objects.filter(is_active=True).order_by("rank", "pk").values_list("pk", flat=True)
    )
    preferred = preferences(orders, now=now)
    decision = decide(demands, free(skus), safety(skus), warehouses, preferred)
    fresh = _news(decision)
    if not decision.served and not fresh:
        return 0, 0
    with entry("stock.reserved", by=by, why=why, count=len(decision.served)) as opened:
        write(_promises(demands, decision), Movement.RESERVED, entry=opened)
        allocate(decision.served)
        follow_on_their_day(decision.served, now)
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


def _promises(demands: Sequence[Demand], decision: Decision) -> list[Change]:
    return [
        Change(sku, decision.served[demand.order_id], 0, quantity, line)
        for demand in demands
        if demand.order_id in decision.served
        for line, sku, quantity in demand.needs
    ]


def close_shortages(served: Collection[int], *, by: Actor, now: datetime) -> None:
    """Forget what the served orders waited for, as a part of the act that serves them."""
    lacked, _rows = Shortage.objects.filter(order_id__any=list(served)).delete()
    close_items([Kind.SHORT], "order", served, by=by, now=now, why=_("served"))
    if lacked:
        end_cases(served, by=by, now=now, outcome=_("the goods came"))


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
    open_items(_items(_unsettled(lacking)), by=by, now=now)
    open_cases([Found(*row) for row in rows], FoundAt.RESERVATION, by=by, now=now)
    return moved


def _unsettled(lacking: Collection[int]) -> list[int]:
    """Return the orders whose customers are not asked yet, and did not choose to wait."""
    settled = ShortageCase.objects.filter(
        order_id__any=list(lacking), state__in=(CaseState.ASKED, CaseState.WAITING)
    )
    known = set(settled.values_list("order_id", flat=True))
    return [order for order in lacking if order not in known]


def _items(lacking: Collection[int]) -> list[NewItem]:
    orders = Order.objects.numbered(lacking).values_list("pk", "number", "shop_id", "priority")
    return [
        NewItem(Kind.SHORT, "order", pk, facts={"order": number}, shop_id=shop, priority=priority)
        for pk, number, shop, priority in orders
    ]
