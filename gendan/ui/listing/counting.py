"""How many rows there are, without looking at more of them than anybody wants to know."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection
from django.db.models import QuerySet

Rows = QuerySet[Any, Any]
MOST_COUNTED = 10_000
SOON = "SET LOCAL statement_timeout = '15ms';"  # sent along, so that it ends with the count
AND_NO_LATER = "; SET LOCAL statement_timeout = 0; SELECT"
"""What follows such a count. PostgreSQL's clock may strike when the count has ended and nothing
looks any more: then whatever is asked next is cancelled, be it another person's page. So something
is asked that may be, in the same breath.
"""
KEPT = 60  # seconds
CANCELLED = "57014"  # what PostgreSQL calls a statement that took too long


def count_up_to(rows: Rows, most: int = MOST_COUNTED) -> int:
    """Return how many rows there are; one more than `most` means more than that."""
    return counts_up_to({"rows": rows}, most)["rows"]


def count_soon(rows: Rows) -> int | None:
    """Return how many rows there are, as `count_up_to` does; nothing if that takes long.

    A search may ask what no index knows. Nobody waits for the number of what it finds. That it
    takes long, or that there are more than anybody counts, is as true on the next page.
    """
    if connection.in_atomic_block:  # which a cancelled statement would end
        return count_up_to(rows)
    text, values = _statement({"rows": rows}, MOST_COUNTED)
    key = f"count:{blake2b(repr((text, values)).encode(), digest_size=16).hexdigest()}"
    (number,) = known = cache.get(key) or _counted_soon(text, values)
    if number is None or number > MOST_COUNTED:
        cache.set(key, known, KEPT)
    return number


def counts_up_to(sets: Mapping[str, Rows], most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many rows each set has, in one statement; one more than `most` means more."""
    return dict.fromkeys(sets, 0) | _asked(*_statement(sets, most))


def _statement(sets: Mapping[str, Rows], most: int) -> tuple[str, list[Any]]:
    """Return what counts the sets, and its values; no text if there is nothing to count."""
    parts: list[str] = []
    values: list[Any] = []
    for key, rows in sets.items():
        try:
            text, own = _bare(rows)[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append("".join(("SELECT %s, count(*) FROM (", text, ") counted")))
        values += [key, *own]
    return " UNION ALL ".join(parts), values


def _counted_soon(text: str, values: list[Any]) -> tuple[int | None]:
    try:
        return (_asked(text and f"{SOON}{text}{AND_NO_LATER}", values).get("rows", 0),)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != CANCELLED:
            raise
        return (None,)


def _asked(text: str, values: list[Any]) -> dict[str, int]:
    if not text:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        if text.startswith(SOON):
            cursor.nextset()
        return dict(cursor.fetchall())


def _bare(rows: Rows) -> Rows:
    """The rows without anything that only their looks need."""
    return rows.order_by().values("pk")


def written(number: int) -> str:
    """Return a number of rows as people read it: 10,000+ beyond what is counted."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"
