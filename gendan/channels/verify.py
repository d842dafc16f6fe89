"""Adding imports and publications up again: rows are kept, shops show what they were told last."""

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

# What a shop shows is what it was told last; what it ought to show is under way or stands there.
PUBLISHED = """
SELECT 'offer', s.code || '/' || c.code, 'published in version ' || o.version, p.quantity,
  o.quantity
FROM channels_offer o JOIN catalog_shopcode c ON c.id = o.code_id
JOIN people_shop s ON s.id = o.shop_id
JOIN channels_publication p ON p.code_id = o.code_id AND p.version = o.version
WHERE p.quantity IS DISTINCT FROM o.quantity
"""

NEWEST = """
SELECT 'offer', s.code || '/' || c.code, 'newest version that was published', max(p.version),
  o.version
FROM channels_offer o JOIN catalog_shopcode c ON c.id = o.code_id
JOIN people_shop s ON s.id = o.shop_id
JOIN channels_publication p ON p.code_id = o.code_id AND p.state = 'DONE'
GROUP BY s.code, c.code, o.version HAVING max(p.version) > o.version
"""

CHECKS = (READ, REJECTED, LEFT_OVER, TWICE, PUBLISHED, NEWEST)


def differences() -> Iterator[Finding]:
    """Yield everything about files of orders and published stock that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("channels", cursor.fetchall())
