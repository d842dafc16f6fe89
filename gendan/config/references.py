"""Looking for rows that point to nothing, over every foreign key of the house.

The database refuses such rows; a broken disk, or somebody with the superuser, does not ask it.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

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
# One pass over a table asks for all the keys in it.
LOOK = "SELECT t.{row}, n.name, n.value FROM {table} t {joins} CROSS JOIN LATERAL (VALUES {names})"
JOIN = "LEFT JOIN {other} AS {alias} ON {alias}.{key} = t.{name}"
GONE = "(t.{name} IS NOT NULL AND {alias}.{key} IS NULL)"
NAME = "({said}, t.{name}::bigint, {gone})"
END = " n (name, value, is_gone) WHERE ({any}) AND n.is_gone"

Key = tuple[str, str, str, str, str]


def differences() -> Iterator[Finding]:
    """Yield every row that points to a row that is not there."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        for table, keys in groupby(cursor.fetchall(), itemgetter(0)):
            cursor.execute(_looked(table, list(keys)))
            for row, name, value in cursor.fetchall():
                yield Finding(table.split("_")[0], table, f"#{row}", name, f"#{value}", "nothing")


def _looked(table: str, keys: list[Key]) -> str:
    """Return the query of a table's rows that point to nothing: row, column, and what it names."""
    parts = [
        {
            "other": sql.Identifier(other),
            "alias": sql.Identifier(f"p{number}"),
            "key": sql.Identifier(key),
            "name": sql.Identifier(name),
            "said": sql.Literal(name),
        }
        for number, (_table, name, other, key, _row) in enumerate(keys)
    ]
    gone = [sql.SQL(GONE).format(**part) for part in parts]
    names = [
        sql.SQL(NAME).format(**part, gone=each) for part, each in zip(parts, gone, strict=True)
    ]
    query = sql.SQL(LOOK + END).format(
        row=sql.Identifier(keys[0][4]),
        table=sql.Identifier(table),
        joins=sql.SQL(" ").join(sql.SQL(JOIN).format(**part) for part in parts),
        names=sql.SQL(", ").join(names),
        any=sql.SQL(" OR ").join(gone),
    )
    return query.as_string()
