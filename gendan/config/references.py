"""Looking for rows that point to nothing, over every foreign key of the house.

The database refuses such rows; a broken disk, or somebody with the superuser, does not ask it.
"""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from gendan.ui.findings import Finding

KEYS = """
SELECT c.conrelid::regclass::text, own.attname, c.confrelid::regclass::text, other.attname,
  (SELECT k.attname FROM pg_index i JOIN pg_attribute k
     ON k.attrelid = i.indrelid AND k.attnum = i.indkey[0]
   WHERE i.indrelid = c.conrelid AND i.indisprimary)
FROM pg_constraint c
JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attnum = c.conkey[1]
JOIN pg_attribute other ON other.attrelid = c.confrelid AND other.attnum = c.confkey[1]
WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
  AND c.connamespace = 'public'::regnamespace AND c.conrelid::regclass::text !~ '^procrastinate_'
ORDER BY 1, 2
"""
# What is named and is not there: a set less a set costs a third of joining row by row.
GONE = "SELECT {name} FROM {table} WHERE {name} IS NOT NULL EXCEPT SELECT {key} FROM {other}"
ROWS = "SELECT {row}, {name} FROM {table} WHERE {name} = ANY (%s)"

Key = tuple[str, str, str, str, str]


def differences() -> Iterator[Finding]:
    """Yield every row that points to a row that is not there."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        keys: list[Key] = cursor.fetchall()
    for key in keys:
        yield from _dangling(key)


def _dangling(key: Key) -> Iterator[Finding]:
    """Yield the rows whose key in this column names nothing."""
    table, name, *_names = key
    parts = dict(
        zip(("table", "name", "other", "key", "row"), map(sql.Identifier, key), strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(GONE).format(**parts).as_string())
        if gone := [value for (value,) in cursor.fetchall()]:
            cursor.execute(sql.SQL(ROWS).format(**parts).as_string(), [gone])
            for row, value in cursor.fetchall():
                yield Finding(table.split("_")[0], table, f"#{row}", name, f"#{value}", "nothing")
