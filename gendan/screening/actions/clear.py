"""Clearing holds one by one, and releasing orders."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.screening.models import Hold, Remedy, Severity
from gendan.screening.onward import let_go, waiting
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
        _clear(chosen, by=by, now=now, why=why)
        free = sorted(set(orders) - waiting(orders))
        let_go(free, by=by, now=now, why=why)
    return Order.objects.numbered(free)


def release(orders: OrderQuerySet, *, by: Worker, now: datetime, why: str = "") -> OrderQuerySet:
    """Pass the review: clear what was only to be looked at, and let the orders go on.

    :raises CannotClear: if something of any of them must be solved first
    :raises WrongStage: if any of them is not held
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.released", by=by, why=why, count=len(ids)):
        locked = _locked(ids)
        open_now = Hold.objects.filter(order_id__any=locked, cleared_at=None)
        _refuse_blocked(open_now)
        said = why.strip() or _("looked at")
        _clear(list(open_now.values_list("pk", flat=True)), by=by, now=now, why=said)
        let_go(locked, by=by, now=now, why=said)
    return Order.objects.numbered(locked)


def _need(why: str) -> None:
    if not why.strip():
        raise CannotClear(_("Say why. The next colleague will want to know."))


def _locked(orders: Iterable[int]) -> list[int]:
    wanted = sorted(set(orders))
    rows = Order.objects.numbered(wanted).filter(stage=Stage.HELD).order_by("pk")
    locked = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    if locked != wanted:
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


def _refuse_blocked(holds: "QuerySet[Hold]") -> None:
    blocked = holds.filter(severity=Severity.BLOCK).select_related("rule", "order").first()
    if blocked:
        raise CannotClear(
            _("Order %(order)s can't go on: “%(rule)s” must be solved or cleared first.")
            % {"order": blocked.order.number, "rule": blocked.rule.label}
        )


def _clear(holds: list[int], *, by: Worker, now: datetime, why: str) -> None:
    chosen = Hold.objects.filter(pk__any=holds)
    for remedy in chosen.values_list("rule__remedy", flat=True).distinct():
        _refuse(remedy, by)
    chosen.update(cleared_at=now, cleared_by=_person(by), cleared_why=why[:200])


def _refuse(remedy: str, by: Worker) -> None:
    if remedy == Remedy.MAP_CODE:
        raise CannotClear(_("Goods that nobody knows can't be sent. Choose the SKU for them."))
    if remedy == Remedy.APPROVE_PRICE and not by.may("orders.below_floor"):
        raise CannotClear(_("Only a supervisor may approve a price below the floor."))


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None
