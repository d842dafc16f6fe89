"""Where the urgent orders stand, and since when: one statement for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from gendan.orders.models import LaneStep, Urgency, UrgencyEnd
from gendan.orders.queries.haste import lane_rules, places_taken
from gendan.orders.stages import OVER
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker, at_shops
from gendan.warehouse.stages import Stage as Parcel

AT_ORDER: dict[str, LaneStep] = {
    OrderStage.SCREENING: LaneStep.SCREENING,
    OrderStage.HELD: LaneStep.SCREENING,
    OrderStage.READY: LaneStep.STOCK,
    OrderStage.SHORT: LaneStep.STOCK,
    OrderStage.IN_PRODUCTION: LaneStep.STOCK,
    OrderStage.ALLOCATED: LaneStep.WAVE,
}
AT_PARCEL: dict[str, LaneStep] = {
    Parcel.PLANNED: LaneStep.WAVE,
    Parcel.RELEASED: LaneStep.PACKING,
    Parcel.PICKED: LaneStep.PACKING,
    Parcel.PACKED: LaneStep.HAND_OVER,
}

# An order stands where the last of its parcels stands.
RUNNERS = """
SELECT u.id, u.order_id, o.number, o.shop_id, u.at, u.origin, u.declared_name, u.why, u.displaced,
  o.stage, o.stage_since, o.promise_at, o.total_fen, o.receiver_name,
  coalesce(p.stage, ''), p.stage_since, p.warehouse_id, coalesce(p.number, ''),
  l.id, coalesce(l.step, ''), l.began_at, l.due_at, l.alarmed_at
FROM orders_urgency u JOIN orders_order o ON o.id = u.order_id
LEFT JOIN LATERAL (
  SELECT s.stage, s.stage_since, s.warehouse_id, s.number FROM warehouse_shipmentline sl
  JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage <> 'RECALLED'
  WHERE sl.order_id = o.id
  ORDER BY array_position(ARRAY['PLANNED', 'RELEASED', 'PICKED', 'PACKED'], s.stage::text), s.id
  LIMIT 1) p ON true
LEFT JOIN orders_urgentlap l ON l.urgency_id = u.id AND l.ended_at IS NULL
WHERE u.ended_at IS NULL
  AND (%(orders)s::bigint[] IS NULL OR u.order_id = ANY(%(orders)s))
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR p.warehouse_id IS NULL
       OR p.warehouse_id = ANY(%(warehouses)s))
ORDER BY l.due_at NULLS LAST, u.at, u.id
"""


@dataclass(frozen=True)
class Runner:
    """An urgent order: where it and its last parcel stand, and the clock that runs (`lap_…`)."""

    urgency_id: int
    order_id: int
    number: str
    shop_id: int
    at: datetime
    origin: str
    declared_name: str
    why: str
    displaced: int
    stage: str
    stage_since: datetime
    promise_at: datetime | None
    total_fen: int
    receiver_name: str
    parcel_stage: str
    parcel_since: datetime | None
    warehouse_id: int | None
    parcel: str
    lap_id: int | None
    lap_step: str
    began_at: datetime | None
    due_at: datetime | None
    alarmed_at: datetime | None

    @property
    def step(self) -> LaneStep | None:
        """Return which step it is at; None before screening, and after it has left."""
        if self.is_over or self.has_left:
            return None
        if self.stage == OrderStage.ALLOCATED and self.parcel_stage:
            return AT_PARCEL.get(self.parcel_stage)
        return AT_ORDER.get(self.stage)

    @property
    def since(self) -> datetime:
        """Return since when it stands there in the lane; nobody is late before it was declared."""
        inside = self.stage == OrderStage.ALLOCATED and self.parcel_since
        return max(self.at, inside or self.stage_since)

    @property
    def is_over(self) -> bool:
        return self.stage in OVER

    @property
    def has_left(self) -> bool:
        return self.stage == OrderStage.ALLOCATED and bool(
            self.parcel_stage and self.parcel_stage not in AT_PARCEL
        )

    @property
    def stands_at(self) -> str:
        """Return the stage in words: the parcel's, once there is one."""
        if self.stage == OrderStage.ALLOCATED and self.parcel_stage:
            return str(Parcel(self.parcel_stage).label)
        return str(OrderStage(self.stage).label)

    def is_late(self, now: datetime) -> bool:
        """Say whether the clock of its step has run out."""
        same = self.lap_step == self.step and self.due_at is not None
        return same and bool(self.due_at and self.due_at < now)


def runners(worker: Worker | None = None, *, orders: Sequence[int] | None = None) -> list[Runner]:
    """Return the urgent orders (or these of them), the shortest clock first; as a worker sees."""
    seen = {
        "orders": None if orders is None else list(orders),
        "shops": worker.shop_ids if worker else None,
        "warehouses": worker.warehouse_ids if worker else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(RUNNERS, seen)
        return [Runner(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Column:
    """A step of the lane: who stands there, and how many minutes they have."""

    label: str
    minutes: int
    runners: Sequence[Runner]


@dataclass(frozen=True)
class Lane:
    """The lane as its page shows it, with what became of today's urgent orders."""

    columns: Sequence[Column]
    before: Sequence[Runner]  # those that wait for the customer
    late: int
    taken: int
    a_day: int
    left_today: int

    @property
    def count(self) -> int:
        return sum(len(column.runners) for column in self.columns)


def lane(worker: Worker, *, now: datetime) -> Lane:
    """Return the lane as the worker sees it."""
    rules, today = lane_rules(), timezone.localdate(now)
    seen = runners(worker)
    left = Urgency.objects.filter(end=UrgencyEnd.LEFT, ended_at__date=today)
    return Lane(
        columns=[
            Column(str(step.label), rules.minutes(step), [one for one in seen if one.step == step])
            for step in LaneStep
        ],
        before=[one for one in seen if one.step is None and not one.is_over and not one.has_left],
        late=sum(1 for one in seen if one.is_late(now)),
        taken=places_taken(today),
        a_day=rules.a_day,
        left_today=left.filter(at_shops(worker, "order__shop")).count(),
    )
