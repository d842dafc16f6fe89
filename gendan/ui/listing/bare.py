"""Rows for a file as the database tells them: one stream of tuples, and no model for any of them.

What a column asks of the database follows from its path, or from the `Of` that it is made of. A
list with a column that says neither is read row by row as models.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, cast

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connections
from django.db.models import DateTimeField, F, Field, Func, TextField, Value
from django.db.models.functions import Cast, Left
from django.utils import timezone
from django.utils.translation import get_language

from gendan.ui.listing.declaration import Column, Rows
from gendan.ui.listing.ways import Of, Part, labels

CHUNK = 200  # rows: with more of them at a time the database would have to wait for us
SECONDS = len("2026-11-22 08:00:00")
Values = Sequence[Any]


class Here(Func):
    """The local time at a moment: the database works it out in a tenth of the time."""

    function = "timezone"


def asked(rows: Rows, columns: Sequence[Column]) -> list[Of] | None:
    """Return what to ask of the database for each column; nothing if one needs the model."""
    if rows.query.distinct or rows.query.combinator:
        return None  # what is the same would be decided by the columns that are asked for
    found = [_asked(rows, column) for column in columns]
    known = [of for of in found if of]
    return known if len(known) == len(found) else None


def chunks(rows: Rows, asked: Sequence[Of], *, written: bool = False) -> Iterator[list[Values]]:
    """Return the values of some rows at a time, column by column; moments as text if `written`.

    The answer is read while the database still writes it, so nothing else may be asked of the
    connection between the first chunk and the last.
    """
    parts = list(dict.fromkeys(part for of in asked for part in of.parts))
    takes = [_take(of, parts) for of in asked]
    stream = _stream(rows, list(map(_written, parts)) if written else parts)
    while chunk := list(islice(stream, CHUNK)):
        yield [take(chunk) for take in takes]


def _asked(rows: Rows, column: Column) -> Of | None:
    if column.asked is not None:
        return column.asked if isinstance(column.asked, Of) else Of(None, column.asked)
    value = column.value or column.key
    if callable(column.export) or callable(value):
        return None
    return _of_paths(rows, value) if isinstance(value, Of) else _of_path(rows, value)


def _of_paths(rows: Rows, of: Of) -> Of | None:
    parts = tuple(part for part in of.parts if isinstance(part, str))
    known = all(_field(rows, part) for part in parts)
    return Of(of.function, *map(_path, parts)) if known and parts == of.parts else None


def _of_path(rows: Rows, path: str) -> Of | None:
    *way, last = path.split(".")
    if last.startswith("get_") and last.endswith("_display"):
        name = ".".join([*way, last.removeprefix("get_").removesuffix("_display")])
        code = _field(rows, name)
        if code is None:
            return None
        words = labels(code.model._meta.label, code.attname, get_language())
        return Of(lambda value: words.get(value, value), _path(name))
    field = _field(rows, path)
    moment = isinstance(field, DateTimeField)
    return Of(None, _here(_path(path)) if moment else _path(path)) if field else None


def _field(rows: Rows, path: str) -> "Field[Any, Any] | None":
    """Return the column that an attribute's path leads to; nothing if it leads elsewhere."""
    if path in rows.query.annotations:
        return rows.query.annotations[path].output_field
    model: Any = rows.model
    *way, last = path.split(".")
    try:
        for name in way:
            model = model._meta.get_field(name).related_model
        field = model._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return None
    own = getattr(field, "concrete", False) and field.attname == last
    return cast("Field[Any, Any]", field) if own else None


def _path(path: str) -> str:
    return path.replace(".", "__")


def _here(path: str) -> Here:
    zone = Value(timezone.get_current_timezone_name())
    return Here(zone, F(path), output_field=DateTimeField())


def _written(part: Part) -> Part:
    """Return what is asked of the database to have a local time as text, down to the second."""
    return Left(Cast(part, TextField()), SECONDS) if isinstance(part, Here) else part


def _take(of: Of, parts: Sequence[Part]) -> Callable[[list[Values]], Values]:
    """Return the way from rows to the values of a column."""
    takes = [itemgetter(parts.index(part)) for part in of.parts]
    function = of.function
    if function is None:
        return lambda chunk: list(map(takes[0], chunk))
    return lambda chunk: list(map(function, *(map(take, chunk) for take in takes)))


def _stream(rows: Rows, parts: Sequence[Part]) -> Iterator[Values]:
    wanted = rows.prefetch_related(None).values_list(*parts)
    compiler = wanted.query.get_compiler(using=wanted.db)
    try:
        text, values = compiler.as_sql()
    except EmptyResultSet:
        return
    with connections[wanted.db].cursor() as cursor:
        # A cursor kept by the database would work out all rows before it gives the first one.
        yield from compiler.results_iter([cursor.stream(text, values, size=CHUNK)])
