"""Querysets whose text is made once and planned once a connection; their values travel apart.

To build a queryset, to write its text and to have it planned takes several times as long as to
fetch a few rows by their keys. A page that asks twenty such questions spends most of its time so.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from gendan.ui.statements import planned

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """A value that is known only when the rows are asked for, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Stand where the value will stand."""
        return "%s", (self,)


class Prepared(Generic[Row]):
    """The rows of a queryset, which a function makes of `Given` values; related rows come along.

    ORDERS = Prepared(lambda: Order.objects.filter(number=Given("number")).select_related("shop"))
    ORDERS(number="GD1")
    """

    def __init__(self, rows: Callable[[], QuerySet[Row]]) -> None:
        self.rows = rows

    def __call__(self, **values: Any) -> list[Row]:
        """Return the rows for these values."""
        text, places = self._statement
        with planned() as cursor:
            cursor.execute(text, [_value(place, values) for place in places])
            return list(self._made(cursor.fetchall()))

    @cached_property
    def any(self) -> tuple[str, tuple[Any, ...]]:
        """The question whether there are any, and its values."""
        query = self.rows().query.exists()
        text, places = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return f"EXISTS ({text})", tuple(places)

    def _made(self, rows: list[Sequence[Any]]) -> Iterator[Row]:
        compiler, (model, names, begin, end) = self._compiler, self._model
        for row in compiler.results_iter([rows]):
            made: Row = model.from_db(DEFAULT_DB_ALIAS, names, row[begin:end])
            for related in self._related:
                related.populate(row, made)
            yield made

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        text, places = self._compiler.as_sql()
        return text, tuple(places)

    @cached_property
    def _compiler(self) -> SQLCompiler:
        compiler: SQLCompiler = self.rows().query.get_compiler(DEFAULT_DB_ALIAS)
        compiler.as_sql()  # which finds out what it selects
        return compiler

    @cached_property
    def _model(self) -> tuple[Any, list[str], int, int]:
        """The model, its attributes, and where they stand in a row."""
        known: Any = self._compiler.klass_info
        begin, end = known["select_fields"][0], known["select_fields"][-1] + 1
        chosen: Any = self._compiler.select[begin:end]
        return known["model"], [column.target.attname for column, *_rest in chosen], begin, end

    @cached_property
    def _related(self) -> list[Any]:
        populators: Callable[..., list[Any]] = get_related_populators
        return populators(self._compiler.klass_info, self._compiler.select, DEFAULT_DB_ALIAS)


def any_of(several: Sequence[Prepared[Any]], **values: Any) -> Sequence[bool]:
    """Return for each of them, in one statement, whether there are any rows for these values."""
    texts, places = zip(*(one.any for one in several), strict=True)
    with planned() as cursor:
        asked = [_value(place, values) for each in places for place in each]
        cursor.execute(f"SELECT {', '.join(texts)}", asked)
        there: Sequence[bool] = cursor.fetchone()
    return there


def _value(place: Any, values: dict[str, Any]) -> Any:
    return values[place.name] if isinstance(place, Given) else place
