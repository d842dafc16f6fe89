"""What moved in a time, as the journal tells it: from which stage to which, after how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from gendan.insight.days import Span
from gendan.people.access import Worker

MOVED = """
SELECT s.name, c.before->>'stage', c.after->>'stage', count(*),
  sum(e.at - (c.before->>'stage_since')::timestamptz)
FROM journal_entry e
JOIN journal_change c ON c.entry_id = e.id AND c.operation = 'U' AND c.after ? 'stage'
JOIN journal_subject s ON s.id = c.subject AND s.name IN ('orders_order', 'warehouse_shipment')
WHERE e.at >= %(since)s AND e.at < %(until)s
  AND (%(shops)s::bigint[] IS NULL OR CASE s.name
    WHEN 'orders_order' THEN EXISTS (
      SELECT FROM orders_order o WHERE o.id = c.subject_id AND o.shop_id = ANY(%(shops)s))
    ELSE EXISTS (
      SELECT FROM warehouse_shipment h WHERE h.id = c.subject_id AND h.shop_id = ANY(%(shops)s))
    END)
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Move:
    """How many went from one stage to another, and how long they had stood there, all together."""

    table: str
    left: str
    came: str
    count: int
    stood: timedelta


def moves(worker: Worker, span: Span) -> list[Move]:
    """Return how orders and shipments of the worker's shops moved in a time."""
    values = {"since": span.since, "until": span.until, "shops": worker.shop_ids}
    with connection.cursor() as cursor:
        cursor.execute(MOVED, values)
        return [
            Move(table, left, came, count, stood or timedelta())
            for table, left, came, count, stood in cursor.fetchall()
        ]


def came_to(found: Sequence[Move], table: str, stage: str) -> int:
    """Return how many rows of a table came to a stage."""
    return sum(move.count for move in found if (move.table, move.came) == (table, stage))


def stood_at(found: Sequence[Move], table: str, stage: str) -> tuple[int, timedelta | None]:
    """Return how many rows left a stage, and how long they had stood there on average."""
    left = [move for move in found if (move.table, move.left) == (table, stage)]
    count = sum(move.count for move in left)
    return count, sum((m.stood for m in left), timedelta()) / count if count else None
