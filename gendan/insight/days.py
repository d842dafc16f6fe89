"""Business days: from midnight to midnight in Shanghai, whatever the server's clock says."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Span:
    """A stretch of time, its end not in it."""

    since: datetime
    until: datetime


def midnight(on: date) -> datetime:
    """Return the instant at which a business day begins."""
    return timezone.make_aware(datetime.combine(on, time()))


def hour_of(now: datetime) -> datetime:
    """Return the instant at which the running hour began."""
    return timezone.localtime(now).replace(minute=0, second=0, microsecond=0)


def day(on: date) -> Span:
    """Return a business day as a stretch of time."""
    return Span(midnight(on), midnight(on + timedelta(days=1)))


def month(on: date) -> Span:
    """Return the month that a day belongs to."""
    first = first_of(on)
    return Span(midnight(first), midnight(first_of(first + timedelta(days=32))))


def month_so_far(on: date, *, until: date) -> list[date]:
    """Return the days of a day's month before another day."""
    first, end = first_of(on), min(timezone.localdate(month(on).until), until)
    return [first + timedelta(days=number) for number in range((end - first).days)]


def first_of(on: date) -> date:
    """Return the first day of a day's month."""
    return on.replace(day=1)
