"""Opening an entry. The database writes the changes and refuses a change without an entry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import Error, connection, transaction
from psycopg.types.json import Jsonb

from gendan.journal.actors import Actor
from gendan.ui.statements import planned

OPEN = "SELECT opened, outer_entry FROM journal_open(%s, %s, %s, %s, %s, %s)"
OPENED = f"act AS MATERIALIZED ({OPEN})"  # a part of a statement that opens its own entry
STAY = "SELECT 0, coalesce(current_setting('gendan.entry', true), '')"
# Later changes of the surrounding transaction count for the entry that was open before.
CLOSE_INSIDE = "SELECT set_config('gendan.entry', %s, true); RELEASE SAVEPOINT {}"

_acts = count(1)


@contextmanager
def entry(verb: str, *, by: Actor, why: str = "", **facts: Any) -> Iterator[int]:
    """Record every row changed inside the block as one act; yield the entry's id.

    `facts` are what the sentence of the verb wants to name (a count, a number, a carrier).
    It costs one statement, and two inside another act.
    """
    said = opening(verb, by=by, why=why, **facts)
    if connection.in_atomic_block:
        with _inside(OPEN, said) as opened:
            yield opened
    else:
        with transaction.atomic():
            with planned() as cursor:
                cursor.execute(OPEN, said)
                (opened, _) = cursor.fetchone()
            yield opened


def opening(verb: str, *, by: Actor, why: str = "", **facts: Any) -> list[Any]:
    """Return the values of `OPEN`, which say of an act what `entry` says."""
    return [verb, why, by.actor_kind, by.actor_id, by.actor_name, Jsonb(facts)]


@contextmanager
def at_once() -> Iterator[None]:
    """Surround an act of a single statement, of which `OPENED` is a part: nothing is asked for it.

    Inside another act it has a savepoint, and behind it the entry that was open before is open.
    """
    if connection.in_atomic_block:
        with _inside(STAY):
            yield
    else:
        yield


@contextmanager
def _inside(begin: str, said: Sequence[Any] = ()) -> Iterator[int]:
    """Do what a nested `atomic()` does, but let its savepoint and the entry share statements."""
    act = f"act_{next(_acts)}"
    with connection.cursor() as cursor:
        cursor.execute(f"SAVEPOINT {act}; {begin}", said)
        cursor.nextset()
        opened, outer = cursor.fetchone()
    connection.savepoint_ids.append(act)  # so that on_commit() forgets what a failed act wanted
    succeeded = False
    try:
        yield opened
        succeeded = not connection.needs_rollback
    finally:
        connection.savepoint_ids.pop()
        if succeeded:
            with connection.cursor() as cursor:
                cursor.execute(CLOSE_INSIDE.format(act), [outer])
        else:
            _undo(act)


def _undo(act: str) -> None:
    transaction.set_rollback(False)
    try:
        transaction.savepoint_rollback(act)
        transaction.savepoint_commit(act)
    except Error:  # the connection is gone: what went wrong is told by its own exception
        transaction.set_rollback(True)
