"""What passed each point of the way hour by hour: the hours that are over as they were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from gendan.insight import days
from gendan.insight.models import Day
from gendan.insight.queries.parts import CAME, HOURS, Hour, Values
from gendan.people.access import Worker

DAY = timedelta(days=1)
Kept = dict[date, tuple[datetime, Values]]  # when it was counted, and what


@dataclass(frozen=True)
class Lately:
    """What passed today hour by hour, and what had been placed yesterday at the same minute."""

    today: Sequence[Hour]
    yesterday_orders: int
    yesterday_fen: int


def lately(worker: Worker, *, now: datetime) -> Lately:
    """Return what passed today and yesterday; hours that are not kept yet are counted now."""
    today = timezone.localdate(now)
    yesterday, minute = today - DAY, now.replace(second=0, microsecond=0) - DAY
    kept = _kept([today, yesterday])
    rows, over = _over(worker, today, kept, now)
    rows += HOURS.seen_by(worker, HOURS.counted([today], since=over)[today])
    before, over = _over(worker, yesterday, kept, minute)
    came = CAME.seen_by(worker, CAME.counted([yesterday], since=over, until=minute)[yesterday])
    placed = [row for row in before if row.what == "placed"]
    return Lately(
        rows,
        sum(row.rows for row in placed) + sum(row.placed for row in came),
        sum(row.fen for row in placed) + sum(row.fen for row in came),
    )


def _kept(both: Sequence[date]) -> Kept:
    rows = Day.objects.filter(on__in=both).values_list("on", "counted_at", "hours")
    return {on: (at, values) for on, at, values in rows if at and values is not None}


def _over(worker: Worker, on: date, kept: Kept, now: datetime) -> tuple[list[Hour], datetime]:
    """Return the hours that were over when the day was kept, and where they end."""
    counted_at, values = kept.get(on, (days.midnight(on), []))
    over = max(days.midnight(on), days.hour_of(min(counted_at, now)))
    hour = timezone.localtime(over).hour
    return [row for row in HOURS.seen_by(worker, values) if row.hour < hour], over


def by_hour(rows: Sequence[Hour], what: str) -> list[int]:
    """Return how many passed a point in each of the day's 24 hours."""
    counted = [0] * 24
    for row in rows:
        if row.what == what:
            counted[row.hour] += row.rows
    return counted
