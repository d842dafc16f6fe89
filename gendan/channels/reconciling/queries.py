"""What can be asked about reconciling: the differences of a day, and which days are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from gendan.channels.models import (
    Against,
    DayFile,
    Difference,
    DifferenceKind,
    DifferenceState,
    Reckoning,
)
from gendan.channels.models.reconciling import DifferenceQuerySet
from gendan.channels.reconciling.days import bounds, day_due
from gendan.delivery.models import WriteBack, WriteBackState
from gendan.people.access import Worker, at_shops

FILES_SHOWN = 20


@dataclass(frozen=True)
class KindCount:
    """How many differences of a kind a day has, and how many of them are open."""

    kind: DifferenceKind
    open: int
    all: int


def differences(worker: Worker) -> DifferenceQuerySet:
    """Return the differences that the worker sees, with what they are about."""
    return Difference.objects.visible_to(worker).select_related(
        "shop", "warehouse", "order", "shipment"
    )


def counts(day: date, worker: Worker) -> list[KindCount]:
    """Return how many differences of each kind a day has, in the order of the kinds."""
    counted = (
        Difference.objects.visible_to(worker)
        .filter(on=day)
        .values("kind")
        .annotate(n=Count("pk"), waiting=Count("pk", filter=Q(state=DifferenceState.OPEN)))
        .order_by()
    )
    found = {row["kind"]: (row["waiting"], row["n"]) for row in counted}
    return [KindCount(kind, *found[kind]) for kind in DifferenceKind if kind in found]


def reckonings(day: date) -> Sequence[Reckoning]:
    """Return what was compared about a day."""
    return list(Reckoning.objects.filter(on=day).order_by("against", "scope"))


def files(day: date, worker: Worker) -> list[DayFile]:
    """Return the files of a day, the newest first."""
    seen = DayFile.objects.filter(at_shops(worker, or_none=True), on=day)
    return list(seen.select_related("shop", "carrier").order_by("-pk")[:FILES_SHOWN])


def days_to_compare(*, now: datetime, back: timedelta) -> list[date]:
    """Return the day whose evening has come, if nobody has, and those that may have changed.

    These are the days of which something is open, and those of whose parcels a platform still has
    to be told: what was in time in the evening may be late in the morning.
    """
    due = day_due(now)
    known = Reckoning.objects.filter(on=due, against=Against.HOUSE).exists()
    open_days = Difference.objects.filter(
        against=Against.HOUSE, state=DifferenceState.OPEN, on__gte=due - back
    )
    days = set(open_days.values_list("on", flat=True).distinct())
    untold = WriteBack.objects.filter(
        state__in=(WriteBackState.WAITING, WriteBackState.EXPORTED),
        shipment__shipped_at__gte=bounds(due - back)[0],
        shipment__shipped_at__lt=bounds(due)[1],
    )
    left = untold.annotate(left_on=TruncDate("shipment__shipped_at")).order_by()
    days |= set(left.values_list("left_on", flat=True).distinct())
    return sorted(days | (set() if known else {due}))
