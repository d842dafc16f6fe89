"""The way of an order from intake to receipt: how many stand where, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection

from gendan.insight import links
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.warehouse.stages import Stage as ShipmentStage

SOON = timedelta(hours=4)
KEEP = 8  # seconds: the board asks again after as many


@dataclass(frozen=True)
class Patience:
    """For how many minutes a row may stand at a stage before it is slow, and before it is stuck."""

    slow: int
    stuck: int


HOUR, DAY = 60, 24 * 60
ORDERS: Mapping[OrderStage, Patience] = {
    OrderStage.DRAFT: Patience(4 * HOUR, DAY),
    OrderStage.UNPAID: Patience(DAY, 3 * DAY),
    OrderStage.UNCONFIRMED: Patience(HOUR, 4 * HOUR),
    OrderStage.SCREENING: Patience(10, HOUR),
    OrderStage.HELD: Patience(HOUR, 4 * HOUR),
    OrderStage.READY: Patience(10, HOUR),
    OrderStage.SHORT: Patience(DAY, 3 * DAY),
    OrderStage.IN_PRODUCTION: Patience(7 * DAY, 14 * DAY),
}
TO_PLAN = Patience(HOUR, 4 * HOUR)
SHIPMENTS: Mapping[ShipmentStage, Patience] = {
    ShipmentStage.PLANNED: Patience(4 * HOUR, DAY),
    ShipmentStage.RELEASED: Patience(2 * HOUR, 4 * HOUR),
    ShipmentStage.PICKED: Patience(HOUR, 4 * HOUR),
    ShipmentStage.PACKED: Patience(4 * HOUR, DAY),
    ShipmentStage.SHIPPED: Patience(3 * DAY, 7 * DAY),
}
RARE = {OrderStage.IN_PRODUCTION}  # not shown while nothing is there
ALLOCATED_TO_PLAN = "to_plan = yes"

# Each stage is one stretch of the index `*_standing`; a stage of the list holds no other rows. The
# index has them in the order of time: half of them are passed without sorting them again.
STANDING = """
SELECT t.stage, s.*
FROM unnest(%(stages)s::text[], %(slow)s::int[], %(stuck)s::int[]) AS t(stage, slow, stuck),
LATERAL (
  SELECT %(now)s - t.slow * interval '1 min' AS slow, %(now)s - t.stuck * interval '1 min' AS stuck
  OFFSET 0
) before,
LATERAL (
  SELECT count(*),
    count(*) FILTER (WHERE stage_since < before.slow),
    count(*) FILTER (WHERE stage_since < before.stuck),
    %(now)s - (array_agg(stage_since ORDER BY stage_since))[count(*) / 2 + 1],
    %(now)s - min(stage_since),
    count(*) FILTER (WHERE promise_at < %(now)s),
    count(*) FILTER (WHERE promise_at >= %(now)s AND promise_at < %(soon)s)
  FROM {table} o WHERE o.stage = t.stage AND o.stage IN ({stages})
    AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s)) {more}
) s
"""
IN_MY_WAREHOUSES = "AND (%(warehouses)s::bigint[] IS NULL OR o.warehouse_id = ANY(%(warehouses)s))"


def _standing(table: str, stages: Mapping[Any, Patience], more: str = "") -> str:
    return STANDING.format(
        table=table, more=more, stages=", ".join(f"'{stage.value}'" for stage in stages)
    )


ORDERS_STANDING = _standing("orders_order", ORDERS)
SHIPMENTS_STANDING = _standing("warehouse_shipment", SHIPMENTS, IN_MY_WAREHOUSES)


# What `to_plan = yes` finds, from the side of the promises: there are far fewer than orders.
# Parcels are named as an array: so their index is walked through once, not once for each of them.
LOOSE_KEY = "loose"
LOOSE = """
SELECT o.shop_id, o.stage_since, o.promise_at
FROM (
  SELECT DISTINCT (SELECT order_id FROM orders_line WHERE id = line_id) AS id
  FROM (
    SELECT line_id FROM stock_reservation
    EXCEPT SELECT line_id FROM warehouse_shipmentline WHERE shipment_id = ANY(ARRAY(
      SELECT id FROM warehouse_shipment WHERE stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED')))
  ) loose OFFSET 0
) waiting
CROSS JOIN LATERAL (
  SELECT * FROM orders_order WHERE id = waiting.id AND stage = 'ALLOCATED' OFFSET 0) o
ORDER BY o.stage_since DESC
"""


@dataclass(frozen=True)
class Station:
    """A stage as the board shows it: how many stand there, for how long, and how many are late."""

    code: str
    label: str
    count: int
    slow: int  # stuck ones among them
    stuck: int
    median: timedelta | None
    oldest: timedelta | None
    late: int
    soon: int
    url: str
    slow_url: str
    late_url: str
    soon_url: str

    @property
    def tone(self) -> str:
        """Return the colour of the station: its worst row decides."""
        if not self.count:
            return "calm"
        kept = self.code == ShipmentStage.SHIPPED  # the promise was to ship
        late, soon = (0, 0) if kept else (self.late, self.soon)
        return "bad" if self.stuck or late else "warn" if self.slow or soon else "good"

    @property
    def fresh(self) -> int:
        return self.count - self.slow

    @property
    def waiting(self) -> int:
        """Return how many are slow, but not stuck yet."""
        return self.slow - self.stuck


def order_stations(worker: Worker, *, now: datetime) -> list[Station]:
    """Return where orders stand before the warehouse has them."""
    rows = _rows(ORDERS_STANDING, ORDERS, worker, now)
    labels = {stage.value: str(stage.label) for stage in OrderStage}
    found = [_station(row, labels, ORDERS[OrderStage(row[0])], links.orders) for row in rows]
    return [s for s in found if s.count or s.code not in RARE]


def shipment_stations(worker: Worker, *, now: datetime) -> list[Station]:
    """Return where shipments stand: in the warehouse, and on their way."""
    rows = _rows(SHIPMENTS_STANDING, SHIPMENTS, worker, now)
    labels = {stage.value: str(stage.label) for stage in ShipmentStage}
    return [
        _station(
            row,
            labels,
            SHIPMENTS[ShipmentStage(row[0])],
            links.parcels if row[0] == ShipmentStage.SHIPPED else links.shipments,
        )
        for row in rows
    ]


def to_plan(worker: Worker, *, now: datetime) -> Station:
    """Return the allocated orders for which no shipment has been planned yet.

    They are what is left of all promises without all that is in the warehouse: the one figure of
    the board that is dear, so everybody who looks at it within a few seconds shares it.
    """
    waiting = [one for one in loose() if worker.shop_ids is None or one.shop in worker.shop_ids]
    waits = [now - one.since for one in waiting]
    promises = [one.promise for one in waiting if one.promise]
    figures = (
        len(waits),
        sum(wait > timedelta(minutes=TO_PLAN.slow) for wait in waits),
        sum(wait > timedelta(minutes=TO_PLAN.stuck) for wait in waits),
        waits[len(waits) // 2] if waits else None,
        waits[-1] if waits else None,
        sum(promise < now for promise in promises),
        sum(now <= promise < now + SOON for promise in promises),
    )
    code, label = OrderStage.ALLOCATED.value, str(OrderStage.ALLOCATED.label)
    return _at(code, label, ALLOCATED_TO_PLAN, TO_PLAN, links.orders, figures)


class Loose(NamedTuple):
    """An order that waits to be planned."""

    shop: int
    since: datetime
    promise: datetime | None


def loose() -> list[Loose]:
    """Return what waits to be planned, the latest first, at most a few seconds old."""
    known: list[Loose] | None = cache.get(LOOSE_KEY)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(LOOSE)
            known = [Loose(*row) for row in cursor.fetchall()]
        cache.set(LOOSE_KEY, known, KEEP)
    return known


def _rows(sql: str, stages: Mapping[Any, Patience], worker: Worker, now: datetime) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "stages": [stage.value for stage in stages],
                "slow": [patience.slow for patience in stages.values()],
                "stuck": [patience.stuck for patience in stages.values()],
                "now": now,
                "soon": now + SOON,
                "shops": worker.shop_ids,
                "warehouses": worker.warehouse_ids,
            },
        )
        return list(cursor.fetchall())


def _station(row: Any, labels: Mapping[str, str], patience: Patience, link: Any) -> Station:
    code, *figures = row
    return _at(code, labels[code], f"stage = {code}", patience, link, figures)


def _at(code: str, label: str, q: str, patience: Patience, link: Any, figures: Any) -> Station:
    count, slow, stuck, median, oldest, late, soon = figures
    hours = SOON // timedelta(hours=1)
    return Station(
        code,
        label,
        count,
        slow,
        stuck,
        median,
        oldest,
        late,
        soon,
        url=link(q),
        slow_url=link(f"{q} and since < -{patience.slow}m"),
        late_url=link(f"{q} and promise_at < now"),
        soon_url=link(f"{q} and promise_at >= now and promise_at < +{hours}h"),
    )
