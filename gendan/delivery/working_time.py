"""Business time for statements: when the house works, as arrays that PostgreSQL counts with.

An instant becomes working minutes, and minutes become an instant, by looking up the interval:
`width_bucket(minutes, begins)` is its place in the arrays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from gendan.worklist.clock import Calendar, calendar

# The instant at which so many working minutes ({0}) have passed since the beginning.
AT = """(%(opens)s::timestamptz[])[width_bucket({0}, %(begins)s::float8[])]
  + ({0} - (%(begins)s::float8[])[width_bucket({0}, %(begins)s::float8[])]) * interval '1 min'"""
# How many working minutes have passed since the beginning, at an instant ({0}).
MINUTES = """(%(begins)s::float8[])[greatest(1, width_bucket({0}, %(opens)s::timestamptz[]))]
  + greatest(0, least((%(lengths)s::float8[])[greatest(1, width_bucket({0},
    %(opens)s::timestamptz[]))], extract(epoch FROM {0} - (%(opens)s::timestamptz[])[greatest(1,
    width_bucket({0}, %(opens)s::timestamptz[]))]) / 60))"""


@dataclass(frozen=True)
class WorkingTime:
    """The intervals of some days: when each opens, its minutes, and the minutes before it."""

    opens: list[datetime]
    lengths: list[float]
    begins: list[float]

    @property
    def values(self) -> dict[str, list[datetime] | list[float]]:
        """Return the parameters of `AT` and `MINUTES`."""
        return {"opens": self.opens, "lengths": self.lengths, "begins": self.begins}

    def between(self, start: datetime, end: datetime) -> float:
        """Return how many working hours lie between two instants."""
        spans = zip(self.opens, self.lengths, strict=True)
        shared = (
            min(end, opens + timedelta(minutes=length)) - max(start, opens)
            for opens, length in spans
        )
        return sum((part for part in shared if part > timedelta()), timedelta()) / timedelta(
            hours=1
        )


def working_time(start: datetime, days: int) -> WorkingTime:
    """Return when the house works from an instant on; without business hours it always does."""
    known = calendar()
    spans = list(_spans(known, start, days)) or [(start, start + timedelta(days=days))]
    lengths = [(closes - opens) / timedelta(minutes=1) for opens, closes in spans]
    begins, passed = [], 0.0
    for length in lengths:
        begins.append(passed)
        passed += length
    return WorkingTime([opens for opens, _closes in spans], lengths, begins)


def _spans(known: Calendar, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    local = timezone.localtime(start)
    if not known.week:
        return
    for number in range(days + 1):
        day = local.date() + timedelta(days=number)
        for opens, closes in known.intervals(day):
            begin = max(local, datetime.combine(day, opens, local.tzinfo))
            end = datetime.combine(day, closes, local.tzinfo)
            if begin < end:
                yield begin, end
