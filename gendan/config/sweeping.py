"""Takes away what a racing test has committed: Django would TRUNCATE, which the journal refuses.

Tests only. Rows newer than the test are deleted with the triggers asleep, so what the migrations
put in stays, and the next test finds the database as it was.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

TABLES = """
SELECT c.relname, EXISTS (
  SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id'
    AND a.atttypid IN ('int8'::regtype, 'int4'::regtype, 'int2'::regtype))
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND c.relname <> 'django_migrations'
"""


def instead_of_flush() -> None:
    """Let tests with transactions of their own sweep instead of flushing."""
    setup = TransactionTestCase._fixture_setup.__func__  # type: ignore[attr-defined]  # Django's own hooks

    def _fixture_setup(case: Any) -> None:
        setup(case)
        case.newest = _newest()

    def _fixture_teardown(case: Any) -> None:
        _sweep(case.newest)

    TransactionTestCase._fixture_setup = classmethod(_fixture_setup)  # type: ignore[attr-defined]  # Django's own hooks
    TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[attr-defined]  # Django's own hooks


def _newest() -> dict[str, str]:
    """Return for each table the condition of what is new in it from now on."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {name: _new(cursor, name, has_id) for name, has_id in cursor.fetchall()}


def _new(cursor: Any, table: str, has_id: bool) -> str:
    column = "max(id)" if has_id else "count(*)"
    cursor.execute(f'SELECT coalesce({column}, 0) FROM "{table}"')  # noqa: S608
    found = cursor.fetchone()[0]
    return f"id > {found}" if has_id else ("true" if found == 0 else "false")


def _sweep(newest: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, is_new in newest.items():
            cursor.execute(f'DELETE FROM "{table}" WHERE {is_new}')  # noqa: S608
        cursor.execute("SET session_replication_role = DEFAULT")
