"""Days as the house keeps them: from midnight to midnight, local time."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

EVENING = 21  # the hour from which a day is reconciled by itself


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return begins, ends


def day_due(now: datetime) -> date:
    """Return the last day whose evening has come."""
    local = timezone.localtime(now)
    return local.date() if local.hour >= EVENING else local.date() - timedelta(days=1)
