"""Enters the platforms' item numbers, by which their APIs name goods."""

from collections.abc import Mapping

from django.db import connection

from gendan.channels.publishing.outbox import beside_others
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

SET = """
WITH locked AS (
  SELECT code_id FROM channels_offer WHERE code_id = ANY (%(codes)s::bigint[])
  ORDER BY code_id FOR NO KEY UPDATE
)
UPDATE channels_offer o SET item = n.item
FROM unnest(%(codes)s::bigint[], %(items)s::text[]) AS n (code, item)
JOIN locked ON locked.code_id = n.code
WHERE o.code_id = n.code AND o.item <> n.item
"""
# What waited for its number is sent at once.
FREE = """
WITH locked AS (
  SELECT id FROM channels_publication WHERE state = 'WAITING' AND code_id = ANY (%s::bigint[])
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE channels_publication p SET trouble = '', tries = 0, due_at = now()
FROM locked WHERE p.id = locked.id
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
        beside_others()
        cursor.execute(FREE, [list(items)])  # the outbox is locked before listings
        cursor.execute(SET, {"codes": list(items), "items": list(items.values())})
        return int(cursor.rowcount)
