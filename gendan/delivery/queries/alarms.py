"""Parcels on their way that a person must look at; one statement finds them all.

The hours are those of the region's standard where one is set, else the carrier's own
(`pickup_hours`, `movement_hours`, `sign_hours`); who waits at a station has arrived. An alarm
belongs to an episode, which begins when the parcel left or was last seen: who has dealt with it is
not asked again until the parcel has moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from gendan.ui.wording import short_moment
from gendan.warehouse.queries.carriage import STANDARD
from gendan.worklist.models import Kind

SUBJECT = "parcel"  # of a work item; its id is the shipment's
ALARM_KINDS = (
    Kind.NOT_PICKED_UP,
    Kind.NO_MOVEMENT,
    Kind.DELIVERY_FAILED,
    Kind.NOT_SIGNED,
    Kind.TRACKING,
)

ALARMS = """
WITH under_way AS (
  SELECT s.id, s.number, s.waybill, s.shop_id, s.warehouse_id, s.shipped_at,
    c.name AS carrier, c.movement_hours,
    coalesce(z.pickup_hours, c.pickup_hours) AS pickup_hours,
    coalesce(z.arrive_hours, c.sign_hours) AS arrive_hours,
    greatest(z.arrive_hours, c.sign_hours) AS sign_hours,
    coalesce(d.last_state, '') AS said, coalesce(d.last_moved_at, s.shipped_at) AS seen_at,
    coalesce(d.problem, '') AS problem, coalesce(d.state, '') AS followed
  FROM {shipments} s
  LEFT JOIN warehouse_carrier c ON c.id = s.carrier_id
  LEFT JOIN LATERAL {standard} z ON true
  LEFT JOIN LATERAL (
    SELECT * FROM delivery_subscription
    WHERE shipment_id = s.id ORDER BY last_moved_at DESC NULLS LAST LIMIT 1) d ON true
  WHERE s.stage = 'SHIPPED'
), troubles AS (
  SELECT *, CASE
    WHEN said IN ('FAILED', 'PROBLEM') THEN 'DELIVERY_FAILED'
    WHEN said IN ('', 'ORDERED')
      AND shipped_at < %(now)s - make_interval(hours => pickup_hours) THEN 'NOT_PICKED_UP'
    WHEN shipped_at < %(now)s - make_interval(
      hours => CASE said WHEN 'AT_STATION' THEN sign_hours ELSE arrive_hours END) THEN 'NOT_SIGNED'
    WHEN said IN ('ACCEPTED', 'MOVING', 'OUT_FOR_DELIVERY')
      AND seen_at < %(now)s - make_interval(hours => movement_hours) THEN 'NO_MOVEMENT'
    END AS kind, '' AS trouble
  FROM under_way
  UNION ALL
  SELECT *, 'TRACKING', problem FROM under_way WHERE followed IN ('FAILED', 'GIVEN_UP')
)
SELECT kind, id, number, waybill, coalesce(carrier, ''), shop_id, warehouse_id,
  CASE WHEN kind IN ('NO_MOVEMENT', 'DELIVERY_FAILED') THEN seen_at ELSE shipped_at END, trouble
FROM troubles WHERE kind IS NOT NULL ORDER BY id, kind
"""
HOURS = STANDARD.format(carrier="s.carrier_id", province="s.province")
# All that are on their way, or these: looked up one by one (OFFSET keeps it so), since a list of a
# few among all on their way would be read through to the end each time.
ALL = "warehouse_shipment"
THESE = """unnest(%(ids)s::bigint[]) AS chosen (id)
  CROSS JOIN LATERAL (SELECT * FROM warehouse_shipment WHERE id = chosen.id OFFSET 0)"""


@dataclass(frozen=True)
class Alarm:
    """One parcel with one trouble; `since` begins the episode."""

    kind: Kind
    shipment_id: int
    number: str
    waybill: str
    carrier: str
    shop_id: int
    warehouse_id: int
    since: datetime
    trouble: str

    @property
    def episode(self) -> str:
        """What a person reads of it, and what tells this alarm from the parcel's next one."""
        return f"{self.carrier} {self.waybill} · {short_moment(self.since)}"

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it one work item."""
        return self.kind, self.shipment_id, self.episode


def alarms(*, now: datetime, shipment_ids: Sequence[int] | None = None) -> list[Alarm]:
    """All troubles of the parcels on their way, or of these parcels only."""
    ids = None if shipment_ids is None else list(shipment_ids)
    with connection.cursor() as cursor:
        statement = ALARMS.format(shipments=ALL if ids is None else THESE, standard=HOURS)
        cursor.execute(statement, {"now": now, "ids": ids})
        return [Alarm(Kind(kind), *rest) for kind, *rest in cursor.fetchall()]
