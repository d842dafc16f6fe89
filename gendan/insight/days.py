"""Business days: from midnight to midnight in Shanghai, whatever the server's clock says."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)  # so that every month has one beside it


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


def asked(text: str) -> date:
    """Return the day that an address names; today if it names none that figures can be of."""
    try:
        on = parse_date(text)
    except ValueError:
        on = None
    return on if on and EARLIEST <= on <= LATEST else timezone.localdate()
