"""Everything the board shows, in a handful of grouped queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from gendan.insight.queries.hours import lately
from gendan.insight.queries.pipeline import Station, order_stations, shipment_stations, to_plan
from gendan.insight.queries.sales import Sales, sales
from gendan.insight.queries.throughput import Flow, throughput
from gendan.insight.queries.troubles import Held, Shorts, Waiting, holds, shorts, work_waiting
from gendan.people.access import Worker
from gendan.warehouse.stages import Stage as ShipmentStage

SHARED = 3  # seconds: a page asks again no sooner


@dataclass(frozen=True)
class Board:
    """The house at a moment, as far as the worker sees it."""

    at: datetime
    before: Sequence[Station]  # from intake to reservation
    inside: Sequence[Station]  # in the warehouse
    outside: Sequence[Station]  # on their way
    flows: Sequence[Flow]
    sales: Sales
    shorts: Shorts
    holds: Sequence[Held]
    work: Sequence[Waiting]

    @property
    def signed(self) -> Flow:
        """Return what was signed for today: the end of the way."""
        return self.flows[-1]

    @property
    def promised(self) -> list[Station]:
        """Return the stations with promises that are broken, or end within hours."""
        return [station for station in self._in_house if station.late or station.soon]

    @property
    def late_count(self) -> int:
        return sum(station.late for station in self._in_house)

    @property
    def soon_count(self) -> int:
        return sum(station.soon for station in self._in_house)

    @property
    def _in_house(self) -> list[Station]:
        return [*self.before, *self.inside]


def seen_by(worker: Worker) -> Board:
    """Return the house as it is, or was a moment ago: who sees the same of it shares the figures.

    Boards hang on walls and ask again every few seconds; the page says when it was counted.
    """
    leads = worker.may("worklist.assign")
    key = f"board:{worker.shop_ids}:{worker.warehouse_ids}:{leads}:{get_language()}"
    known: Board | None = cache.get(key)
    if known is None:
        known = board(worker, now=timezone.now())
        cache.set(key, known, SHARED)
    return known


def board(worker: Worker, *, now: datetime) -> Board:
    """Return the house at this moment."""
    shipments = shipment_stations(worker, now=now)
    passed = lately(worker, now=now)
    away = [station for station in shipments if station.code == ShipmentStage.SHIPPED]
    return Board(
        now,
        order_stations(worker, now=now),
        [to_plan(worker, now=now), *(s for s in shipments if s not in away)],
        away,
        throughput(passed.today, now=now),
        sales(worker, passed, now=now),
        shorts(worker),
        holds(worker),
        work_waiting(worker, now=now),
    )
