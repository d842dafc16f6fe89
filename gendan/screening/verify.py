"""Looking after held orders: each of them says why."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

GROUNDLESS = """
SELECT 'order', o.number, 'open holds', 'some', 'none' FROM orders_order o
WHERE o.stage = 'HELD' AND NOT EXISTS (
  SELECT FROM screening_hold h WHERE h.order_id = o.id AND h.cleared_at IS NULL)
"""

# Finance looks at an order when nothing is left for service.
TOO_EARLY = """
SELECT 'order', o.number, 'holds for service while finance looks', 'none', count(*)
FROM worklist_item i JOIN orders_order o ON o.id = i.subject_id
JOIN screening_hold h ON h.order_id = o.id AND h.cleared_at IS NULL AND h.severity <> 'NOTE'
JOIN screening_rule r ON r.id = h.rule_id AND r.review = 'SERVICE'
WHERE i.kind = 'FINANCE' AND i.subject = 'order' AND i.done_at IS NULL AND o.stage = 'HELD'
GROUP BY o.number
"""


def differences() -> Iterator[Finding]:
    """Yield every order that is held for no reason, or waits for the wrong review."""
    with connection.cursor() as cursor:
        for check in (GROUNDLESS, TOO_EARLY):
            cursor.execute(check)
            yield from findings("screening", cursor.fetchall())
