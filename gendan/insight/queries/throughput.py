"""How much went through the house today, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.insight import days, links
from gendan.insight.days import Span
from gendan.insight.remembering import remembered
from gendan.people.access import Worker

KEEP = 60  # seconds that the hours before this one are remembered

DONE = """
SELECT what, extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')::int, count(*) FROM (
  SELECT 'taken_in' AS what, made_at AS at, shop_id, NULL::bigint AS warehouse_id
  FROM orders_order WHERE made_at >= %(since)s AND made_at < %(until)s AND stage <> 'DRAFT'
  UNION ALL SELECT 'released', released_at, shop_id, NULL
  FROM orders_order WHERE released_at >= %(since)s AND released_at < %(until)s
  UNION ALL SELECT 'packed', packed_at, shop_id, warehouse_id
  FROM warehouse_shipment WHERE packed_at >= %(since)s AND packed_at < %(until)s
  UNION ALL SELECT 'shipped', shipped_at, shop_id, warehouse_id
  FROM warehouse_shipment WHERE shipped_at >= %(since)s AND shipped_at < %(until)s
  UNION ALL SELECT 'signed', delivered_at, shop_id, warehouse_id
  FROM warehouse_shipment WHERE delivered_at >= %(since)s AND delivered_at < %(until)s
) done
WHERE (%(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id IS NULL
       OR warehouse_id = ANY(%(warehouses)s))
GROUP BY 1, 2
"""

LABELS: dict[str, Promise] = {
    "taken_in": _("Taken in"),
    "released": _("Released"),
    "packed": _("Packed"),
    "shipped": _("Shipped"),
    "signed": _("Signed for"),
}


@dataclass(frozen=True)
class Flow:
    """How many passed one point of the way today."""

    code: str
    label: str
    count: int
    hours: Sequence[int]
    url: str

    @property
    def last_hour(self) -> int:
        """Return how many passed in the hour that runs."""
        return self.hours[-1] if self.hours else 0


def throughput(worker: Worker, *, now: datetime) -> list[Flow]:
    """Return what passed each point of the way today, until this hour."""
    counted, hour = _today(worker, now), timezone.localtime(now).hour
    addresses = _addresses()
    return [
        Flow(code, str(label), sum(counted[code]), counted[code][: hour + 1], addresses[code])
        for code, label in LABELS.items()
    ]


def _today(worker: Worker, now: datetime) -> dict[str, list[int]]:
    """Count the running hour; the hours before it are remembered for a minute."""
    midnight, hour = days.midnight(timezone.localdate(now)), days.hour_of(now)
    running = hourly(worker, Span(hour, midnight + timedelta(days=1)))
    if hour == midnight:
        return running
    before = remembered("hourly", worker, Span(midnight, hour), hourly, keep=KEEP)
    return {
        code: [one + other for one, other in zip(running[code], before[code], strict=True)]
        for code in LABELS
    }


def hourly(worker: Worker, span: Span) -> dict[str, list[int]]:
    """Return how many passed each point, by the hour of the day."""
    counted = {code: [0] * 24 for code in LABELS}
    with connection.cursor() as cursor:
        cursor.execute(
            DONE,
            {
                "since": span.since,
                "until": span.until,
                "shops": worker.shop_ids,
                "warehouses": worker.warehouse_ids,
            },
        )
        for code, hour, number in cursor.fetchall():
            counted[code][hour] = number
    return counted


def _addresses() -> dict[str, str]:
    return {
        "taken_in": links.orders("entered_at = today and stage != DRAFT"),
        "released": links.orders("released_at = today"),
        "packed": links.shipments("packed_at = today"),
        "shipped": links.parcels("shipped = today"),
        "signed": links.parcels("delivered = today"),
    }
