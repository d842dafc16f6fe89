"""The figures of days: as they were kept, and counted now where a day is not kept yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import Case, F, Subquery, TextField, When
from django.db.models.functions import Cast
from django.utils import timezone

from gendan.insight.models import Bookmark, Day
from gendan.insight.queries.parts import Part, Row, Values
from gendan.people.access import Worker


@dataclass(frozen=True)
class Figures:
    """Rows of some days, part by part; all that happened until `until` is in them."""

    worker: Worker
    until: datetime
    values: dict[str, dict[date, Values]]

    def of(self, part: Part[Row]) -> list[Row]:
        """Return the rows of all the days that the worker sees."""
        return [row for rows in self.by_day(part).values() for row in rows]

    def by_day(self, part: Part[Row]) -> dict[date, list[Row]]:
        """Return the rows that the worker sees, day by day."""
        days = self.values[part.name]
        return {on: part.seen_by(self.worker, days[on]) for on in sorted(days)}


def figures(worker: Worker, on: Sequence[date], parts: Sequence[Part[Any]]) -> Figures:
    """Return parts of the figures of some days, of what the worker sees."""
    now, names = timezone.now(), [part.name for part in parts]
    kept = {day: (until, values) for day, until, *values in _kept(on, names)}
    values: dict[str, dict[date, Values]] = {
        name: {day: values[place] for day, (_until, values) in kept.items()}
        for place, name in enumerate(names)
    }
    if new := [day for day in on if day not in kept]:
        for part in parts:
            values[part.name] |= part.counted(new)
    return Figures(worker, min([now, *(until for until, _values in kept.values())]), values)


def _kept(on: Sequence[date], names: Sequence[str]) -> Iterator[Any]:
    """Return the days that are kept, until when each is right, and what is kept of it.

    Of a day that is not stale nothing has changed until the journal was last read. What was sold
    of five thousand kinds of goods is a long text: Python's own reader would take most of the time.
    """
    read = Subquery(Bookmark.objects.values("read_at")[:1])
    until = Case(When(is_stale=True, then=F("counted_at")), default=read)
    texts = {f"{name}_text": Cast(name, TextField()) for name in names}
    days = Day.objects.filter(on__in=on, counted_at__isnull=False).annotate(until=until, **texts)
    for day, right, *values in days.values_list("on", "until", *texts):
        yield day, right, *(orjson.loads(value or "[]") for value in values)
