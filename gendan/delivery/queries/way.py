"""Parcels as people look at them: on a list, on a page of their own, on an order's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import pgettext

from gendan.delivery.models import Subscription, SubscriptionState, Trace, TraceState
from gendan.delivery.queries.alarms import ALARM_KINDS, SUBJECT
from gendan.orders.models import Order
from gendan.people.access import Worker
from gendan.ui.listing.counting import MOST_COUNTED
from gendan.ui.prepared import Given, Prepared
from gendan.ui.statements import Lookup, planned
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, ItemQuerySet, Kind

TROUBLE_TABS = {
    "not-picked-up": Kind.NOT_PICKED_UP,
    "no-movement": Kind.NO_MOVEMENT,
    "failed": Kind.DELIVERY_FAILED,
    "not-signed": Kind.NOT_SIGNED,
    "not-followed": Kind.TRACKING,
}
LEFT = (Stage.SHIPPED, Stage.DELIVERED, Stage.REFUSED, Stage.RETURNED, Stage.LOST)

OF_ORDER = ShipmentLine.objects.filter(order=Given("order")).values("shipment")
PARCELS = Prepared(
    lambda: (
        Shipment.objects.filter(pk__in=OF_ORDER, stage__in=LEFT)
        .select_related("carrier")
        .order_by("pk")
    )
)
POINTS = Lookup(Trace, "shipment_id = ANY(%s) ORDER BY at DESC, id DESC")

TABS = """
WITH troubles AS MATERIALIZED (
  SELECT DISTINCT i.kind, i.subject_id FROM worklist_item i
  JOIN warehouse_shipment s ON s.id = i.subject_id
  WHERE i.done_at IS NULL AND i.subject = 'parcel' AND {left} AND {seen}
)
SELECT 'trouble', count(DISTINCT subject_id) FROM troubles
UNION ALL SELECT kind, count(*) FROM troubles GROUP BY kind
UNION ALL SELECT 'under-way', count(*) FROM (
  SELECT FROM warehouse_shipment s WHERE s.stage = 'SHIPPED' AND {seen} LIMIT {more}) under_way
UNION ALL SELECT 'back', count(*) FROM (
  SELECT FROM warehouse_shipment s
  WHERE s.stage IN ('REFUSED', 'RETURNED') AND {seen} LIMIT {more}) back
"""
COUNTED = TABS.format(
    left=f"s.stage IN {tuple(stage.value for stage in LEFT)}",
    seen="""(%(shops)s::bigint[] IS NULL OR s.shop_id = ANY(%(shops)s))
    AND (%(warehouses)s::bigint[] IS NULL OR s.warehouse_id = ANY(%(warehouses)s))""",
    more=MOST_COUNTED + 1,
)


def left_the_house(worker: Worker) -> ShipmentQuerySet:
    """Return the parcels a worker may see that a carrier has or had, with their last news."""
    news = Subscription.objects.filter(shipment=OuterRef("pk")).order_by(
        F("last_moved_at").desc(nulls_last=True)
    )
    return (
        Shipment.objects.visible_to(worker)
        .filter(stage__in=LEFT, shipped_at__isnull=False)  # the latter names the list's index
        .select_related("carrier", "warehouse", "shop")
        .annotate(
            last_state=Subquery(news.values("last_state")[:1]),
            last_moved_at=Subquery(news.values("last_moved_at")[:1]),
            last_text=Subquery(
                Trace.objects.filter(shipment=OuterRef("pk"))
                .order_by("-at", "-pk")
                .values("text")[:1]
            ),
        )
    )


def in_trouble(*kinds: Kind) -> Q:
    """Return the condition for parcels about which something waits for a person."""
    items = Item.objects.open().filter(
        subject=SUBJECT, subject_id=OuterRef("pk"), kind__in=kinds or (*ALARM_KINDS, Kind.REFUSED)
    )
    return Q(Exists(items))


def tab_counts(worker: Worker) -> dict[str, int]:
    """Return how many parcels stand under each tab of the list, without looking at the old ones."""
    with planned() as cursor:
        cursor.execute(COUNTED, {"shops": worker.shop_ids, "warehouses": worker.warehouse_ids})
        found = dict(cursor.fetchall())
    kinds = {tab: found.get(kind, 0) for tab, kind in TROUBLE_TABS.items()}
    return {**{tab: found[tab] for tab in ("under-way", "back", "trouble")}, **kinds}


def troubles_of(shipment: Shipment) -> ItemQuerySet:
    """Return what waits for a person about a parcel, the most pressing first."""
    waiting = Item.objects.open().filter(subject=SUBJECT, subject_id=shipment.pk)
    return waiting.select_related("owner").order_by("due_at")


@dataclass(frozen=True)
class Way:
    """A parcel with everything its page shows."""

    shipment: Shipment
    traces: Sequence[Trace]
    lines: Sequence[ShipmentLine]
    orders: Sequence[Order]
    subscription: Subscription | None
    steps: Sequence[Mapping[str, Any]]

    @property
    def is_on_its_way(self) -> bool:
        return self.shipment.stage == Stage.SHIPPED

    @property
    def may_end(self) -> bool:
        """Whether it can still arrive or be lost."""
        return self.shipment.stage in (Stage.SHIPPED, Stage.REFUSED)

    @property
    def may_follow_again(self) -> bool:
        known = self.subscription
        stopped = (SubscriptionState.FAILED, SubscriptionState.GIVEN_UP)
        return self.is_on_its_way and known is not None and known.state in stopped


def way_of(shipment: Shipment) -> Way:
    """Return the whole way of a parcel, the newest point first."""
    traces = list(shipment.traces.order_by("-at", "-pk"))
    lines = list(shipment.lines.select_related("line", "order").order_by("order", "line"))
    newest = shipment.subscriptions.order_by(F("last_moved_at").desc(nulls_last=True)).first()
    return Way(
        shipment=shipment,
        traces=traces,
        lines=lines,
        orders=list({line.order_id: line.order for line in lines}.values()),
        subscription=newest,
        steps=steps(shipment, traces),
    )


def ways_of(order: Order) -> list[tuple[Shipment, list[Trace]]]:
    """Return an order's parcels that have left, each with its points, the newest first."""
    parcels = PARCELS(order=order.pk)
    traces = POINTS([parcel.pk for parcel in parcels]) if parcels else []
    return [(parcel, [t for t in traces if t.shipment_id == parcel.pk]) for parcel in parcels]


def steps(shipment: Shipment, traces: Sequence[Trace]) -> list[dict[str, Any]]:
    """Return the parcel's progress: handed over, picked up, moving, out for delivery, signed."""
    first = _first_instants(traces)
    reached = [
        (pgettext("step", "Dispatch"), shipment.shipped_at),
        (pgettext("step", "Pick-up"), first.get(TraceState.ACCEPTED)),
        (pgettext("step", "Transport"), first.get(TraceState.MOVING)),
        (pgettext("step", "Last mile"), first.get(TraceState.OUT_FOR_DELIVERY)),
        (_end(shipment), shipment.delivered_at),
    ]
    last = max(number for number, (_label, at) in enumerate(reached) if at or not number)
    over = shipment.stage in (Stage.REFUSED, Stage.RETURNED, Stage.LOST)
    return [
        {"label": label, "at": at, "state": _mark(number, last, over=over, end=len(reached) - 1)}
        for number, (label, at) in enumerate(reached)
    ]


def _mark(number: int, last: int, *, over: bool, end: int) -> str:
    if over and number == end:
        return "bad"
    if number <= last:
        return "done"
    return "now" if number == last + 1 and not over else "todo"


def _end(shipment: Shipment) -> str:
    if shipment.stage in (Stage.REFUSED, Stage.RETURNED, Stage.LOST):
        return str(shipment.get_stage_display())
    return pgettext("step", "Receipt")


def _first_instants(traces: Sequence[Trace]) -> dict[str, datetime]:
    return {trace.state: trace.at for trace in traces}
