"""Lets the clocks of the urgent lane follow the orders, and a person know when one runs out."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.delivery.queries.lane import Runner, runners
from gendan.journal.actors import Actor
from gendan.orders.actions.urge import adopt, end_urgencies
from gendan.orders.models import LaneStep, UrgencyEnd, UrgentLap
from gendan.orders.queries.haste import lane_rules
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.clock import calendar
from gendan.worklist.models import Kind


def keep_lane(*, by: Actor, now: datetime, orders: Sequence[int] | None = None) -> tuple[int, int]:
    """Bring the clocks up to date; return how many began, and how many ran out just now.

    The instants are those of the stages, so that it does not matter when this is done.
    """
    with transaction.atomic():
        if orders is None:
            adopt(by=by, now=now)
        standing = runners(orders=orders)
        moved = [one for one in standing if one.lap_id and one.lap_step != one.step]
        _stop(moved, by=by, now=now)
        end_urgencies({one.urgency_id: _end(one) for one in standing if _is_out(one)}, by=by)
        begun = _begin(one for one in standing if one.step and one.lap_step != one.step)
        return len(begun), _alarm([one for one in standing if _ran_out(one, now)], by=by, now=now)


def _is_out(runner: Runner) -> bool:
    return runner.is_over or runner.has_left


def _end(runner: Runner) -> tuple[UrgencyEnd, datetime]:
    return UrgencyEnd.OVER if runner.is_over else UrgencyEnd.LEFT, runner.since


def _stop(moved: Sequence[Runner], *, by: Actor, now: datetime) -> None:
    """End the clocks of steps that are behind the orders, when the next step began."""
    laps = [
        UrgentLap(pk=one.lap_id, ended_at=max(one.since, one.began_at or one.since))
        for one in moved
    ]
    if not laps:
        return
    UrgentLap.objects.bulk_update(laps, ["ended_at"])
    alarmed = [one.order_id for one in moved if one.alarmed_at]
    if alarmed:
        why = _("It has gone on to the next step.")
        close_items([Kind.URGENT], "order", alarmed, by=by, now=now, why=why)


def _begin(starting: Iterable[Runner]) -> list[UrgentLap]:
    rules, days = lane_rules(), calendar()
    laps = [
        UrgentLap(
            urgency_id=one.urgency_id,
            step=step,
            began_at=one.since,
            due_at=days.after(one.since, rules.minutes(step)),
        )
        for one in starting
        if (step := one.step)
    ]
    return UrgentLap.objects.bulk_create(laps, ignore_conflicts=True)


def _ran_out(runner: Runner, now: datetime) -> bool:
    """Say whether its clock is over and nobody was told so yet."""
    return runner.alarmed_at is None and runner.is_late(now)


def _alarm(late: Sequence[Runner], *, by: Actor, now: datetime) -> int:
    UrgentLap.objects.filter(pk__any=[one.lap_id for one in late]).update(alarmed_at=now)
    return open_items([_item(one) for one in late], by=by, now=now)


def _item(runner: Runner) -> NewItem:
    step = str(LaneStep(runner.lap_step).label)
    return NewItem(
        kind=Kind.URGENT,
        subject="order",
        subject_id=runner.order_id,
        facts={"order": runner.number, "step": step, "why": runner.why},
        shop_id=runner.shop_id,
        warehouse_id=runner.warehouse_id,
        priority=10,
    )
