"""Which orders come next: those of a part that are staged, and whole."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from gendan.channels.formats.format import LINES, WHOLE, Format
from gendan.channels.models import IncomingFile

ORDERS = 3_000
"""Orders made in one transaction."""

STAGED = ("channels_stagedorder", "channels_stagedline")

_TABLES = "chosen told_part told_line settled told unseen buyer made change"
CLEAR = "DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in _TABLES.split())
"""Needed where an act is part of a longer transaction, whose end alone would drop them."""

CHOOSE = """
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT platform_order FROM (
  SELECT DISTINCT platform_order FROM {staged}
  WHERE file_id = %(file)s AND platform_order > %(after)s
    AND hashtext(platform_order) & 1 = ANY (%(parts)s::int[])
  ORDER BY 1 OFFSET 0
) s WHERE {ready} ORDER BY 1 LIMIT %(limit)s
"""

WHOLE_READY = "true"
HALF_READY = """((
  SELECT x.id FROM {other} x JOIN channels_incomingfile f ON f.id = x.file_id
  WHERE f.shop_id = %(shop)s AND x.platform_order = s.platform_order AND f.id <> %(file)s
    AND f.state NOT IN ('WAITS', 'READING') LIMIT 1
) IS NOT NULL OR (
  SELECT o.id FROM orders_order o
  WHERE o.shop_id = %(shop)s AND o.platform_order = s.platform_order AND o.platform_order <> ''
) IS NOT NULL)"""
"""One half of an order waits for the other, unless the house knows the order already.

A file that is still being read is no half: a row to come may hold a mistake. Asked as values, order
by order: EXISTS may become a hash table of everything that is staged.
"""


def choose(file: IncomingFile, form: Format, parts: Sequence[int], after: str) -> int:
    """Fill the table `chosen` with the next orders whose number is beyond `after`; count them."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        names = {"after": after, "parts": list(parts), "limit": ORDERS}
        cursor.execute(_choose(form), source(file, form) | names)
        found = int(cursor.rowcount)
        cursor.execute("ANALYZE chosen")
    return found


def source(file: IncomingFile, form: Format) -> dict[str, Any]:
    """Return how the statements name the file."""
    return {"file": file.pk, "rows": form.rows, "shop": file.shop_id}


def _choose(form: Format) -> str:
    mine, other = STAGED[:: -1 if form.rows == LINES else 1]
    ready = WHOLE_READY if form.rows == WHOLE else HALF_READY.format(other=other)
    return CHOOSE.format(staged=mine, ready=ready)
