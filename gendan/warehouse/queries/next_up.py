"""What to take in hand next at a table: what burns first, then what is promised soonest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When, Window

from gendan.orders.models import UrgentLap
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.ready import blocked
from gendan.warehouse.stages import Stage

NAMED = 8
LOOKED_AT = 3 * NAMED  # a few of the first may have been stopped meanwhile

URGENT = Q(priority__gt=0)
SOONEST = (
    Case(When(URGENT, then=0), default=1),
    F("clock_at").asc(nulls_last=True),
    F("promise_at").asc(nulls_last=True),
    "stage_since",
    "pk",
)


@dataclass(frozen=True)
class NextUp:
    """The next parcels of a stage, and how many wait there in all; urgent ones may be on the way.

    Each shipment has its `clock_at`: when its clock in the urgent lane runs out, or none.
    """

    shipments: Sequence[Shipment]
    waiting: int
    urgent: int
    coming: int

    @property
    def others(self) -> int:
        return self.waiting - len(self.shipments)


def next_up(worker: Worker, stage: Stage, *, coming: Stage) -> NextUp:
    """Return what waits at a stage, as the worker sees it; `coming` is the stage before it.

    Two statements, however much waits. What may not leave the house is not named.
    """
    first = list(_first(worker, stage, coming))
    here = [row for row in first if row.stage == stage]
    stopped = set(blocked().filter(pk__any=[row.pk for row in here]).values_list("pk", flat=True))
    return NextUp(
        shipments=[row for row in here if row.pk not in stopped][:NAMED],
        waiting=first[0].waiting if first else 0,
        urgent=first[0].urgent if first else 0,
        coming=first[0].coming if first else 0,
    )


def _first(worker: Worker, stage: Stage, coming: Stage) -> Iterable[Any]:
    """Return the first that wait, each with how many there are in all."""
    seen = Shipment.objects.visible_to(worker).filter(Q(stage=stage) | Q(stage=coming) & URGENT)
    here = Q(stage=stage)
    return (
        seen.select_related("wave", "carrier")
        .annotate(
            clock_at=clock_of(),
            waiting=Window(Count("pk", filter=here)),
            urgent=Window(Count("pk", filter=here & URGENT)),
            coming=Window(Count("pk", filter=~here)),
        )
        .order_by(Case(When(here, then=0), default=1), *SOONEST)[:LOOKED_AT]
    )


def clock_of() -> Case:
    """Return when the first clock of an urgent shipment's orders runs out."""
    orders = ShipmentLine.objects.filter(shipment=OuterRef(OuterRef("pk"))).values("order")
    running = UrgentLap.objects.filter(ended_at=None, urgency__ended_at=None)
    mine = running.filter(urgency__order__in=orders).order_by("due_at")
    return Case(When(URGENT, then=Subquery(mine.values("due_at")[:1])))
