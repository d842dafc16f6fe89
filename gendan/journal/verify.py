"""Looking after the journal itself: each change belongs to an act that somebody did."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

NOBODYS = """
SELECT 'journal', '#' || c.entry_id, 'the act of its changes', 'an entry', 'none'
FROM (SELECT DISTINCT entry_id FROM journal_change) c
WHERE NOT EXISTS (SELECT FROM journal_entry e WHERE e.id = c.entry_id)
"""


def differences() -> Iterator[Finding]:
    """Yield every act that is gone while its changes are still there."""
    with connection.cursor() as cursor:
        cursor.execute(NOBODYS)
        yield from findings("journal", cursor.fetchall())
