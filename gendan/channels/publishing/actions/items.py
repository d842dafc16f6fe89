"""Enters the platforms' item numbers, by which their APIs name goods."""

from collections.abc import Mapping

from django.db import connection

from gendan.journal.actors import Actor
from gendan.journal.writing import entry

SET = """
UPDATE channels_offer o SET item = n.item
FROM unnest(%s::bigint[], %s::text[]) AS n (code, item)
WHERE o.code_id = n.code AND o.item <> n.item
"""
# What waited for its number is sent at once.
FREE = """
UPDATE channels_publication SET trouble = '', tries = 0, due_at = now()
WHERE state = 'WAITING' AND code_id = ANY (%s::bigint[])
"""


def set_items(items: Mapping[int, str], *, by: Actor, why: str = "") -> int:
    """Say which item of the platform a listing (by its shop code's id) belongs to; return how many.

    An empty text forgets it.
    """
    facts = {"count": len(items)}
    with (
        entry("publishing.items_set", by=by, why=why, **facts),
        connection.cursor() as cursor,
    ):
        cursor.execute(SET, [list(items), list(items.values())])
        changed = int(cursor.rowcount)
        cursor.execute(FREE, [list(items)])
    return changed
