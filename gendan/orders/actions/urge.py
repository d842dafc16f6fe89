"""What cannot wait goes first: at screening, reservation, in the waves, and in every list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.lane import lock_lane
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.models.urgency import (
    LaneRules,
    LaneStep,
    Origin,
    Urgency,
    UrgencyEnd,
    UrgentLap,
)
from gendan.orders.move import WrongStage
from gendan.orders.newcomers import URGENT
from gendan.orders.queries.haste import BEYOND, places_taken, unused
from gendan.orders.stages import IN_HAND, OVER, Stage
from gendan.orders.urgent import FOLLOWERS, QUEUES, Displaced
from gendan.people.models import ApiKey, Person
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

BATCH = 2000
Found = Mapping[int, tuple[LaneStep, Displaced]]


class NoReason(Refused):
    """Nobody said why."""


class TooManyUrgent(Refused):
    """The day's places in the urgent lane are taken."""


def urge(
    orders: OrderQuerySet,
    *,
    by: Actor,
    why: str = "",
    urgent: bool = True,
    now: datetime | None = None,
) -> OrderQuerySet:
    """Declare the orders urgent, or take the mark away; `now` none: this moment.

    :raises NoReason: if `why` is empty
    :raises WrongStage: if any of them is over
    :raises TooManyUrgent: if the day has fewer places left, and `by` may not exceed it
    """
    if not why.strip():
        raise NoReason(_("Say why: who waits behind an urgent order has a right to know."))
    at = now or timezone.now()
    ids = sorted(set(orders.values_list("pk", flat=True)))
    verb = "order.urged" if urgent else "order.not_urged"
    with entry(verb, by=by, why=why, count=len(ids)):
        if urgent:
            _declare(ids, by=by, now=at, why=why)
        else:
            _take_away(ids, by=by, now=at, why=why)
    return Order.objects.numbered(ids)


def adopt(*, by: Actor, now: datetime) -> int:
    """Give a place in the lane to orders whose customers asked for it; return to how many.

    They take no place of the day's: nobody in the house declared them.
    """
    asked = Order.objects.filter(
        ~Exists(Urgency.objects.filter(order=OuterRef("pk"))),
        priority__gt=0,
        stage__in=IN_HAND,
    ).order_by("pk")[:BATCH]
    ids = list(asked.values_list("pk", flat=True))
    if not ids:
        return 0
    with entry("order.urgency_asked", by=by, count=len(ids)):
        rows = [_record(pk, None, Origin.ASKED, by=by, now=now, why="") for pk in ids]
        made = Urgency.objects.bulk_create(rows, ignore_conflicts=True)
    return len(made)


def end_urgencies(ended: Mapping[int, tuple[UrgencyEnd, datetime]], *, by: Actor) -> None:
    """Let urgencies (by id) end as they did, and when: they have left the house, or are over."""
    if not ended:
        return
    with entry("order.urgency_ended", by=by, count=len(ended)):
        open_ones = Urgency.objects.filter(pk__any=sorted(ended), ended_at=None)
        rows = list(
            open_ones.annotate(is_unused=unused()).order_by("pk").select_for_update(no_key=True)
        )
        for row in rows:
            row.end, row.ended_at = ended[row.pk]
            row.gave_back = row.is_unused and row.end != UrgencyEnd.LEFT
        Urgency.objects.bulk_update(rows, ["end", "ended_at", "gave_back"])


def let_go(ids: Sequence[int], end: UrgencyEnd, *, by: Actor, now: datetime, why: str = "") -> None:
    """End the urgencies of orders at once, as a part of the act that takes their haste away.

    A place of the day that no hand has worked for is free again from this moment on.
    """
    open_ones = Urgency.objects.filter(order__any=ids, ended_at=None)
    laps = UrgentLap.objects.filter(urgency__in=open_ones, ended_at=None)
    laps.update(ended_at=Greatest("began_at", Value(now)))
    open_ones.update(ended_at=now, end=end, ended_why=why[:500], gave_back=unused())
    close_items([Kind.URGENT], "order", ids, by=by, now=now, why=why)


def save_lane_rules(rules: LaneRules, *, by: Actor, why: str = "") -> LaneRules:
    """Change how many a day may be urgent, and how long each step may take."""
    with entry("lane.rules_changed", by=by, why=why):
        rules.save()
    return rules


def _declare(ids: Sequence[int], *, by: Actor, now: datetime, why: str) -> None:
    today = timezone.localdate(now)
    new = _newly_urgent(ids)
    rules = lock_lane()
    _refuse_too_many(len(new), rules, today, by)
    found = dict(_displaced(new))
    rows = [_record(pk, found.get(pk), Origin.DECLARED, by=by, now=now, why=why) for pk in new]
    Order.objects.numbered(ids).update(priority=URGENT)
    Urgency.objects.bulk_create(rows)
    for follow in FOLLOWERS:
        follow(ids)


def _newly_urgent(ids: Sequence[int]) -> list[int]:
    """Lock the orders; return those that nobody has declared yet."""
    locked = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True)
    for number, stage in locked.values_list("number", "stage"):
        if stage in OVER:
            raise WrongStage(
                _("Order %(number)s is “%(stage)s”: nothing of it can go first.")
                % {"number": number, "stage": Stage(stage).label}
            )
    known = Urgency.objects.filter(order__any=ids, ended_at=None)
    return sorted(set(ids) - set(known.values_list("order_id", flat=True)))


def _refuse_too_many(new: int, rules: LaneRules, today: date, by: Actor) -> None:
    taken = places_taken(today)
    if taken + new <= rules.a_day or not new:
        return
    if isinstance(by, Person | ApiKey) and by.may(BEYOND):
        return
    raise TooManyUrgent(
        ngettext(
            "%(limit)s order a day may be urgent, and %(taken)s is today. Ask a supervisor, who "
            "may declare more, or take one away that can wait.",
            "%(limit)s orders a day may be urgent, and %(taken)s are today. Ask a supervisor, who "
            "may declare more, or take one away that can wait.",
            rules.a_day,
        )
        % {"limit": rules.a_day, "taken": taken}
    )


def _displaced(ids: Sequence[int]) -> Iterator[tuple[int, tuple[LaneStep, Displaced]]]:
    for queue, ask in QUEUES.items():
        for found in ask(ids) if ids else ():
            yield found.order_id, (queue, found)


def _record(
    order_id: int,
    found: tuple[LaneStep, Displaced] | None,
    origin: Origin,
    *,
    by: Actor,
    now: datetime,
    why: str,
) -> Urgency:
    return Urgency(
        order_id=order_id,
        origin=origin,
        declared_by=by if isinstance(by, Person) else None,
        declared_name=by.actor_name[:80],
        why=why[:500],
        at=now,
        on=timezone.localdate(now),
        queue=found[0] if found else "",
        displaced=found[1].count if found else 0,
        displaced_numbers=list(found[1].numbers) if found else [],
    )


def _take_away(ids: Sequence[int], *, by: Actor, now: datetime, why: str) -> None:
    list(
        Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True).values_list("pk")
    )
    Order.objects.numbered(ids).update(priority=0)
    for follow in FOLLOWERS:  # they lock the parcels: whether one is in a wave is certain then
        follow(ids)
    let_go(ids, UrgencyEnd.TAKEN_AWAY, by=by, now=now, why=why)
