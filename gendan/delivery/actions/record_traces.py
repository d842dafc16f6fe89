"""Writes down what the carriers tell, and lets the parcels' stages follow."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils import timezone

from gendan.delivery.actions.arrive import arrive
from gendan.delivery.actions.watch import watch
from gendan.delivery.models import TraceState
from gendan.delivery.reports import Report, merged
from gendan.journal.actors import Actor

LONGEST_TEXT = 500

ADD_POINTS = """
INSERT INTO delivery_trace (shipment_id, provider, at, text, state, code, place)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[],
                     %s::text[], %s::text[])
ON CONFLICT (shipment_id, provider, at, text) DO NOTHING
"""

# A message may come late: the older one does not take back what the newer one has said.
HEAR = """
INSERT INTO delivery_subscription AS known
  (shipment_id, provider, state, problem, last_moved_at, last_state, heard_at, tries)
SELECT heard.*, now(), 0 FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[],
                                     %s::timestamptz[], %s::text[]) AS heard
ON CONFLICT (shipment_id, provider) DO UPDATE SET
  heard_at = excluded.heard_at,
  problem = excluded.problem,
  state = CASE WHEN known.state = 'ENDED' THEN known.state ELSE excluded.state END,
  last_state = CASE
    WHEN excluded.last_state <> '' AND (known.last_moved_at IS NULL
      OR excluded.last_moved_at >= known.last_moved_at) THEN excluded.last_state
    ELSE known.last_state END,
  last_moved_at = greatest(known.last_moved_at, excluded.last_moved_at)
"""


def record_traces(reports: Iterable[Report], *, by: Actor) -> int:
    """Add the points not known yet and move parcels that arrived, were refused or came back.

    The same reports again change nothing. Return the number of new points.
    """
    told = merged(reports)
    ids = [report.shipment_id for report in told]
    with transaction.atomic():
        added = _add_points(told)
        _hear(told)
        arrive(ids, by=by)
        watch(by=by, now=timezone.now(), shipment_ids=ids)
    return added


def _add_points(reports: Sequence[Report]) -> int:
    rows = [
        (
            report.shipment_id,
            report.provider,
            point.at,
            point.text[:LONGEST_TEXT],
            point.state,
            point.code,
            point.place,
        )
        for report in reports
        for point in report.points
    ]
    return _run(ADD_POINTS, rows, width=7)


def _hear(reports: Sequence[Report]) -> None:
    rows = [
        (
            report.shipment_id,
            report.provider,
            report.subscription,
            report.problem[:300],
            report.moved_at,
            _state(report),
        )
        for report in reports
    ]
    _run(HEAR, rows, width=6)


def _state(report: Report) -> str:
    known = report.state not in (None, TraceState.UNKNOWN)
    return str(report.state) if known else ""


def _run(statement: str, rows: Sequence[tuple[object, ...]], *, width: int) -> int:
    """Run a statement over columns of values; return how many rows it wrote."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
    with connection.cursor() as cursor:
        cursor.execute(statement, columns)
        return int(cursor.rowcount)
