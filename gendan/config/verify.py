"""Adding everything up again: each room checks its own figures, and every key what it names."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.db import connection, transaction

from gendan.config import references
from gendan.ui.findings import Finding

Tell = Callable[[str, int, int], None]
ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL work_mem = '192MB'"
)


def verify(progress: Tell | None = None) -> list[Finding]:
    """Return everything that does not add up, room by room, as of one and the same moment."""
    others = [room for room in settings.ROOMS if room != "config"]
    rooms = [room for room in others if find_spec(f"gendan.{room}.verify")]
    checks = [(room, import_module(f"gendan.{room}.verify").differences) for room in rooms]
    checks.append(("references", references.differences))
    outermost = not connection.in_atomic_block
    found: list[Finding] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute(ONE_MOMENT)
        for number, (name, differences) in enumerate(checks, 1):
            found += differences()
            if progress:
                progress(name, number, len(checks))
    return found
