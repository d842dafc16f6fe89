"""Whether a big day is on, and how many orders come in."""

from datetime import datetime, timedelta

from gendan.orders.models import Order
from gendan.orders.models.surge import BigDay

HOUR = timedelta(hours=1)


def big_day() -> BigDay | None:
    """Return the big day that is on, if one is."""
    return BigDay.objects.filter(began_at__isnull=False, ended_at=None).first()


def taken_in(now: datetime) -> int:
    """Return how many orders came in during the last hour."""
    return Order.objects.filter(made_at__gt=now - HOUR, made_at__lte=now).count()
