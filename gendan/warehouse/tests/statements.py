"""How many statements an act costs."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def statements(act: Callable[[], object]) -> int:
    """Run the act and return the number of statements it sent to the database."""
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)
