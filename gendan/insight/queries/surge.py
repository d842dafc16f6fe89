"""Where the queue grows: for each stage what comes in and goes out in an hour, and the backlog.

Each stage's outflow is the next one's inflow. What moved is read where it is kept already: moments
on orders, parcels and movements of stock. So the figures cost the rows of one hour and of what
waits, and they are split by shop and warehouse, since people see those of their own.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.insight import links
from gendan.insight.queries.pipeline import loose
from gendan.people.access import Worker
from gendan.people.models import Shop, Warehouse

HOUR = timedelta(hours=1)
NOTICEABLE = 1.05  # so many times more in than out, before a queue is said to grow
Row = tuple[str, int, int | None, int]  # what, of which shop and warehouse, how many

# Rows of tables that only grow lie in the order of their time: those of an hour are their last
# ones. Where those begin is asked first, so that the number stands in the text of the counts:
# PostgreSQL knows how many rows lie behind a number, but not behind what it is still to find.
BEGINS = """
SELECT (SELECT id FROM stock_ledger WHERE at <= %(since)s ORDER BY id DESC LIMIT 1) AS moved,
  (SELECT id FROM warehouse_shipment WHERE made_at <= %(since)s ORDER BY id DESC LIMIT 1) AS made
"""
# Orders have a warehouse once they are parcels.
COUNTS = """
SELECT 'IN', shop_id, NULL::bigint, count(*) FROM orders_order
  WHERE made_at > %(since)s AND made_at <= %(now)s
    AND stage NOT IN ('DRAFT', 'UNPAID', 'UNCONFIRMED') GROUP BY 2
UNION ALL SELECT 'RELEASED', shop_id, NULL, count(*) FROM orders_order
  WHERE released_at > %(since)s AND released_at <= %(now)s GROUP BY 2
UNION ALL SELECT 'RESERVED', o.shop_id, NULL, count(DISTINCT o.id) FROM stock_ledger g
  JOIN orders_line l ON l.id = g.line_id JOIN orders_order o ON o.id = l.order_id
  WHERE g.id > %(moved)s AND g.movement = 'RESERVED' AND g.at <= %(now)s
    AND o.stage <> 'SHORT' GROUP BY 2
UNION ALL SELECT 'PLANNED_ORDERS', s.shop_id, NULL, count(DISTINCT l.order_id)
  FROM warehouse_shipment s JOIN warehouse_shipmentline l ON l.shipment_id = s.id
  WHERE s.id > %(made)s AND s.made_at <= %(now)s GROUP BY 2
UNION ALL SELECT 'PLANNED', shop_id, warehouse_id, count(*) FROM warehouse_shipment s
  WHERE s.id > %(made)s AND s.made_at <= %(now)s GROUP BY 2, 3
UNION ALL SELECT 'IN_WAVES', s.shop_id, s.warehouse_id, count(*) FROM warehouse_wave w
  JOIN warehouse_shipment s ON s.wave_id = w.id
  WHERE w.made_at > %(since)s AND w.made_at <= %(now)s GROUP BY 2, 3
UNION ALL SELECT 'PICKED', s.shop_id, s.warehouse_id, count(*) FROM warehouse_wave w
  JOIN warehouse_shipment s ON s.wave_id = w.id
  WHERE w.picked_at > %(since)s AND w.picked_at <= %(now)s GROUP BY 2, 3
UNION ALL SELECT 'PACKED', shop_id, warehouse_id, count(*) FROM warehouse_shipment
  WHERE packed_at > %(since)s AND packed_at <= %(now)s GROUP BY 2, 3
UNION ALL SELECT 'SHIPPED', shop_id, warehouse_id, count(*) FROM warehouse_shipment
  WHERE shipped_at > %(since)s AND shipped_at <= %(now)s GROUP BY 2, 3
UNION ALL SELECT 'AT_' || CASE stage WHEN 'HELD' THEN 'SCREENING' ELSE stage END,
    shop_id, NULL, count(*) FROM orders_order
  WHERE stage IN ('SCREENING', 'HELD', 'READY') GROUP BY 1, 2
UNION ALL SELECT 'AT_' || stage, shop_id, warehouse_id, count(*) FROM warehouse_shipment
  WHERE stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED') GROUP BY 1, 2, 3
"""


class Stage(NamedTuple):
    """A place where things wait: which `COUNTS` say what waits, came in and went on."""

    code: str
    label: Promise
    listed: Callable[[str], str]
    q: str
    waits: str
    came: str
    went: str

    @property
    def has_warehouse(self) -> bool:
        return self.listed is PARCELS


ORDERS, PARCELS = links.orders, links.shipments
SCREENING = "stage in (SCREENING, HELD)"
STAGES = (
    Stage("screening", _("Screening"), ORDERS, SCREENING, "AT_SCREENING", "IN", "RELEASED"),
    Stage(
        "reservation", _("Reservation"), ORDERS, "stage = READY", "AT_READY", "RELEASED", "RESERVED"
    ),
    Stage(
        "planning", _("Planning"), ORDERS, "to_plan = yes", "TO_PLAN", "RESERVED", "PLANNED_ORDERS"
    ),
    Stage("waves", _("Waves"), PARCELS, "stage = PLANNED", "AT_PLANNED", "PLANNED", "IN_WAVES"),
    Stage(
        "picking", _("Picking"), PARCELS, "stage = RELEASED", "AT_RELEASED", "IN_WAVES", "PICKED"
    ),
    Stage("packing", _("Packing"), PARCELS, "stage = PICKED", "AT_PICKED", "PICKED", "PACKED"),
    Stage(
        "handing over", _("Hand-over"), PARCELS, "stage = PACKED", "AT_PACKED", "PACKED", "SHIPPED"
    ),
)


@dataclass(frozen=True)
class Queue:
    """What waits at a stage, and what came in and went out within the last hour."""

    code: str
    label: Promise
    backlog: int
    came: int
    went: int
    url: str

    @property
    def hours(self) -> float | None:
        """How long the backlog takes at the rate of the last hour; none if nothing goes out."""
        if not self.backlog:
            return 0.0
        return round(self.backlog / self.went, 1) if self.went else None

    @property
    def grows(self) -> bool:
        return bool(self.backlog) and self.came > self.went * NOTICEABLE

    @property
    def stands(self) -> bool:
        """Whether something waits and nothing at all went on."""
        return bool(self.backlog) and not self.went

    @property
    def tone(self) -> str:
        return "bad" if self.stands else "warn" if self.grows else "good"


@dataclass(frozen=True)
class PlaceQueues:
    """The queues of one warehouse or shop."""

    name: str
    queues: Sequence[Queue]

    @property
    def narrowest(self) -> Queue | None:
        return narrowest(self.queues)


@dataclass(frozen=True)
class Counted:
    """What moved within an hour, and what waits."""

    rows: Sequence[Row]

    def queues(self) -> list[Queue]:
        """Return the stages in the order of the way."""
        return self._queues(self.rows, STAGES)

    def by_warehouse(self) -> list[PlaceQueues]:
        """Return the stages inside each warehouse in which something waits or moved."""
        names = dict(Warehouse.objects.order_by("rank", "pk").values_list("pk", "name"))
        stages = [stage for stage in STAGES if stage.has_warehouse]
        return self._places(names, 2, stages, "warehouse")

    def by_shop(self) -> list[PlaceQueues]:
        """Return the stages for each shop of which something waits or moved."""
        names = dict(Shop.objects.order_by("pk").values_list("pk", "name"))
        return self._places(names, 1, STAGES, "shop")

    def _places(
        self, names: dict[int, str], at: int, stages: Sequence[Stage], field: str
    ) -> list[PlaceQueues]:
        alive = {row[at] for row in self.rows}
        return [
            PlaceQueues(
                name,
                self._queues(
                    [row for row in self.rows if row[at] == pk], stages, f' and {field} = "{name}"'
                ),
            )
            for pk, name in names.items()
            if pk in alive
        ]

    @staticmethod
    def _queues(rows: Iterable[Row], stages: Sequence[Stage], where: str = "") -> list[Queue]:
        sums: Counter[str] = Counter()
        for what, _shop, _warehouse, number in rows:
            sums[what] += number
        return [
            Queue(
                stage.code,
                stage.label,
                sums[stage.waits],
                sums[stage.came],
                sums[stage.went],
                stage.listed(stage.q + where),
            )
            for stage in stages
        ]


def counted(worker: Worker, *, now: datetime) -> Counted:
    """Count what moved and waits, of the worker's shops and warehouses."""
    since = now - HOUR
    with connection.cursor() as cursor:
        cursor.execute(BEGINS, {"since": since})
        moved, made = cursor.fetchone()
        asked = {"since": since, "now": now, "moved": moved or 0, "made": made or 0}
        cursor.execute(COUNTS, asked)
        rows = [*cursor.fetchall(), *_to_plan()]
    shops, warehouses = worker.shop_ids, worker.warehouse_ids
    return Counted(
        [
            row
            for row in rows
            if (shops is None or row[1] in shops)
            and (warehouses is None or row[2] is None or row[2] in warehouses)
        ]
    )


def _to_plan() -> Iterator[Row]:
    """Count what waits for a shipment: the dear figure, which the board keeps for some seconds."""
    for shop, number in Counter(order.shop for order in loose()).items():
        yield "TO_PLAN", shop, None, number


def narrowest(found: Sequence[Queue]) -> Queue | None:
    """Return the stage that holds up the others: the one whose backlog takes longest."""
    waiting = [queue for queue in found if queue.backlog]
    return max(
        waiting,
        key=lambda queue: float("inf") if queue.hours is None else queue.hours,
        default=None,
    )
