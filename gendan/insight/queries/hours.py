"""What passed each point of the way hour by hour: the hours that are over as they were kept."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from gendan.insight import days
from gendan.insight.models import Day
from gendan.insight.queries.parts import HOURS, Hour, Values
from gendan.people.access import Worker

DAY = timedelta(days=1)
Kept = dict[date, tuple[datetime, Values]]  # when it was counted, and what


def today_and_yesterday(worker: Worker, *, now: datetime) -> tuple[list[Hour], list[Hour]]:
    """Return what passed today, and what had passed yesterday at the same minute."""
    today, minute = timezone.localdate(now), now.replace(second=0, microsecond=0)
    kept = _kept([today, today - DAY])
    until = days.midnight(today + DAY)
    return (
        _hours(worker, today, kept, now=now, until=until),
        _hours(worker, today - DAY, kept, now=minute - DAY, until=minute - DAY),
    )


def _kept(both: Sequence[date]) -> Kept:
    rows = Day.objects.filter(on__in=both).values_list("on", "counted_at", "hours")
    return {on: (at, values) for on, at, values in rows if at and values is not None}


def _hours(worker: Worker, on: date, kept: Kept, *, now: datetime, until: datetime) -> list[Hour]:
    """Return what passed on a day; hours that were not over when it was kept are counted now."""
    counted_at, values = kept.get(on, (days.midnight(on), []))
    over = max(days.midnight(on), days.hour_of(min(counted_at, now)))
    known = [
        row for row in HOURS.seen_by(worker, values) if row.hour < timezone.localtime(over).hour
    ]
    return known + HOURS.seen_by(worker, HOURS.counted([on], since=over, until=until)[on])


def by_hour(rows: Sequence[Hour], what: str) -> list[int]:
    """Return how many passed a point in each of the day's 24 hours."""
    counted = [0] * 24
    for row in rows:
        if row.what == what:
            counted[row.hour] += row.rows
    return counted
