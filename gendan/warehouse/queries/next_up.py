"""What to take in hand next at a table: what burns first, then what is promised soonest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When

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
    seen = Shipment.objects.visible_to(worker)
    counts = seen.filter(stage__in=[stage, coming]).aggregate(
        waiting=Count("pk", filter=Q(stage=stage)),
        urgent=Count("pk", filter=Q(stage=stage) & URGENT),
        coming=Count("pk", filter=Q(stage=coming) & URGENT),
    )
    first: Iterable[Any] = (
        seen.filter(stage=stage)
        .select_related("wave", "carrier")
        .annotate(
            clock_at=clock_of(),
            is_stopped=Exists(blocked().filter(pk=OuterRef("pk"))),
        )
        .order_by(*SOONEST)[:LOOKED_AT]
    )
    return NextUp([row for row in first if not row.is_stopped][:NAMED], **counts)


def clock_of() -> Case:
    """Return when the first clock of an urgent shipment's orders runs out."""
    orders = ShipmentLine.objects.filter(shipment=OuterRef(OuterRef("pk"))).values("order")
    running = UrgentLap.objects.filter(ended_at=None, urgency__ended_at=None)
    mine = running.filter(urgency__order__in=orders).order_by("due_at")
    return Case(When(URGENT, then=Subquery(mine.values("due_at")[:1])))
