"""Parting screened orders: those that wait for a reviewer, and those that go on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.screening.models import Hold, Severity
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

HOLDING = (Severity.BLOCK, Severity.WARN)


def waiting(ids: Collection[int]) -> set[int]:
    """Return those of the orders that a hold keeps from going on."""
    holds = Hold.objects.filter(order_id__any=list(ids), cleared_at=None, severity__in=HOLDING)
    return set(holds.values_list("order_id", flat=True))


def hold_back(ids: Collection[int], *, by: Actor, now: datetime) -> int:
    """Keep orders for the reviewer, one work item each; return how many were not kept before."""
    fresh = Order.objects.numbered(ids).exclude(stage=Stage.HELD)
    rows = list(fresh.values_list("pk", "number", "shop_id", "priority"))
    if not rows:
        return 0
    move(Order.objects.numbered(pk for pk, *_rest in rows), Stage.HELD)
    items = [
        NewItem(Kind.HELD, "order", pk, facts={"order": number}, shop_id=shop, priority=priority)
        for pk, number, shop, priority in rows
    ]
    open_items(items, by=by, now=now)
    return len(rows)


def let_go(ids: Sequence[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """Let orders pass to reservation; their notes and work items are done."""
    if not ids:
        return
    move(Order.objects.numbered(ids), Stage.READY, released_at=now)
    notes = Hold.objects.filter(order_id__any=list(ids), cleared_at=None)
    notes.update(cleared_at=now, cleared_why=_("noted"))
    close_items([Kind.HELD], "order", ids, by=by, now=now, why=why or _("released"))
