"""Statements that stay the same from request to request: PostgreSQL plans them once a connection.

Django's cursor writes the values into the text, so that each statement is parsed and planned anew,
and a queryset builds the text anew as well. What every call of the API needs is worth a statement
whose text stays and whose values travel apart.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import orjson
import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)


class _Planned(psycopg.Cursor[Any]):
    """A cursor that has every statement prepared."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Planned":
        return super().execute(query, params, prepare=True)


@contextmanager
def planned() -> Iterator[CursorWrapper]:
    """Give a cursor for statements that are worth a plan of their own."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    watched = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with watched(_Planned(connection.connection)) as cursor:
        yield cursor


class Lookup(Generic[Row]):
    """Rows of a model by a condition whose text stays; columns that are not named come later."""

    def __init__(self, model: type[Row], condition: str, *columns: str) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.names = [f.attname for f in fields if not columns or f.attname in columns]
        chosen = ", ".join(f'"{f.column}"' for f in fields if f.attname in self.names)
        self.text = f"SELECT {chosen} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608

    def __call__(self, *values: Any) -> list[Row]:
        """Return the rows for these values."""
        with planned() as cursor:
            cursor.execute(self.text, values)
            return [self.model.from_db("default", self.names, row) for row in cursor.fetchall()]


class Document(Generic[Row]):
    """New rows of a model as one parameter: a list of JSON that PostgreSQL reads as its own rows.

    Columns that the database fills by itself are left out.
    """

    def __init__(self, model: type[Row]) -> None:
        self.fields: list[Field[Any, Any]] = [
            field
            for field in model._meta.concrete_fields
            if not (field.primary_key or field.generated or field.has_db_default())
        ]
        self.table = model._meta.db_table
        self.columns = [f'"{field.column}"' for field in self.fields]

    def of(self, rows: Iterable[Row]) -> str:
        """Return the rows as they are written into the parameter."""
        return orjson.dumps(
            [{field.column: getattr(row, field.attname) for field in self.fields} for row in rows]
        ).decode()

    @property
    def read(self) -> str:
        """Return the SQL that reads the parameter."""
        return f"json_populate_recordset(NULL::{self.table}, %s::json)"
