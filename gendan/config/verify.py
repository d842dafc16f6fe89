"""Adding everything up again: each room checks its own figures, and every key what it names."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection, transaction

from gendan.config import references
from gendan.ui.findings import Finding

Tell = Callable[[str, int, int], None]
Check = Callable[[], Iterable[Finding]]

AT_ONCE = 2
READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Two checks at a time keep two cores busier than parallel plans, which share out only a part.
ALONE = "SET LOCAL work_mem = '192MB'; SET LOCAL max_parallel_workers_per_gather = 0"


def verify(progress: Tell | None = None) -> list[Finding]:
    """Return everything that does not add up, room by room, as of one and the same moment.

    Nobody waits for it, however long it takes: it only reads. Inside a transaction it sees what
    that has done.
    """
    tell = progress or (lambda what, done, of: None)
    checks = _checks()
    if connection.in_atomic_block:
        found = {room: list(differences()) for room, differences in checks.items()}
    else:
        found = _side_by_side(checks, tell)
    return [finding for room in checks for finding in found[room]]


def _checks() -> dict[str, Check]:
    """Return the check of every room that has one, and at the end that of the keys."""
    rooms = [room for room in settings.ROOMS if room != "config"]
    rooms = [room for room in rooms if find_spec(f"gendan.{room}.verify")]
    checks = {room: import_module(f"gendan.{room}.verify").differences for room in rooms}
    return checks | {"references": references.differences}


def _side_by_side(checks: dict[str, Check], tell: Tell) -> dict[str, list[Finding]]:
    """Check on connections of their own that all see the moment at which this one began.

    The last rooms come first: they have most to add up.
    """
    with _moment() as snapshot, ThreadPoolExecutor(AT_ONCE) as pool:
        asked: dict[Future[list[Finding]], str] = {
            pool.submit(_as_of, snapshot, checks[room]): room for room in reversed(checks)
        }
        for number, done in enumerate(as_completed(asked), 1):
            done.result()
            tell(asked[done], number, len(checks))
    return {room: done.result() for done, room in asked.items()}


@contextmanager
def _moment() -> Iterator[str]:
    """Hold this moment, and yield the name under which other connections see it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{READ_ONLY}; SELECT pg_export_snapshot()")
        cursor.nextset()
        yield cursor.fetchone()[0]


def _as_of(snapshot: str, differences: Check) -> list[Finding]:
    """Return what a check finds, asked on a connection of this thread as of that moment."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{READ_ONLY}; SET TRANSACTION SNAPSHOT %s; {ALONE}", [snapshot])
            return list(differences())
    finally:
        connection.close()
