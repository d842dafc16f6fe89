"""Measures how fast the house and its carriers are, from what they did in their last days.

Where too little happened to be measured, nothing is written, and the forecast takes what the
`Reckoning` says (docs/promises.md).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from gendan.delivery.models import Pace, Transit
from gendan.delivery.working_time import MINUTES, working_time
from gendan.journal.actors import Actor

DAYS = 14  # two weeks hold each weekday twice; a pace of last month is that of another team
DAYS_ON_THE_WAY = 60  # few parcels go to a far province in two weeks
FEWEST = 20  # with fewer, one slow morning is the pace
FEWEST_PARCELS = 5  # of which four of five is a parcel that was there

# An hour in which nothing passed does not count: the forecast counts business hours itself.
PACES = f"""
INSERT INTO delivery_pace (step, warehouse_id, per_hour, minutes, sample, counted_at)
SELECT 'SCREENING', NULL::bigint,
  count(*)::float8 / count(DISTINCT date_trunc('hour', released_at)), NULL::float8, count(*),
  %(now)s
FROM orders_order WHERE released_at BETWEEN %(since)s AND %(now)s HAVING count(*) >= %(fewest)s
UNION ALL
SELECT 'PACKING', warehouse_id,
  count(*)::float8 / count(DISTINCT date_trunc('hour', packed_at)), NULL, count(*), %(now)s
FROM warehouse_shipment WHERE packed_at BETWEEN %(since)s AND %(now)s
GROUP BY warehouse_id HAVING count(*) >= %(fewest)s
UNION ALL
SELECT 'HAND_OVER', warehouse_id, NULL,
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY greatest(0, {MINUTES.format("shipped_at")} - ({MINUTES.format("packed_at")}))),
  count(*), %(now)s
FROM warehouse_shipment
WHERE packed_at >= %(since)s AND shipped_at BETWEEN packed_at AND %(now)s
GROUP BY warehouse_id HAVING count(*) >= %(fewest)s
UNION ALL
SELECT kind, NULL, NULL,
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY greatest(0, {MINUTES.format("done_at")} - ({MINUTES.format("opened_at")}))),
  count(*), %(now)s
FROM worklist_item
WHERE kind IN ('HELD', 'SHORT') AND opened_at >= %(since)s AND done_at BETWEEN opened_at AND %(now)s
GROUP BY kind HAVING count(*) >= %(fewest)s
"""  # noqa: S608 (texts from above)

TRANSITS = """
INSERT INTO delivery_transit (carrier_id, province, hours, sample, counted_at)
SELECT carrier_id, coalesce(province, ''),
  percentile_cont(0.8) WITHIN GROUP (ORDER BY extract(epoch FROM delivered_at - shipped_at) / 3600),
  count(*), %(now)s
FROM warehouse_shipment
WHERE delivered_at BETWEEN %(since)s AND %(now)s AND shipped_at <= delivered_at
  AND carrier_id IS NOT NULL AND province <> ''
GROUP BY GROUPING SETS ((carrier_id, province), (carrier_id)) HAVING count(*) >= %(fewest)s
"""


def measure(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Measure everything anew; return of how many paces and of how many ways enough is known."""
    with transaction.atomic(), connection.cursor() as cursor:
        Pace.objects.all().delete()
        Transit.objects.all().delete()
        cursor.execute(PACES, _values(now, DAYS, FEWEST))
        paces = cursor.rowcount
        cursor.execute(TRANSITS, _values(now, DAYS_ON_THE_WAY, FEWEST_PARCELS))
        return paces, cursor.rowcount


def _values(now: datetime, days: int, fewest: int) -> dict[str, Any]:
    since = now - timedelta(days=days)
    return {"now": now, "since": since, "fewest": fewest, **working_time(since, days).values}
