"""A step of an import: a transaction that does not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

NO_WAITING = "SET LOCAL synchronous_commit = off"


@contextmanager
def step() -> Iterator[None]:
    """Do a step in a transaction of its own, which is on the disk a moment after it ends.

    If the power fails, the last steps are as if they had never been done, and the next import does
    them. What ends the import waits for the disk, and so for all that was written before it.
    """
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute(NO_WAITING)
        yield
