"""Adding everything up again: each room checks its own figures."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection, transaction

from gendan.ui.findings import Finding

Tell = Callable[[str, int, int], None]
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


def verify(progress: Tell | None = None) -> list[Finding]:
    """Return everything that does not add up, room by room, as of one and the same moment."""
    others = [room for room in settings.ROOMS if room != "config"]
    rooms = [room for room in others if find_spec(f"gendan.{room}.verify")]
    outermost = not connection.in_atomic_block
    found: list[Finding] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute(ONE_MOMENT)
        for number, room in enumerate(rooms, 1):
            found += _differences(room)
            if progress:
                progress(room, number, len(rooms))
    return found


def _differences(room: str) -> Iterator[Finding]:
    yield from import_module(f"gendan.{room}.verify").differences()
