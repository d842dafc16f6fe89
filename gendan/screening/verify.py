"""Looking after held orders: each of them says why."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

GROUNDLESS = """
SELECT 'order', o.number, 'open holds', 'some', 'none' FROM orders_order o
WHERE o.stage = 'HELD' AND NOT EXISTS (
  SELECT FROM screening_hold h WHERE h.order_id = o.id AND h.cleared_at IS NULL)
"""


def differences() -> Iterator[Finding]:
    """Yield every order that is held for no reason."""
    with connection.cursor() as cursor:
        cursor.execute(GROUNDLESS)
        yield from findings("screening", cursor.fetchall())
