"""How much falls due hour by hour and day by day, against what the house can pack.

What is due is read where indexes hold all of it: orders until their goods are set aside, parcels
from then on. In between an order waits minutes for its parcel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format

from gendan.delivery.models import Forecast, Pace, Risk, reckoning
from gendan.delivery.working_time import WorkingTime, working_time
from gendan.orders.stages import IN_HAND, Stage
from gendan.people.access import Worker, at_shops
from gendan.warehouse.queries.ready import IN_THE_HOUSE

HOURS, DAYS = 12, 7

DUE = """
SELECT date_trunc('hour', promise_at, %(zone)s), count(*) FILTER (WHERE promise_at < %(now)s),
  count(*) FILTER (WHERE promise_at >= %(now)s)
FROM (
  SELECT promise_at, shop_id FROM orders_order WHERE stage = ANY(%(orders)s)
  UNION ALL SELECT promise_at, shop_id FROM warehouse_shipment WHERE stage = ANY(%(parcels)s)
) due
WHERE %(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s)
GROUP BY 1
"""


@dataclass(frozen=True)
class Slot:
    """Some time: how many orders are promised for it, and how many could be packed in it."""

    label: str
    due: int
    capacity: int

    @property
    def tone(self) -> str:
        if self.due > self.capacity:
            return "bad"
        return "warn" if self.due > self.capacity * 0.8 else "good"


@dataclass(frozen=True)
class Due:
    """What falls due; `most` is the longest bar."""

    overdue: int
    hours: Sequence[Slot]
    days: Sequence[Slot]
    per_hour: float
    is_measured: bool
    at_risk: int
    late: int
    fen_at_risk: int

    @property
    def most_of_an_hour(self) -> int:
        return max((max(slot.due, slot.capacity) for slot in self.hours), default=1) or 1

    @property
    def most_of_a_day(self) -> int:
        return max((max(slot.due, slot.capacity) for slot in self.days), default=1) or 1


def due(worker: Worker, *, now: datetime) -> Due:
    """Return what falls due as the worker sees it."""
    local = timezone.localtime(now)
    hour = local.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    rows = _rows(worker, now)
    promised = {at: number for at, _over, number in rows if at and number}
    paces = list(Pace.objects.filter(step="PACKING").values_list("per_hour", flat=True))
    per_hour = sum(filter(None, paces)) or reckoning().packed_an_hour
    time = working_time(now, DAYS + 1)
    return Due(
        overdue=sum(row[1] for row in rows),
        hours=_slots(hour, timedelta(hours=1), HOURS, "H:i", promised, time, per_hour),
        days=_slots(day, timedelta(days=1), DAYS, "D j", promised, time, per_hour),
        per_hour=per_hour,
        is_measured=bool(paces),
        **_at_risk(worker),
    )


def _rows(worker: Worker, now: datetime) -> list[tuple[Any, ...]]:
    """Return for each hour that something is promised for: how much is overdue, and due."""
    orders = [stage for stage in IN_HAND if stage != Stage.ALLOCATED]
    asked: dict[str, Any] = {"now": now, "zone": settings.TIME_ZONE, "orders": orders}
    with connection.cursor() as cursor:
        cursor.execute(DUE, {**asked, "parcels": [*IN_THE_HOUSE], "shops": worker.shop_ids})
        return list(cursor.fetchall())


def _at_risk(worker: Worker) -> dict[str, Any]:
    rows = Forecast.objects.exclude(risk=Risk.NONE).filter(at_shops(worker))
    told = rows.aggregate(
        at_risk=Count("pk", filter=Q(risk=Risk.AT_RISK)),
        late=Count("pk", filter=Q(risk=Risk.LATE)),
        fen_at_risk=Sum("fen_at_risk", default=0),
    )
    return dict(told)


def _slots(
    first: datetime,
    length: timedelta,
    number: int,
    wording: str,
    promised: Mapping[datetime, int],
    time: WorkingTime,
    per_hour: float,
) -> list[Slot]:
    slots = []
    for place in range(number):
        start, end = first + place * length, first + (place + 1) * length
        within = sum(number for hour, number in promised.items() if start <= hour < end)
        capacity = round(time.between(start, end) * per_hour)
        if within or capacity:
            slots.append(Slot(date_format(start, wording), within, capacity))
    return slots
