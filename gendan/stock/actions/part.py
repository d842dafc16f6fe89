"""Sending what is there: a part of an order is promised, and the rest follows or is not there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.stock.actions.cases import end_cases
from gendan.stock.actions.reserve import close_shortages
from gendan.stock.allocation import Demand, Place, Share, decide
from gendan.stock.models import (
    CaseLine,
    CaseQuerySet,
    FoundAt,
    Movement,
    Rest,
    Shortage,
    ShortageCase,
)
from gendan.stock.needs import free, safety, warehouses, what_is_there
from gendan.stock.presold import WAITS_FOR_ITS_DAY, follow_on_their_day
from gendan.stock.writing import Change, allocate, array, write
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, ItemQuerySet, Kind

# What is presold does not follow before its day.
DUE = f"""EXISTS (
  SELECT FROM orders_line l WHERE l.id = r.line_id AND NOT {WAITS_FOR_ITS_DAY})"""

# What another process is serving right now is left to it.
WAITING = f"""
SELECT o.id FROM orders_order o
WHERE o.stage = 'ALLOCATED' AND o.id IN (SELECT order_id FROM stock_rest r WHERE {DUE})
ORDER BY o.id LIMIT 5000 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 (a condition of our own)
RESTS = f"""
SELECT o.id, s.uses_safety_stock, r.line_id, r.sku_id, r.quantity
FROM stock_rest r JOIN orders_order o ON o.id = r.order_id JOIN people_shop s ON s.id = o.shop_id
WHERE o.id = ANY(%s) AND {DUE}
ORDER BY (SELECT min(rank) FROM stock_precedence p WHERE p.order_id = o.id) NULLS LAST,
  o.priority DESC, o.paid_at, o.id, r.line_id
"""  # noqa: S608 (a condition of our own)

FOLLOW_LATER = """
INSERT INTO stock_rest (line_id, order_id, sku_id, quantity, since)
SELECT line, "order", sku, pieces, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[]) AS n (line, "order", sku, pieces)
ORDER BY line
ON CONFLICT (line_id) DO UPDATE SET quantity = stock_rest.quantity + excluded.quantity
"""


class NothingThere(Refused):
    """Not a single piece of an order is there to be sent."""


class NotWrittenOff(Refused):
    """The goods are not promised any more, or nobody missed them."""


def serve_part(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "") -> OrderQuerySet:
    """Promise what is there of short orders; the rest of each line follows when it comes.

    :raises WrongStage: if any of them is not short
    :raises NothingThere: if of any of them nothing is there
    """
    with transaction.atomic():
        locked = orders.order_by("pk").select_for_update(no_key=True)
        stages = dict(locked.values_list("pk", "stage"))
        if set(stages.values()) - {Stage.SHORT}:
            raise WrongStage(_("Only short orders can be sent in parts. Nothing was changed."))
        shares = _shares(list(stages))
        with entry("stock.served_in_part", by=by, why=why, count=len(shares)) as opened:
            write(_promises(shares), Movement.RESERVED, entry=opened)
            _leave_rests(shares, now)
            allocate({order: share.warehouse_id for order, share in shares.items()})
            follow_on_their_day(shares, now)
            Shortage.objects.filter(order_id__any=list(shares)).delete()
            close_items([Kind.SHORT], "order", shares, by=by, now=now, why=_("sent in parts"))
    return Order.objects.numbered(stages)


def serve_rests(*, by: Actor, now: datetime) -> int:
    """Promise the rests that have come, before anybody else is served; return how many orders.

    Their customers have agreed to wait, and a part of their goods has gone already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WAITING)
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        cursor.execute(RESTS, [ids])
        demands = _rests(cursor.fetchall())
        skus = sorted({sku for demand in demands for _line, sku, _n in demand.needs})
        decision = decide(demands, free(skus), safety(skus), warehouses())
        served = {d.order_id: d for d in demands if d.order_id in decision.served}
        if served:
            _serve_rests(served, decision.served, by=by, now=now)
    return len(served)


def write_off(cases: CaseQuerySet, *, by: Actor, now: datetime, why: str) -> CaseQuerySet:
    """Take what was not found on its shelf out of stock; the customers wait for the rest.

    :raises NotWrittenOff: if nobody missed anything, or the pieces are not promised any more
    """
    with entry("shortage.written_off", by=by, why=why) as opened:
        rows = list(cases.live().order_by("pk").select_for_update(no_key=True))
        lines = list(
            CaseLine.objects.filter(case__in=[row.pk for row in rows], line__isnull=False)
            .exclude(warehouse=None)
            .select_related("case")
            .order_by("pk")
        )
        orders = sorted({row.order_id for row in rows})
        if not lines or not _missed(orders).exists():
            raise NotWrittenOff(_("Nobody has missed these goods on their shelf."))
        list(Order.objects.numbered(orders).order_by("pk").select_for_update(no_key=True))
        _refuse_unpromised(lines)
        write(map(_loss, lines), Movement.ADJUSTED, entry=opened)
        _follow_later(lines, now)
        close_items([Kind.SHORT], "order", orders, by=by, now=now, why=_("not there"))
        open_items([_to_settle(row) for row in rows], by=by, now=now)
    return ShortageCase.objects.numbered([row.pk for row in rows])


def found_after_all(cases: CaseQuerySet, *, by: Actor, now: datetime, why: str = "") -> int:
    """Say that what was missed has been found: it is picked again; return how many cases ended."""
    with entry("shortage.found_after_all", by=by, why=why):
        missed = cases.live().filter(found_at__in=(FoundAt.PICKING, FoundAt.PACKING))
        orders = list(missed.order_by("pk").values_list("order_id", flat=True))
        close_items([Kind.SHORT], "order", orders, by=by, now=now, why=_("found after all"))
        return end_cases(orders, by=by, now=now, outcome=_("found after all"))


def _shares(orders: Sequence[int]) -> dict[int, Share]:
    shares = what_is_there(orders)
    if len(shares) != len(orders):
        raise NothingThere(_("Nothing of this order is there any more. Ask the customer anew."))
    return shares


def _promises(shares: Mapping[int, Share]) -> list[Change]:
    return [
        Change(sku, share.warehouse_id, 0, pieces, line)
        for share in shares.values()
        for (line, sku), pieces in share.pieces.items()
    ]


def _leave_rests(shares: Mapping[int, Share], now: datetime) -> None:
    Rest.objects.bulk_create(
        Rest(line_id=line, order_id=order, sku_id=sku, quantity=pieces, since=now)
        for order, share in shares.items()
        for (line, sku), pieces in share.rest.items()
    )


def _rests(rows: Sequence[tuple[int, bool, int, int, int]]) -> list[Demand]:
    wanted: dict[int, Demand] = {}
    for order, uses_safety, line, sku, pieces in rows:
        known = wanted.get(order) or Demand(order, [], None, uses_safety)
        wanted[order] = Demand(order, [*known.needs, (line, sku, pieces)], None, uses_safety)
    return list(wanted.values())


def _serve_rests(
    served: Mapping[int, Demand], places: Mapping[int, int], *, by: Actor, now: datetime
) -> None:
    with entry("stock.rest_reserved", by=by, count=len(served)) as opened:
        promises = [
            Change(sku, places[order], 0, pieces, line)
            for order, demand in served.items()
            for line, sku, pieces in demand.needs
        ]
        write(promises, Movement.RESERVED, entry=opened)
        Rest.objects.filter(line_id__any=[change.line_id for change in promises]).delete()
        close_shortages(served, by=by, now=now)
        end_cases(served, by=by, now=now, outcome=_("the goods came"))


def _missed(orders: Sequence[int]) -> ItemQuerySet:
    waiting = Item.objects.open().filter(kind=Kind.SHORT, subject="order").exclude(detail="")
    return waiting.filter(subject_id__any=list(orders))


def _refuse_unpromised(lines: Sequence[CaseLine]) -> None:
    """The ledger refuses to free more than is promised to a line, but not in these words."""
    known = Line.objects.filter(
        pk__any=[line.line_id for line in lines], reservations__isnull=False
    ).values_list("pk", "reservations__warehouse_id", "reservations__quantity")
    promised: dict[Place, int] = {(line, place): n for line, place, n in known}
    for line in lines:
        if promised.get((line.line_id or 0, line.warehouse_id or 0), 0) < line.missing:
            raise NotWrittenOff(
                _("These pieces are not promised to the order any more. Load the page again.")
            )


def _loss(line: CaseLine) -> Change:
    place = line.warehouse_id or 0
    return Change(line.sku_id, place, -line.missing, -line.missing, line.line_id)


def _follow_later(lines: Sequence[CaseLine], now: datetime) -> None:
    rows = [(n.line_id, n.case.order_id, n.sku_id, n.missing) for n in lines]
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_LATER, [now, *(array(column) for column in zip(*rows, strict=True))])


def _to_settle(case: ShortageCase) -> NewItem:
    order = case.order
    facts = {"number": order.number}
    return NewItem(Kind.SHORT, "order", order.pk, facts=facts, shop_id=order.shop_id)
