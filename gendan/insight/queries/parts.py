"""What a day's report is made of: for each part its rows, and the SQL that counts them.

Rows are split by all that people may be kept from seeing (shop, warehouse), and hold numbers that
may be added up over days and shops: a mean is kept as its sum and its count. Names are not kept:
they are read when the figures are. Durations are microseconds, so that they survive JSON whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection

from gendan.people.access import Worker

DAYS = """
WITH days AS (
  SELECT day,
    greatest(day::timestamp AT TIME ZONE 'Asia/Shanghai', %(since)s::timestamptz) AS since,
    least((day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', %(until)s::timestamptz) AS until
  FROM unnest(%(days)s::date[]) day
)"""


Row = TypeVar("Row", bound=tuple[Any, ...])
Values = list[list[Any]]


@dataclass(frozen=True)
class Part(Generic[Row]):
    """One part of a report: the column of `Day` that keeps it, and how its rows are counted."""

    name: str
    row: type[Row]
    sql: str
    everybodys: bool = False  # a row without a place is for all to see

    def counted(
        self, on: Sequence[date], *, since: datetime | None = None, until: datetime | None = None
    ) -> dict[date, Values]:
        """Count the rows of days in the tables themselves, or of a stretch of these days."""
        found: dict[date, Values] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(DAYS + self.sql, {"days": list(on), "since": since, "until": until})
            for day, *values in cursor.fetchall():
                found[day].append(values)
        return {day: found[day] for day in on}

    def seen_by(self, worker: Worker, values: Values) -> list[Row]:
        """Return the rows of the worker's shops and warehouses."""
        rows = list(starmap(self.row, values))
        for place, ids in (("shop", worker.shop_ids), ("warehouse", worker.warehouse_ids)):
            if ids is not None and place in self.row.__annotations__:
                may = {*ids, None} if self.everybodys else {*ids}
                rows = [row for row in rows if getattr(row, place) in may]
        return rows


class Came(NamedTuple):
    """Orders of a shop and source: placed and paid on the day, and cancelled on it."""

    shop: int
    source: str
    placed: int
    fen: int
    paid: int
    paid_fen: int
    cancelled: int


CAME = Part(
    "came",
    Came,
    """
SELECT day, shop_id, source, sum(placed)::bigint, sum(fen)::bigint, sum(paid)::bigint,
  sum(paid_fen)::bigint, sum(cancelled)::bigint
FROM (
  SELECT day, shop_id, source, 1 AS placed, total_fen AS fen, 0 AS paid, 0 AS paid_fen,
    0 AS cancelled
  FROM days JOIN orders_order ON placed_at >= since AND placed_at < until
    AND stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL SELECT day, shop_id, source, 0, 0, 1, paid_fen, 0
  FROM days JOIN orders_order ON paid_at >= since AND paid_at < until AND stage <> 'DRAFT'
  UNION ALL SELECT day, shop_id, source, 0, 0, 0, 0, 1
  FROM days JOIN orders_order ON cancelled_at >= since AND cancelled_at < until
) came GROUP BY 1, 2, 3
""",
)


class Shipped(NamedTuple):
    """Parcels that left a warehouse with a carrier."""

    shop: int
    warehouse: int
    carrier: int | None
    parcels: int
    pieces: int
    weight_g: int


SHIPPED = Part(
    "shipped",
    Shipped,
    """
SELECT day, shop_id, warehouse_id, carrier_id, count(*), sum(pieces)::bigint,
  coalesce(sum(weight_g), 0)::bigint
FROM days JOIN warehouse_shipment ON shipped_at >= since AND shipped_at < until
GROUP BY 1, 2, 3, 4
""",
)


class Signed(NamedTuple):
    """Parcels signed for, and how long those whose start is known were on their way."""

    shop: int
    warehouse: int
    parcels: int
    known: int
    way_us: int


SIGNED = Part(
    "signed",
    Signed,
    """
SELECT day, shop_id, warehouse_id, count(*), count(delivered_at - shipped_at),
  coalesce(extract(epoch FROM sum(delivered_at - shipped_at)) * 1000000, 0)::bigint
FROM days JOIN warehouse_shipment ON delivered_at >= since AND delivered_at < until
GROUP BY 1, 2, 3
""",
)


class Moved(NamedTuple):
    """Rows that went from one stage to another, and how long they had stood there all together."""

    shop: int | None  # None: the row is gone
    table: str
    left: str
    came: str
    rows: int
    stood_us: int


# Asked row by row (OFFSET 0, a value): a join could lead through all changes and orders there are.
MOVED = Part(
    "moved",
    Moved,
    """
SELECT day, shop_id, name, left_stage, came_stage, count(*),
  coalesce(extract(epoch FROM sum(stood)) * 1000000, 0)::bigint
FROM (
  SELECT day, s.name, c.before->>'stage' AS left_stage, c.after->>'stage' AS came_stage,
    e.at - (c.before->>'stage_since')::timestamptz AS stood,
    CASE s.name
      WHEN 'orders_order' THEN (SELECT shop_id FROM orders_order WHERE id = c.subject_id)
      ELSE (SELECT shop_id FROM warehouse_shipment WHERE id = c.subject_id) END AS shop_id
  FROM days JOIN journal_entry e ON e.at >= since AND e.at < until
  CROSS JOIN LATERAL (
    SELECT * FROM journal_change WHERE entry_id = e.id AND operation = 'U' AND after ? 'stage'
    OFFSET 0) c
  JOIN journal_subject s ON s.id = c.subject AND s.name IN ('orders_order', 'warehouse_shipment')
) moves GROUP BY 1, 2, 3, 4, 5
""",
)


class Held(NamedTuple):
    """Holds that a rule placed, and holds of it that were cleared, after how long."""

    shop: int
    rule: int
    placed: int
    cleared: int
    held_us: int


HELD = Part(
    "held",
    Held,
    """
SELECT day, shop_id, rule_id, sum(placed)::bigint, sum(cleared)::bigint,
  (extract(epoch FROM sum(held)) * 1000000)::bigint
FROM (
  SELECT day, order_id, rule_id, 1 AS placed, 0 AS cleared, interval '0' AS held
  FROM days JOIN screening_hold ON placed_at >= since AND placed_at < until
  UNION ALL SELECT day, order_id, rule_id, 0, 1, cleared_at - placed_at
  FROM days JOIN screening_hold ON cleared_at >= since AND cleared_at < until
) holds JOIN orders_order o ON o.id = order_id GROUP BY 1, 2, 3
""",
)


class Worked(NamedTuple):
    """Work items of a kind: opened on the day, and closed on it, after how long."""

    shop: int | None
    warehouse: int | None
    kind: str
    opened: int
    closed: int
    late: int
    open_us: int


WORKED = Part(
    "worked",
    Worked,
    """
SELECT day, shop_id, warehouse_id, kind, sum(opened)::bigint, sum(closed)::bigint,
  sum(late)::bigint, (extract(epoch FROM sum(open)) * 1000000)::bigint
FROM (
  SELECT day, shop_id, warehouse_id, kind, 1 AS opened, 0 AS closed, 0 AS late,
    interval '0' AS open
  FROM days JOIN worklist_item ON opened_at >= since AND opened_at < until
  UNION ALL SELECT day, shop_id, warehouse_id, kind, 0, 1, (done_at > due_at)::int,
    done_at - opened_at
  FROM days JOIN worklist_item ON done_at >= since AND done_at < until
) work GROUP BY 1, 2, 3, 4
""",
    everybodys=True,
)


class Sold(NamedTuple):
    """What was ordered of a SKU on the day; of an unknown one, by what its shop calls it."""

    shop: int
    sku: int | None
    shop_code: str
    title: str
    orders: int
    pieces: int
    fen: int


SOLD = Part(
    "sold",
    Sold,
    """
SELECT day, shop_id, sku_id, CASE WHEN sku_id IS NULL THEN shop_code ELSE '' END,
  coalesce(min(title) FILTER (WHERE sku_id IS NULL), ''), count(DISTINCT order_id),
  sum(l.quantity)::bigint, sum(l.total_fen)::bigint
FROM days JOIN orders_order o ON o.placed_at >= since AND o.placed_at < until
  AND o.stage NOT IN ('DRAFT', 'CANCELLED')
CROSS JOIN LATERAL (
  SELECT * FROM orders_line
  WHERE order_id = o.id AND NOT is_cancelled AND part_of_id IS NULL OFFSET 0) l
GROUP BY 1, 2, 3, 4
""",
)


class Done(NamedTuple):
    """Acts of somebody, and the rows they were about; an act that doesn't say was about one."""

    kind: str
    actor_id: int | None
    name: str
    verb: str
    acts: int
    rows: int
    first_us: int
    last_us: int


DONE = Part(
    "done",
    Done,
    """
SELECT day, actor_kind, actor_id, min(actor_name), verb, count(*), sum(
    CASE WHEN jsonb_typeof(facts->'count') = 'number' THEN (facts->>'count')::int ELSE 1 END
  )::bigint,
  (extract(epoch FROM min(at)) * 1000000)::bigint, (extract(epoch FROM max(at)) * 1000000)::bigint
FROM days JOIN journal_entry ON at >= since AND at < until
GROUP BY day, actor_kind, actor_id, CASE WHEN actor_id IS NULL THEN actor_name END, verb
""",
)


class Hour(NamedTuple):
    """What passed a point of the way in an hour of the day, and its worth where it has one."""

    shop: int
    warehouse: int | None
    hour: int
    what: str
    rows: int
    fen: int


HOURS = Part(
    "hours",
    Hour,
    """
SELECT day, shop_id, warehouse_id, extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')::int, what,
  count(*), sum(fen)::bigint
FROM (
  SELECT day, shop_id, NULL::bigint AS warehouse_id, placed_at AS at, 'placed' AS what,
    total_fen AS fen
  FROM days JOIN orders_order ON placed_at >= since AND placed_at < until
    AND stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL SELECT day, shop_id, NULL, paid_at, 'paid', paid_fen
  FROM days JOIN orders_order ON paid_at >= since AND paid_at < until AND stage <> 'DRAFT'
  UNION ALL SELECT day, shop_id, NULL, made_at, 'taken_in', 0
  FROM days JOIN orders_order ON made_at >= since AND made_at < until AND stage <> 'DRAFT'
  UNION ALL SELECT day, shop_id, NULL, released_at, 'released', 0
  FROM days JOIN orders_order ON released_at >= since AND released_at < until
  UNION ALL SELECT day, shop_id, warehouse_id, packed_at, 'packed', 0
  FROM days JOIN warehouse_shipment ON packed_at >= since AND packed_at < until
  UNION ALL SELECT day, shop_id, warehouse_id, shipped_at, 'shipped', 0
  FROM days JOIN warehouse_shipment ON shipped_at >= since AND shipped_at < until
  UNION ALL SELECT day, shop_id, warehouse_id, delivered_at, 'signed', 0
  FROM days JOIN warehouse_shipment ON delivered_at >= since AND delivered_at < until
) done GROUP BY 1, 2, 3, 4, 5
""",
    everybodys=True,
)

REPORT: Sequence[Part[Any]] = (CAME, SHIPPED, SIGNED, MOVED, HELD, WORKED, SOLD, DONE)
PARTS: Sequence[Part[Any]] = (*REPORT, HOURS)
