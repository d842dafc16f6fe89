"""Going through what is held, every day: what waits too long goes to the supervisors."""

import json
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.screening.models import Sweep
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

# The longest hold of each order that has been held longer than its rule allows.
LONG = """
SELECT DISTINCT ON (o.id) o.id, o.number, o.shop_id, o.priority, r.name,
  floor(extract(epoch FROM %(now)s - h.placed_at) / 3600)::int
FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id
JOIN orders_order o ON o.id = h.order_id AND o.stage IN ('HELD', 'ALLOCATED')
WHERE h.cleared_at IS NULL AND h.severity <> 'NOTE'
  AND h.placed_at < %(now)s - r.long_after_h * interval '1 hour'
ORDER BY o.id, h.placed_at
"""
# An order with several holds counts once, but for each of its rules.
HELD = """
WITH held AS (
  SELECT o.id, o.total_fen, r.code, h.placed_at FROM screening_hold h
  JOIN screening_rule r ON r.id = h.rule_id
  JOIN orders_order o ON o.id = h.order_id AND o.stage IN ('HELD', 'ALLOCATED')
  WHERE h.cleared_at IS NULL AND h.severity <> 'NOTE' AND h.placed_at <= %(now)s
)
SELECT count(*), coalesce(sum(total_fen), 0)::bigint, min(since), (
  SELECT coalesce(jsonb_object_agg(code, orders), '{}')::text
  FROM (SELECT code, count(*) AS orders FROM held GROUP BY code) c)
FROM (SELECT id, min(total_fen) AS total_fen, min(placed_at) AS since FROM held GROUP BY id) o
"""


def raise_long_held(*, by: Actor, now: datetime) -> int:
    """Let orders that are held too long wait for a supervisor, and no longer than they are held.

    Return how many are held too long.
    """
    with connection.cursor() as cursor:
        cursor.execute(LONG, {"now": now})
        rows = cursor.fetchall()
    long = {row[0] for row in rows}
    there = Item.objects.open().filter(kind=Kind.LONG_HELD, subject="order")
    known = set(there.values_list("subject_id", flat=True))
    if known - long:
        why = _("not held any more")
        close_items([Kind.LONG_HELD], "order", known - long, by=by, now=now, why=why)
    items = [
        NewItem(
            Kind.LONG_HELD,
            "order",
            pk,
            facts={"order": number, "rule": rule, "hours": hours},
            shop_id=shop,
            priority=priority,
        )
        for pk, number, shop, priority, rule, hours in rows
        if pk not in known
    ]
    open_items(items, by=by, now=now)
    return len(long)


def sweep(*, by: Actor, now: datetime, why: str = "") -> Sweep:
    """Go through what is held and keep what was found, once for each day."""
    long = raise_long_held(by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"now": now})
        held, value, oldest, by_rule = cursor.fetchone()
    found = {
        "at": now,
        "held": held,
        "long": long,
        "value_fen": value,
        "oldest_at": oldest,
        "by_rule": _counts(by_rule),
    }
    with entry("holds.swept", by=by, why=why, held=held, long=long):
        kept, _new = Sweep.objects.update_or_create(on=timezone.localdate(now), defaults=found)
    return kept


def _counts(text: str) -> dict[str, int]:
    counts: dict[str, int] = json.loads(text)
    return counts
