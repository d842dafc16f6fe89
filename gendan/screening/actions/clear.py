"""Clearing holds one by one, releasing orders, and releasing them in spite of what holds them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.screening.models import Force, Hold, Remedy, Review, Severity
from gendan.screening.onward import STANDS, go_on, hold_back, let_go, waiting
from gendan.ui.errors import Refused


class CannotClear(Refused):
    """No reason was given, the hold must be solved first, or somebody else has to decide."""


def clear(holds: "QuerySet[Hold]", *, by: Worker, now: datetime, why: str) -> OrderQuerySet:
    """Clear the holds for a reason; orders without any other go on by themselves. Return those.

    :raises CannotClear: without a reason, if a hold is not theirs to clear, or cleared by now
    """
    _need(why)
    with entry("order.hold_cleared", by=by, why=why):
        asked = dict(holds.filter(cleared_at=None).values_list("pk", "order_id"))
        orders = _locked(asked.values())
        chosen = _still_open(asked)
        _refuse_early(chosen)
        _clear(chosen, by=by, now=now, why=why)
        free = _part(orders, by=by, now=now, why=why)
    return Order.objects.numbered(free)


def release(orders: OrderQuerySet, *, by: Worker, now: datetime, why: str = "") -> OrderQuerySet:
    """Pass the review: clear what was only to be looked at, and let the orders go on.

    What finance has to see goes to finance after service has passed it. Return who goes on.

    :raises CannotClear: if something of any of them must be solved first
    :raises WrongStage: if any of them is not held
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.released", by=by, why=why, count=len(ids)):
        locked = _locked(ids)
        turn = waiting(locked)
        open_now = Hold.objects.filter(order_id__any=list(locked), cleared_at=None)
        theirs = [
            hold.pk
            for hold in open_now.select_related("rule")
            if hold.rule.review == turn.get(hold.order_id, hold.rule.review)
        ]
        _refuse_blocked(open_now.filter(pk__any=theirs))
        said = why.strip() or _("looked at")
        _clear(theirs, by=by, now=now, why=said)
        free = _part(locked, by=by, now=now, why=said)
    return Order.objects.numbered(free)


def force(orders: OrderQuerySet, *, by: Worker, now: datetime, why: str) -> OrderQuerySet:
    """Let orders go on in spite of whatever holds them; their pages say so from then on.

    :raises CannotClear: without the right or a reason, or if goods of any of them are unknown
    :raises WrongStage: if any of them is not held
    """
    _need(why)
    if not by.may("screening.force"):
        raise CannotClear(_("Only a supervisor may release an order in spite of a hold."))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.forced", by=by, why=why, count=len(ids)):
        locked = _locked(ids)
        held = Hold.objects.filter(order_id__any=list(locked), cleared_at=None)
        if held.filter(rule__remedy=Remedy.MAP_CODE).exists():
            raise CannotClear(_("Goods that nobody knows can't be sent. Choose the SKU for them."))
        held.update(cleared_at=now, cleared_by=_person(by), cleared_why=why[:200])
        Force.objects.bulk_create(
            Force(order_id=pk, by=_person(by), by_name=by.actor_name, why=why[:200], at=now)
            for pk in locked
        )
        free = _part(locked, by=by, now=now, why=why)
    return Order.objects.numbered(free)


def _part(orders: dict[int, str], *, by: Actor, now: datetime, why: str) -> list[int]:
    """Let those go on that nothing holds any more, and hand the others on; return the first."""
    held = waiting(orders)
    hold_back(held, by=by, now=now)
    free = sorted(set(orders) - set(held))
    released = [pk for pk in free if orders[pk] == Stage.HELD]
    complete_goods(released, by=by, now=now)
    let_go(released, by=by, now=now, why=why)
    go_on([pk for pk in free if orders[pk] != Stage.HELD], by=by, now=now, why=why)
    return free


def _need(why: str) -> None:
    if not why.strip():
        raise CannotClear(_("Say why. The next colleague will want to know."))


def _locked(orders: Iterable[int]) -> dict[int, str]:
    """Lock orders that are held, or stopped in the warehouse; return them with their stages."""
    wanted = sorted(set(orders))
    rows = Order.objects.numbered(wanted).filter(stage__in=STANDS).order_by("pk")
    locked = dict(rows.select_for_update(no_key=True).values_list("pk", "stage"))
    promised = [pk for pk, stage in locked.items() if stage != Stage.HELD]
    if promised:
        stopped = set(waiting(promised))
        locked = {pk: at for pk, at in locked.items() if at == Stage.HELD or pk in stopped}
    if len(locked) != len(wanted):
        raise WrongStage(_("Some of the orders are not held any more. Load the page again."))
    return locked


def _still_open(asked: Collection[int]) -> list[int]:
    """Read the holds under the lock of their orders: a colleague may have been faster."""
    waiting = Hold.objects.filter(pk__any=list(asked), cleared_at=None)
    chosen = list(waiting.values_list("pk", flat=True))
    if not chosen or len(chosen) != len(asked):
        raise CannotClear(
            _("A colleague has cleared some of these meanwhile. Load the page again.")
        )
    return chosen


def _refuse_early(chosen: list[int]) -> None:
    """Finance decides when service has nothing left to decide about the order."""
    orders = Hold.objects.filter(pk__any=chosen, rule__review=Review.FINANCE).values("order_id")
    left = Hold.objects.filter(
        order_id__in=orders,
        cleared_at=None,
        rule__review=Review.SERVICE,
        severity__in=(Severity.BLOCK, Severity.WARN),
    ).exclude(pk__any=chosen)
    if found := left.select_related("order", "rule").first():
        raise CannotClear(
            _("Service first: “%(rule)s” of order %(order)s is not cleared yet.")
            % {"order": found.order.number, "rule": found.rule.label}
        )


def _refuse_blocked(holds: "QuerySet[Hold]") -> None:
    blocked = holds.filter(severity=Severity.BLOCK).select_related("rule", "order").first()
    if blocked:
        raise CannotClear(
            _("Order %(order)s can't go on: “%(rule)s” must be solved or cleared first.")
            % {"order": blocked.order.number, "rule": blocked.rule.label}
        )


def _clear(holds: list[int], *, by: Worker, now: datetime, why: str) -> None:
    chosen = Hold.objects.filter(pk__any=holds)
    for remedy, review in chosen.values_list("rule__remedy", "rule__review").distinct():
        _refuse(remedy, review, by)
    chosen.update(cleared_at=now, cleared_by=_person(by), cleared_why=why[:200])


def _refuse(remedy: str, review: str, by: Worker) -> None:
    if remedy == Remedy.MAP_CODE:
        raise CannotClear(_("Goods that nobody knows can't be sent. Choose the SKU for them."))
    if remedy == Remedy.APPROVE_PRICE and not by.may("orders.below_floor"):
        raise CannotClear(_("Only a supervisor may approve a price below the floor."))
    if review == Review.FINANCE and not by.may("screening.finance"):
        raise CannotClear(_("This is for finance to decide. It waits on their worklist."))
    if review == Review.SERVICE and not by.may("screening.review"):
        raise CannotClear(_("This is for service to decide. It waits on their worklist."))


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None
