"""Adding imports up again: the rows that were read are kept, and nothing waits in a done file."""

from collections.abc import Iterator

from django.db import connection

from gendan.ui.findings import Finding, findings

READ = """
SELECT 'import', f.name, 'rows kept, the last of them', f.rows_read, coalesce(max(r.row), 0)
FROM channels_incomingfile f LEFT JOIN channels_rawrow r ON r.file_id = f.id
GROUP BY f.id HAVING coalesce(max(r.row), 0) <> f.rows_read
"""

REJECTED = """
SELECT 'import', f.name, 'orders rejected', count(DISTINCT m.platform_order)
    FILTER (WHERE m.platform_order <> '') + count(DISTINCT m.row)
    FILTER (WHERE m.platform_order = ''), f.rejected
FROM channels_incomingfile f LEFT JOIN channels_mistake m ON m.file_id = f.id
WHERE f.state = 'DONE'
GROUP BY f.id
HAVING f.rejected <> count(DISTINCT m.platform_order) FILTER (WHERE m.platform_order <> '')
  + count(DISTINCT m.row) FILTER (WHERE m.platform_order = '')
"""

LEFT_OVER = """
SELECT 'import', f.name, 'orders of it that wait', 0, count(DISTINCT s.platform_order)
FROM channels_incomingfile f JOIN channels_stagedorder s ON s.file_id = f.id
WHERE f.state = 'DONE' GROUP BY f.id
"""

TWICE = """
SELECT 'import', f.name, 'rows that wait for order ' || s.platform_order || ' at one place', 1,
  count(*)
FROM channels_stagedorder s JOIN channels_incomingfile f ON f.id = s.file_id
GROUP BY f.id, s.platform_order, s.row HAVING count(*) > 1
"""

CHECKS = (READ, REJECTED, LEFT_OVER, TWICE)


def differences() -> Iterator[Finding]:
    """Yield everything about files of orders that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("channels", cursor.fetchall())
