"""How well the standards of regions are kept: by region, by carrier there, and by warehouse."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Standard
from gendan.warehouse.queries.carriage import STANDARD

DAYS = 30


class By(TextChoices):
    REGION = "REGION", _("By region")
    CARRIER = "CARRIER", _("By carrier and region")
    WAREHOUSE = "WAREHOUSE", _("By warehouse")


# Parcels that should have arrived by now, whether they did or not: those that are lost, or still on
# their way, kept nothing. Of those of which nobody heard anything, the pick-up is not known; points
# of their way are told by a later room, which is why its table is named here and not imported.
KEPT = """
WITH due AS MATERIALIZED (
  SELECT CASE WHEN %(by)s = 'WAREHOUSE' THEN '' ELSE s.province END AS province,
    CASE WHEN %(by)s = 'CARRIER' THEN s.carrier_id END AS carrier_id,
    CASE WHEN %(by)s = 'WAREHOUSE' THEN s.warehouse_id END AS warehouse_id,
    coalesce(s.delivered_at <= s.shipped_at + z.arrive_hours * interval '1 hour', false) AS arrived,
    heard.picked_at <= s.shipped_at + z.pickup_hours * interval '1 hour' AS picked,
    extract(epoch FROM s.delivered_at - s.shipped_at) / 3600 AS hours
  FROM warehouse_shipment s
  CROSS JOIN LATERAL {standard} z
  LEFT JOIN LATERAL (
    SELECT coalesce(min(at) FILTER (WHERE state <> 'ORDERED'), 'infinity') AS picked_at
    FROM delivery_trace WHERE shipment_id = s.id HAVING count(*) > 0) heard ON true
  WHERE s.shipped_at > %(now)s - %(days)s * interval '1 day'
    AND s.shipped_at + z.arrive_hours * interval '1 hour' <= %(now)s
    AND s.stage NOT IN ('RECALLED', 'REFUSED', 'RETURNED')
    AND (%(shops)s::bigint[] IS NULL OR s.shop_id IS NULL OR s.shop_id = ANY(%(shops)s))
    AND (%(warehouses)s::bigint[] IS NULL OR s.warehouse_id = ANY(%(warehouses)s))
)
SELECT province, carrier_id, warehouse_id, count(*), count(*) FILTER (WHERE arrived),
  count(picked), count(*) FILTER (WHERE picked),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY hours)
FROM due GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
"""


@dataclass(frozen=True)
class Kept:
    """How many parcels arrived within their standard, of those that should have by now.

    `heard` are those of which we know whether they were picked up in time.
    """

    province: str
    carrier: Carrier | None
    warehouse: Warehouse | None
    parcels: int
    in_time: int
    heard: int
    picked_in_time: int
    median_hours: float | None  # of those that have arrived

    @property
    def percent(self) -> int:
        return round(100 * self.in_time / self.parcels)

    @property
    def picked_percent(self) -> int | None:
        return round(100 * self.picked_in_time / self.heard) if self.heard else None


def kept(worker: Worker, *, by: By, now: datetime) -> list[Kept]:
    """Return how well standards were kept within the last 30 days; nothing without standards."""
    if not Standard.objects.exists():
        return []
    values: dict[str, Any] = {
        "by": by,
        "now": now,
        "days": DAYS,
        "shops": worker.shop_ids,
        "warehouses": worker.warehouse_ids,
    }
    standard = STANDARD.format(carrier="s.carrier_id", province="s.province")
    with connection.cursor() as cursor:
        cursor.execute(KEPT.format(standard=standard), values)
        rows = cursor.fetchall()
    carriers, warehouses = Carrier.objects.in_bulk(), Warehouse.objects.in_bulk()
    return [
        Kept(province, carriers.get(carrier), warehouses.get(warehouse), *figures)
        for province, carrier, warehouse, *figures in rows
    ]
