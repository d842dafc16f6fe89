"""Where the queue grows: for each stage what comes in and goes out in an hour, and the backlog.

Each stage's outflow is the next one's inflow. What moved is read where it is kept already: moments
on orders and shipments, and how many an act says that it moved. So these are figures of the whole
house; they cost the rows of one hour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.insight import links

HOUR = timedelta(hours=1)
NOTICEABLE = 1.05  # so many times more in than out, before a queue is said to grow

FLOWS = """
WITH act AS (
  SELECT verb, sum((facts->>'count')::bigint)::bigint AS rows FROM journal_entry
  WHERE at > %(since)s AND at <= %(now)s AND verb IN ('stock.reserved', 'shipment.planned',
    'shipment.released')
  GROUP BY verb
)
SELECT
  (SELECT count(*) FROM orders_order WHERE made_at > %(since)s AND made_at <= %(now)s
    AND stage NOT IN ('DRAFT', 'UNPAID', 'UNCONFIRMED')),
  (SELECT count(*) FROM orders_order WHERE released_at > %(since)s AND released_at <= %(now)s),
  coalesce((SELECT rows FROM act WHERE verb = 'stock.reserved'), 0),
  coalesce((SELECT rows FROM act WHERE verb = 'shipment.planned'), 0),
  coalesce((SELECT rows FROM act WHERE verb = 'shipment.released'), 0),
  (SELECT count(*) FROM warehouse_wave w JOIN warehouse_shipment s ON s.wave_id = w.id
    WHERE w.picked_at > %(since)s AND w.picked_at <= %(now)s),
  (SELECT count(*) FROM warehouse_shipment WHERE packed_at > %(since)s AND packed_at <= %(now)s),
  (SELECT count(*) FROM warehouse_shipment WHERE shipped_at > %(since)s AND shipped_at <= %(now)s)
"""

BACKLOG = """
SELECT
  (SELECT count(*) FROM orders_order WHERE stage IN ('SCREENING', 'HELD')),
  (SELECT count(*) FROM orders_order WHERE stage = 'READY'),
  (SELECT count(DISTINCT l.order_id) FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
    WHERE NOT EXISTS (SELECT FROM warehouse_shipmentline sl JOIN warehouse_shipment s
      ON s.id = sl.shipment_id WHERE sl.line_id = r.line_id AND s.stage <> 'RECALLED')),
  (SELECT count(*) FROM warehouse_shipment WHERE stage = 'PLANNED'),
  (SELECT count(*) FROM warehouse_shipment WHERE stage = 'RELEASED'),
  (SELECT count(*) FROM warehouse_shipment WHERE stage = 'PICKED'),
  (SELECT count(*) FROM warehouse_shipment WHERE stage = 'PACKED')
"""

STAGES: Sequence[tuple[str, Promise, Callable[[str], str], str]] = (
    ("screening", _("Screening"), links.orders, "stage in (SCREENING, HELD)"),
    ("reservation", _("Reservation"), links.orders, "stage = READY"),
    ("planning", _("Planning"), links.orders, "to_plan = yes"),
    ("waves", _("Waves"), links.shipments, "stage = PLANNED"),
    ("picking", _("Picking"), links.shipments, "stage = RELEASED"),
    ("packing", _("Packing"), links.shipments, "stage = PICKED"),
    ("handing over", _("Hand-over"), links.shipments, "stage = PACKED"),
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


def queues(*, now: datetime) -> list[Queue]:
    """Return the stages in the order of the way."""
    with connection.cursor() as cursor:
        cursor.execute(FLOWS, {"since": now - HOUR, "now": now})
        flows = cursor.fetchone()
        cursor.execute(BACKLOG)
        backlog = cursor.fetchone()
    return [
        Queue(code, label, backlog[at], flows[at], flows[at + 1], link(q))
        for at, (code, label, link, q) in enumerate(STAGES)
    ]


def narrowest(found: Sequence[Queue]) -> Queue | None:
    """Return the stage that holds up the others: the one whose backlog takes longest."""
    waiting = [queue for queue in found if queue.backlog]
    return max(
        waiting,
        key=lambda queue: float("inf") if queue.hours is None else queue.hours,
        default=None,
    )
