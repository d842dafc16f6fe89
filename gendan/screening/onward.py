"""Parting screened orders: those that wait for a reviewer, and those that go on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.screening.models import Hold, Review, Severity
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

STANDS = (Stage.HELD, Stage.ALLOCATED)
"""Held, or stopped in the warehouse because it changed after its release."""
HOLDING = (Severity.BLOCK, Severity.WARN)
ITEMS = {Review.SERVICE: Kind.HELD, Review.FINANCE: Kind.FINANCE}
KINDS = (Kind.HELD, Kind.FINANCE, Kind.LONG_HELD)
"""What waits for a person while an order is held, and is done when it goes on."""


def waiting(ids: Collection[int]) -> dict[int, Review]:
    """Return those of the orders that a hold keeps from going on, and whose turn it is.

    Finance looks at an order when nothing is left for service.
    """
    holds = Hold.objects.filter(order_id__any=list(ids), cleared_at=None, severity__in=HOLDING)
    found: dict[int, Review] = {}
    for order, review in holds.values_list("order_id", "rule__review"):
        if found.get(order) != Review.SERVICE:
            found[order] = Review(review)
    return found


def hold_back(held: Mapping[int, Review], *, by: Actor, now: datetime) -> int:
    """Keep orders for their reviewers, one work item each; return how many were not kept before.

    Orders whose goods are promised stay where they are: the warehouse refuses them.
    """
    rows = list(
        Order.objects.numbered(held).values_list("pk", "number", "shop_id", "priority", "stage")
    )
    fresh = [row[0] for row in rows if row[4] not in (Stage.HELD, Stage.ALLOCATED)]
    known = _hand_on({pk: held[pk] for pk in held if pk not in set(fresh)}, by=by, now=now)
    move(Order.objects.numbered(fresh), Stage.HELD)
    items = [
        NewItem(
            ITEMS[held[pk]], "order", pk, facts={"order": number}, shop_id=shop, priority=priority
        )
        for pk, number, shop, priority, _stage in rows
        if pk not in known
    ]
    open_items(items, by=by, now=now)
    return len(fresh)


def let_go(ids: Sequence[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """Let orders pass to reservation; their notes and work items are done."""
    if not ids:
        return
    move(Order.objects.numbered(ids), Stage.READY, released_at=now)
    go_on(ids, by=by, now=now, why=why)


def go_on(ids: Sequence[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """End what waits about orders that nothing holds any more, wherever they are."""
    if not ids:
        return
    notes = Hold.objects.filter(order_id__any=list(ids), cleared_at=None)
    notes.update(cleared_at=now, cleared_why=_("noted"))
    close_items(KINDS, "order", ids, by=by, now=now, why=why or _("released"))


def _hand_on(held: Mapping[int, Review], *, by: Actor, now: datetime) -> set[int]:
    """Close what waits for the other review; return the orders whose item is the right one."""
    if not held:
        return set()
    there = Item.objects.open().filter(
        kind__in=ITEMS.values(), subject="order", subject_id__any=list(held)
    )
    rows = list(there.values_list("subject_id", "kind"))
    for kind in ITEMS.values():
        wrong = [pk for pk, of in rows if of == kind and ITEMS[held[pk]] != kind]
        if wrong:
            close_items([kind], "order", wrong, by=by, now=now, why=_("the other review's turn"))
    return {pk for pk, of in rows if ITEMS[held[pk]] == of}
