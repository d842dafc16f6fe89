"""How many orders fall due hour by hour and day by day, against what the house can pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from gendan.delivery.models import Forecast, Pace, Risk
from gendan.delivery.reckoning import DEFAULTS
from gendan.delivery.working_time import WorkingTime, working_time
from gendan.people.access import Worker, at_shops

HOURS, DAYS = 12, 7

DUE = """
SELECT count(*) FILTER (WHERE o.promise_at < %(now)s), array_agg(o.promise_at)
  FILTER (WHERE o.promise_at >= %(now)s AND o.promise_at < %(until)s)
FROM delivery_forecast f JOIN orders_order o ON o.id = f.order_id
WHERE f.step <> '' AND o.stage IN ('SCREENING', 'HELD', 'READY', 'SHORT', 'IN_PRODUCTION',
    'ALLOCATED')
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
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
    with connection.cursor() as cursor:
        until = day + timedelta(days=DAYS)
        cursor.execute(DUE, {"now": now, "until": until, "shops": worker.shop_ids})
        overdue, instants = cursor.fetchone()
    paces = list(Pace.objects.filter(step="PACKING").values_list("per_hour", flat=True))
    per_hour = sum(filter(None, paces)) or DEFAULTS["packed_an_hour"]
    time, promised = working_time(now, DAYS + 1), sorted(instants or ())
    return Due(
        overdue=overdue,
        hours=_slots(hour, timedelta(hours=1), HOURS, "H:i", promised, time, per_hour),
        days=_slots(day, timedelta(days=1), DAYS, "D j", promised, time, per_hour),
        per_hour=per_hour,
        is_measured=bool(paces),
        **_at_risk(worker),
    )


def _slots(
    first: datetime,
    length: timedelta,
    number: int,
    wording: str,
    promised: Sequence[datetime],
    time: WorkingTime,
    per_hour: float,
) -> list[Slot]:
    slots = []
    for place in range(number):
        start, end = first + place * length, first + (place + 1) * length
        within = sum(1 for at in promised if start <= at < end)
        capacity = round(time.between(start, end) * per_hour)
        if within or capacity:
            slots.append(Slot(date_format(start, wording), within, capacity))
    return slots


def _at_risk(worker: Worker) -> dict[str, Any]:
    rows = Forecast.objects.exclude(risk=Risk.NONE).filter(at_shops(worker, "order__shop"))
    told = list(rows.values_list("risk", "fen_at_risk"))
    return {
        "at_risk": sum(1 for risk, _fen in told if risk == Risk.AT_RISK),
        "late": sum(1 for risk, _fen in told if risk == Risk.LATE),
        "fen_at_risk": sum(fen for _risk, fen in told),
    }
