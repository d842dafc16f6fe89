"""What bare words in the search box mean."""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Func, Q, QuerySet, Value

from gendan.ui.statements import planned

FEW = 5_000
# As a set, not an array: an array PostgreSQL would look for in the index of the list's order, entry
# by entry through half of the table, where a few hundred rows are fetched by their keys in no time.
AS_A_SET = "(SELECT unnest(%(expressions)s::bigint[]))"
FIRST_FEW = """
SELECT {way}, CASE WHEN count(*) <= {few} THEN coalesce(array_agg(found), '{{}}') END
FROM ({text} LIMIT {more}) keys
"""


FEW_AS_COUNTED = """
SELECT {way}, CASE WHEN (SELECT count(*) FROM ({counted} LIMIT {more}) counted) <= {few}
  THEN (SELECT coalesce(array_agg(found), '{{}}') FROM ({text}) keys) END
"""


class Keys(NamedTuple):
    """A statement with one column `found`, and its values; `counted` has the same rows and values.

    It is worth counting first where an index alone can do it, and the keys stand in the rows.
    """

    text: str
    values: Sequence[Any]
    counted: str = ""


class Way(NamedTuple):
    """One of the meanings of a text: rows with the key of what is looked for as `found`, or a
    condition. Where all rows are said as statements, they are planned once a connection.
    """

    rows: QuerySet[Any, Any] | Keys
    met: Q


def contains(*paths: str) -> Callable[[str], Q]:
    """Return a quick search: the words stand somewhere in one of these columns."""

    def search(text: str) -> Q:
        return Q(*((f"{path}__icontains", text) for path in paths), _connector=Q.OR)

    return search


def meant(ways: Iterable[Way]) -> Q:
    """Return the condition for what is found in any of these ways.

    What finds a few is asked at once, each way by an index of its own, and stands in the condition
    as a list of keys. What finds many, such as a frequent surname or half of the goods, is met by
    whoever walks along the list: sorting all of it would take much longer than finding a page.
    """
    ways = list(ways)
    found = _found([way.rows for way in ways])
    few = {key for keys in found for key in keys or ()}
    listed = Value(sorted(few), output_field=ArrayField(BigIntegerField()))
    condition = Q(pk__in=Func(listed, template=AS_A_SET, output_field=BigIntegerField()))
    for way, keys in zip(ways, found, strict=True):
        if keys is None:
            condition |= way.met
    return condition


def _found(ways: Sequence[QuerySet[Any, Any] | Keys]) -> list[list[int] | None]:
    """Return the keys that each way finds, in one statement; nothing of one that finds many."""
    parts: list[str] = []
    values: list[Any] = []
    for way, rows in enumerate(ways):
        text, own, counted = rows if isinstance(rows, Keys) else _said(rows)
        told = FEW_AS_COUNTED if counted else FIRST_FEW
        parts.append(told.format(way=way, few=FEW, text=text, more=FEW + 1, counted=counted))
        values += [*own, *own] if counted else own
    said = all(isinstance(rows, Keys) for rows in ways)
    with planned() if said else connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [keys for _way, keys in sorted(cursor.fetchall(), key=itemgetter(0))]


def _said(rows: QuerySet[Any, Any]) -> Keys:
    return Keys(*rows.values("found").query.sql_with_params())
