"""Statements that stay the same from request to request: PostgreSQL plans them once a connection.

Django's cursor writes the values into the text, so that each statement is parsed and planned anew,
and a queryset builds the text anew as well. What every call of the API needs is worth a statement
whose text stays and whose values travel apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)


class _Planned(psycopg.Cursor[Any]):
    """A cursor that has every statement prepared."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Planned":
        return super().execute(query, params, prepare=True)


class _Numbered(psycopg.RawCursor[Any]):
    """A cursor that has every statement prepared as it stands, with `$1` for the first value."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Numbered":
        return super().execute(query, params, prepare=True)


def numbered(text: str) -> str:
    """Return a statement with `$1`, `$2`, … in the place of each `%s`, for a numbered cursor.

    Psycopg does it by itself, but keeps nothing that is longer than 4096 bytes.
    """
    pieces = text.split("%s")
    return "".join(f"${place}{piece}" if place else piece for place, piece in enumerate(pieces))


@contextmanager
def planned(*, is_numbered: bool = False) -> Iterator[CursorWrapper]:
    """Give a cursor for statements that are worth a plan of their own."""
    line = connections[DEFAULT_DB_ALIAS]
    line.close_if_health_check_failed()
    line.ensure_connection()
    watched = line.make_debug_cursor if line.queries_logged else line.make_cursor
    plain: Any = (_Numbered if is_numbered else _Planned)(line.connection)
    with watched(plain) as cursor:
        yield cursor


class Lookup(Generic[Row]):
    """Rows of a model by a condition whose text stays; columns that are not named come later."""

    def __init__(self, model: type[Row], condition: str, *columns: str) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.names = [f.attname for f in fields if not columns or f.attname in columns]
        chosen = ", ".join(f'"{f.column}"' for f in fields if f.attname in self.names)
        place = f"FROM {model._meta.db_table} WHERE {condition}"
        self.text = f"SELECT {chosen} {place}"
        self.as_column = f"(SELECT json_agg(json_build_array({chosen}))::text {place})"

    def __call__(self, *values: Any) -> list[Row]:
        """Return the rows for these values."""
        with planned() as cursor:
            cursor.execute(self.text, values)
            return self.made(cursor.fetchall())

    def made(self, rows: Iterable[Sequence[Any]]) -> list[Row]:
        """Return the objects of rows that were read."""
        return [self.model.from_db("default", self.names, row) for row in rows]


class Look:
    """Several lookups in one statement; columns come as JSON: numbers, words, lists of them."""

    def __init__(self, *lookups: Lookup[Any]) -> None:
        self.lookups = lookups
        self.text = f"SELECT {', '.join(lookup.as_column for lookup in lookups)}"

    def __call__(self, *values: Any) -> list[list[Any]]:
        """Return the rows of each lookup. Values are those of the first, then of the next."""
        with planned() as cursor:
            cursor.execute(self.text, values)
            columns = cursor.fetchone()
        return [
            lookup.made(orjson.loads(rows or "[]"))
            for lookup, rows in zip(self.lookups, columns, strict=True)
        ]


class Document:
    """New rows of a model as one parameter: a list of JSON that PostgreSQL reads as its own rows.

    Columns that the database fills by itself are left out; the model's own defaults are put in.
    """

    def __init__(self, model: type[Model]) -> None:
        fields: list[Field[Any, Any]] = [
            field
            for field in model._meta.concrete_fields
            if not (field.primary_key or field.generated or field.has_db_default())
        ]
        self.defaults = {str(field.column): field.get_default() for field in fields}
        self.columns = [f'"{field.column}"' for field in fields]
        self.table = model._meta.db_table
        self.read = f"json_populate_recordset(NULL::{self.table}, %s::json)"

    def of(self, rows: Iterable[Mapping[str, Any]]) -> str:
        """Return rows (column: value) as they are written into the parameter."""
        known = self.defaults.items()
        return as_json(
            [{column: row.get(column, usual) for column, usual in known} for row in rows]
        )

    def any(self, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return the parameter in a list, or nothing if there are no rows."""
        found = list(rows)
        return [self.of(found)] if found else []


def as_json(value: Any) -> str:
    """Return a value as the text of a JSON parameter."""
    return orjson.dumps(value).decode()
