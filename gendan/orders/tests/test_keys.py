"""A key that is not looked up names a row that is never deleted."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from gendan.config import references

pytestmark = pytest.mark.django_db

NAMED = """
SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND NOT conenforced ORDER BY 1
"""


def named_on_trust() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(NAMED)
        return [table for (table,) in cursor.fetchall()]


def test_rows_stay_where_a_key_is_taken_on_trust() -> None:
    tables = named_on_trust()
    assert "orders_order" in tables
    for table in tables:
        delete = sql.SQL("DELETE FROM {} WHERE false").format(sql.Identifier(table)).as_string()
        with pytest.raises(DatabaseError, match=f"rows of {table} stay"), transaction.atomic():
            connection.cursor().execute(delete)


def test_verify_asks_the_keys_that_are_taken_on_trust() -> None:
    with connection.cursor() as cursor:
        cursor.execute(references.KEYS)
        asked = {(table, column) for table, column, *_named in cursor.fetchall()}
    assert {("orders_line", "order_id"), ("orders_order", "customer_id")} <= asked
