"""Keeping the figures of days: mark what changed, and count it again.

Both steps may be done by several processes at once, and may die at any point: days are marked and
the bookmark is moved in one transaction, and a day is counted and its mark taken off in another.
"""

from datetime import date, timedelta
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from gendan.insight.models import Bookmark, Day
from gendan.insight.queries.changed import changed_since, first_day
from gendan.insight.queries.parts import PARTS

SHARE = 20  # a day that changes all the time is counted at most in one twentieth of it

TAKE = """
INSERT INTO insight_bookmark (id, xid, read_at) VALUES (1, 0, now())
ON CONFLICT (id) DO UPDATE SET read_at = insight_bookmark.read_at RETURNING xid
"""
ENDED = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
MARK = """
INSERT INTO insight_day ("on", is_stale) SELECT day, true FROM unnest(%s::date[]) day ORDER BY day
ON CONFLICT ("on") DO UPDATE SET is_stale = true
"""
TURN = """
SELECT "on" FROM insight_day
WHERE is_stale AND (counted_at IS NULL OR counted_at + took * %s <= clock_timestamp())
ORDER BY "on" DESC LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def keep(*, seconds: float) -> None:
    """Mark the days that changed and count them, the newest first, for so many seconds."""
    began = monotonic()
    mark_changed()
    while monotonic() - began < seconds and count_next():
        pass


def mark_changed() -> None:
    """Mark the days that changed since the journal was last read; at first all there are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE)  # and keep others waiting
        (read,) = cursor.fetchone()
        # What is not seen below belongs to a transaction that is still to end: read next time.
        read_at = timezone.now()
        cursor.execute(ENDED)
        (ended,) = cursor.fetchone()
        cursor.execute(MARK, [sorted(changed_since(read) if read else _every_day())])
        Bookmark.objects.update(xid=ended, read_at=read_at)


def count_next() -> bool:
    """Count the newest day whose turn it is; say whether there was one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN, [SHARE])
        turn = cursor.fetchone()
        if turn is None:
            return False
        (on,) = turn
        counted_at, began = timezone.now(), monotonic()
        figures = {part.name: part.counted([on])[on] for part in PARTS}
        Day.objects.filter(on=on).update(
            is_stale=False,
            counted_at=counted_at,
            took=timedelta(seconds=monotonic() - began),
            **figures,
        )
    return True


def _every_day() -> set[date]:
    first, today = first_day(), timezone.localdate()
    if first is None:
        return set()
    return {first + timedelta(days=number) for number in range((today - first).days + 1)}
