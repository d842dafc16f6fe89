"""Business time: when so many working minutes will have passed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gendan.ui.statements import planned

HOURS_AND_DAYS = """
SELECT NULL::date, weekday, opens, closes FROM worklist_openhours
UNION ALL SELECT "on", works_like, NULL, NULL FROM worklist_specialday
ORDER BY 2, 3
"""
LONGEST = 400  # days to look ahead before giving up: nobody works at all


@dataclass(frozen=True)
class Calendar:
    """The intervals of each weekday, and the days that are otherwise."""

    week: Mapping[int, Sequence[tuple[time, time]]]
    special: Mapping[date, int | None]

    def intervals(self, day: date) -> Sequence[tuple[time, time]]:
        weekday = self.special.get(day, day.weekday())
        return () if weekday is None else self.week.get(weekday, ())

    def after(self, start: datetime, minutes: int) -> datetime:
        """Return the instant at which so many working minutes have passed since `start`.

        Without any business hours every minute counts.
        """
        left = timedelta(minutes=minutes)
        if not self.week:
            return start + left
        for opens, closes in self._from(start):
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        return start + timedelta(days=LONGEST)

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        local = timezone.localtime(start)
        zone = local.tzinfo
        for number in range(LONGEST):
            day = local.date() + timedelta(days=number)
            for opens, closes in self.intervals(day):
                begin = max(local, datetime.combine(day, opens, zone))
                end = datetime.combine(day, closes, zone)
                if begin < end:
                    yield begin, end


def calendar() -> Calendar:
    """Return the merchant's business hours as they are now."""
    week: dict[int, list[tuple[time, time]]] = {}
    special: dict[date, int | None] = {}
    with planned() as cursor:
        cursor.execute(HOURS_AND_DAYS)
        for on, weekday, opens, closes in cursor.fetchall():
            if on:
                special[on] = weekday
            else:
                week.setdefault(weekday, []).append((opens, closes))
    return Calendar(week, special)
