"""Marking customers with words to find them by."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from gendan.customers.models import Customer
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

# What was there stays in its order; new words come behind it; who has them already is left alone.
RETAG = """
UPDATE customers_customer c SET tags = n.tags
FROM customers_customer o
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(word ORDER BY at), '{}') AS tags
  FROM (SELECT word, min(at) AS at
        FROM unnest(o.tags::text[] || %s::text[]) WITH ORDINALITY AS w (word, at)
        WHERE word <> ALL(%s::text[]) GROUP BY word) kept
) n
WHERE o.id = c.id AND c.id = ANY(%s) AND c.tags::text[] <> n.tags
"""


def tag(
    customers: "QuerySet[Customer]",
    *,
    by: Actor,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    why: str = "",
) -> int:
    """Add tags to customers and take others away; return how many were different before."""
    ids = list(customers.values_list("pk", flat=True))
    with entry("customer.tagged", by=by, why=why, count=len(ids)), connection.cursor() as cursor:
        cursor.execute(RETAG, [_words(add), _words(remove), ids])
        return int(cursor.rowcount)


def _words(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word.strip()[:20] for word in tags if word.strip()))
