"""Opening an entry. The database writes the changes and refuses a change without an entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from gendan.journal.actors import Actor

OPEN = """
SELECT opened, outer_entry FROM journal_open(
  verb => %s, why => %s, actor_kind => %s, actor_id => %s, actor_name => %s, facts => %s)
"""


@contextmanager
def entry(verb: str, *, by: Actor, why: str = "", **facts: Any) -> Iterator[int]:
    """Record every row changed inside the block as one act; yield the entry's id.

    `facts` are what the sentence of the verb wants to name (a count, a number, a carrier).
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            said: list[Any] = [verb, why, by.actor_kind, by.actor_id, by.actor_name, Jsonb(facts)]
            cursor.execute(OPEN, said)
            opened, outer = cursor.fetchone()
        yield opened
        if nested:
            _back_to(outer)


def _back_to(outer: str) -> None:
    """Let later changes of the surrounding transaction count for the entry that was open before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('gendan.entry', %s, true)", [outer])
