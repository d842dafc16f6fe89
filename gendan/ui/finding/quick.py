"""What bare words in the search box mean."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, Q, QuerySet, Value

FEW = 5_000
# As a set, not an array: an array PostgreSQL would look for in the index of the list's order, entry
# by entry through half of the table, where a few hundred rows are fetched by their keys in no time.
AS_A_SET = "(SELECT unnest(%(expressions)s::bigint[]))"


class Way(NamedTuple):
    """One of the meanings of a text: rows with the key of what is looked for as `found`, or a
    condition.
    """

    rows: QuerySet[Any, Any]
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
    few = {key for keys in found if len(keys) <= FEW for key in keys}
    listed = Value(sorted(few), output_field=ArrayField(BigIntegerField()))
    condition = Q(pk__in=Func(listed, template=AS_A_SET, output_field=BigIntegerField()))
    for way, keys in zip(ways, found, strict=True):
        if len(keys) > FEW:
            condition |= way.met
    return condition


def _found(ways: list[QuerySet[Any, Any]]) -> list[list[int]]:
    """Return the keys that each way finds, in one statement; no more than one beyond `FEW`."""
    numbered = [
        rows.annotate(way=Value(number)).values_list("way", "found")[: FEW + 1]
        for number, rows in enumerate(ways)
    ]
    keys: list[list[int]] = [[] for _way in ways]
    for way, key in reduce(lambda one, other: one.union(other, all=True), numbered):
        keys[way].append(key)
    return keys
