"""Counting kept days again: what is kept must be what the tables say."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from random import SystemRandom

from django.db import connection

from gendan.insight.models import Bookmark, Day
from gendan.insight.queries.changed import changed_since
from gendan.insight.queries.parts import CAME, PARTS, SHIPPED, SIGNED, Part, Values
from gendan.ui.findings import Finding, findings

CHEAP = (CAME, SHIPPED, SIGNED)  # read from indexes, and summed up in months: all days are compared
SETTLED = """
SELECT 'mistake', m.id, 'open work item', 'none', m.state FROM insight_mistake m
JOIN worklist_item i ON i.subject = 'mistake' AND i.subject_id = m.id AND i.done_at IS NULL
WHERE m.state <> 'PROPOSED'
"""  # one that has a cause and an owner asks for neither
SAMPLE = 2  # days of which every other part is counted again


def differences() -> Iterator[Finding]:
    """Yield every kept figure that is not what is there; days that are to be counted are left out.

    Money and parcels are compared for all days, everything else for some days taken at random.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLED)
        yield from findings("insight", cursor.fetchall())
    bookmark = Bookmark.objects.first()
    if bookmark is None:
        return
    kept = Day.objects.filter(is_stale=False).exclude(on__in=changed_since(bookmark.xid))
    on = list(kept.order_by("on").values_list("on", flat=True))
    some = SystemRandom().sample(on, min(SAMPLE, len(on)))
    for part in PARTS:
        yield from _compared(part, on if part in CHEAP else some)


def _compared(part: Part[tuple[object, ...]], on: Sequence[date]) -> Iterator[Finding]:
    counted = part.counted(on)
    kept = Day.objects.filter(on__in=on).order_by("on").values_list("on", part.name)
    for day, values in kept:
        expected, found = _told(counted[day]), _told(values or [])
        if expected != found:
            missing, strange = _some(expected - found), _some(found - expected)
            yield from findings("insight", [("day", day, part.name, missing, strange)])


def _told(values: Values) -> set[str]:
    return {json.dumps(row, ensure_ascii=False) for row in values}


def _some(rows: set[str]) -> str:
    return " ".join(sorted(rows)[:3]) or "nothing"
