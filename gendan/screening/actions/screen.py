"""Asking the rules: what none of them holds passes by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.actions.set_skus import follow_codes
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.queries.surge import big_day
from gendan.orders.stages import Stage
from gendan.screening.asking import Question
from gendan.screening.models import Hold, Rule, Severity
from gendan.screening.onward import KINDS, hold_back, let_go, waiting
from gendan.screening.rules import CHANGED, UNASKED, install_rules
from gendan.worklist.actions import close_items
from gendan.worklist.models import Item

BATCH = 2500
RELEASED = (Stage.READY, Stage.SHORT)

# Both walk along an index and stop, however many wait. What another process is screening right now
# is left to it.
URGENT = """
SELECT id FROM orders_order WHERE stage = 'SCREENING' AND priority > 0
ORDER BY priority DESC, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
OTHERS = """
SELECT id FROM orders_order WHERE stage = 'SCREENING' AND priority <= 0
ORDER BY placed_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""


def screen_next(*, by: Actor, now: datetime, limit: int = BATCH) -> tuple[int, int]:
    """Screen the next orders that wait; return how many were released and how many are held."""
    install_rules(by=by)
    if not Order.objects.filter(stage=Stage.SCREENING).exists():
        return 0, 0
    with entry("order.screened", by=by):
        ids = _next(limit)
        return _screen(ids, by=by, now=now)


def know_rules(*, by: Actor, now: datetime) -> None:
    """Have the rules at hand, turned into SQL once: hands that begin together would each do it."""
    install_rules(by=by)
    Question(_rules(), (), now)


def screen(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "") -> tuple[int, int]:
    """Screen these orders; return how many were released and how many are held.

    :raises WrongStage: if any of them does not wait for screening
    """
    return _ask(orders, (Stage.SCREENING,), by=by, now=now, why=why)


def rescreen(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "") -> tuple[int, int]:
    """Ask the rules again about orders that were mended; return how many are released and held.

    :raises WrongStage: if any of them has passed screening, or has not come to it yet
    """
    return _ask(orders, (Stage.SCREENING, Stage.HELD), by=by, now=now, why=why)


def look_again(*, by: Actor, now: datetime, limit: int = BATCH) -> tuple[int, int]:
    """Ask again about held orders: codes were mapped, or the platform said something new."""
    follow_codes(by=by)
    held = Order.objects.filter(stage=Stage.HELD).order_by("-priority", "pk")
    ids = list(held.values_list("pk", flat=True)[:limit])
    if not ids or not Question(_rules(), ids, now).differs():
        return 0, 0
    with entry("order.screened", by=by):
        return _screen(_locked(ids, (Stage.HELD,)), by=by, now=now)


def recheck(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Hold released orders of which a rule that blocks has become true; return how many.

    After goods are promised the warehouse itself refuses what must not leave.
    """
    blocking = [rule for rule in _rules() if rule.is_on and rule.severity == Severity.BLOCK]
    ids = list(
        Order.objects.filter(stage__in=RELEASED).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    if not ids or not Question(blocking, ids, now).differs():
        return 0
    with entry("order.held_again", by=by):
        locked = _locked(ids, RELEASED)
        Question(blocking, locked, now).put(_("no longer so"))
        return hold_back(waiting(locked), by=by, now=now)


def settle(*, by: Actor, now: datetime) -> int:
    """End the holds of orders that were cancelled or moved on by others; return how many orders."""
    stale = Hold.objects.filter(cleared_at=None).exclude(
        order__stage__in=(Stage.SCREENING, Stage.HELD)
    )
    # What was changed on its way to the warehouse waits there for the reviewer.
    stale = stale.exclude(rule__code=CHANGED, order__stage=Stage.ALLOCATED)
    ids = set(stale.values_list("order_id", flat=True)) | _forgotten_items()
    if not ids:
        return 0
    why = _("the order moved on")
    with entry("order.holds_ended", by=by):
        ids &= _moved_on(ids)
        stale.filter(order_id__any=list(ids)).update(cleared_at=now, cleared_why=why)
        close_items(KINDS, "order", ids, by=by, now=now, why=why)
    return len(ids)


def _moved_on(ids: Iterable[int]) -> set[int]:
    """Lock those of the orders that do not wait here; another may be held again by now."""
    rows = Order.objects.numbered(ids).exclude(stage=Stage.HELD).exclude(pk__in=_stopped())
    return set(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _forgotten_items() -> set[int]:
    waiting = Item.objects.open().filter(kind__in=KINDS, subject="order")
    about = set(waiting.values_list("subject_id", flat=True))
    held = Order.objects.numbered(about).filter(stage=Stage.HELD)
    return about - set(held.values_list("pk", flat=True)) - set(_stopped())


def _stopped() -> "QuerySet[Hold, int]":
    """Return the orders (by id) that are stopped in the warehouse."""
    stopped = Hold.objects.filter(rule__code=CHANGED, cleared_at=None)
    return stopped.filter(order__stage=Stage.ALLOCATED).values_list("order_id", flat=True)


def _ask(
    orders: OrderQuerySet, stages: Sequence[Stage], *, by: Actor, now: datetime, why: str
) -> tuple[int, int]:
    install_rules(by=by)
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.screened", by=by, why=why):
        locked = _locked(ids, stages)
        if len(locked) != len(ids):
            raise WrongStage(
                _("Some of the orders are not in screening any more. Load the page again.")
            )
        return _screen(locked, by=by, now=now)


def _screen(ids: Sequence[int], *, by: Actor, now: datetime) -> tuple[int, int]:
    """Bring the holds up to date, then part the orders into those held and those released."""
    complete_goods(ids, by=by, now=now)
    Question(_rules(), ids, now).put(_("no longer so"))
    held = waiting(ids)
    hold_back(held, by=by, now=now)
    passing = [pk for pk in ids if pk not in held]
    let_go(passing, by=by, now=now)
    return len(passing), len(held)


def _rules() -> "list[Rule]":
    """Return all rules; on a big day some of them rest, as if they were switched off."""
    rules = list(Rule.objects.exclude(code__in=UNASKED))
    if any(rule.rests_on_big_days for rule in rules) and big_day():
        for rule in rules:
            rule.is_on = rule.is_on and not rule.rests_on_big_days
    return rules


def _next(limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(URGENT, [limit])
        urgent = [row[0] for row in cursor.fetchall()]
        cursor.execute(OTHERS, [limit - len(urgent)])
        return urgent + [row[0] for row in cursor.fetchall()]


def _locked(ids: Sequence[int], stages: Sequence[Stage]) -> list[int]:
    rows = Order.objects.numbered(ids).filter(stage__in=stages).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
