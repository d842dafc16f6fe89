"""What documents say: which content an order has now, and which version of it that is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

EDITIONS = """
SELECT o.id, n.digest,
  coalesce(max(c.version) FILTER (WHERE c.digest = n.digest), coalesce(max(c.version), 0) + 1)
FROM orders_order o
CROSS JOIN LATERAL (SELECT orders_said(o.id) AS digest OFFSET 0) n
LEFT JOIN orders_confirmation c ON c.order_id = o.id
WHERE o.id = ANY(%s) GROUP BY o.id, n.digest
"""


class Edition(NamedTuple):
    """The content of an order, and its number among the contents that its documents had."""

    digest: str
    version: int


def editions(ids: Iterable[int]) -> dict[int, Edition]:
    """Return what the orders (by id) say now; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(EDITIONS, [list(ids)])
        return {pk: Edition(digest, version) for pk, digest, version in cursor.fetchall()}
