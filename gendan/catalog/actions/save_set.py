"""Saying what sets are made of."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.utils.translation import gettext as _

from gendan.catalog.models import SetPart, Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused

# A SKU that lies somewhere, is promised or comes, is goods and no set; stock is a later room.
STOCKED = """
SELECT k.code, false FROM stock_balance b JOIN catalog_sku k ON k.id = b.sku_id
WHERE b.sku_id = ANY(%(sets)s) AND (b.on_hand <> 0 OR b.reserved <> 0)
UNION ALL
SELECT k.code, true FROM stock_expected e JOIN catalog_sku k ON k.id = e.sku_id
WHERE e.sku_id = ANY(%(sets)s) AND e.state = 'OPEN'
LIMIT 1
"""
DROP = """
DELETE FROM catalog_setpart p USING unnest(%s::bigint[], %s::bigint[]) AS gone (set_id, part_id)
WHERE p.set_id = gone.set_id AND p.part_id = gone.part_id
"""


class NoSet(Refused):
    """These goods can't be a set: a part is a set itself, or the set lies on a shelf."""


def save_sets(parts: Mapping[int, Mapping[int, int]], *, by: Actor, why: str = "") -> int:
    """Let sets (SKU id) be made of parts (SKU id -> pieces); a set without parts is none any more.

    Orders that are released already keep the parts they were released with. Return how many sets
    are different now.

    :raises NoSet: if a part is a set, a set is a part, or a set is in stock
    """
    with entry("set.saved", by=by, why=why, count=len(parts)):
        _lock(parts)
        _refuse_wrong(parts)
        there = _there(parts)
        different = [pk for pk, made_of in parts.items() if there.get(pk, {}) != dict(made_of)]
        gone = [
            (pk, part)
            for pk in different
            for part, number in there.get(pk, {}).items()
            if parts[pk].get(part) != number
        ]
        _drop(gone)
        SetPart.objects.bulk_create(
            SetPart(set_id=pk, part_id=part, quantity=number)
            for pk in different
            for part, number in parts[pk].items()
            if there.get(pk, {}).get(part) != number
        )
    return len(different)


def _drop(gone: Sequence[tuple[int, int]]) -> None:
    """Take parts (SKU id) out of sets (SKU id)."""
    with connection.cursor() as cursor:
        cursor.execute(DROP, [[pk for pk, _part in gone], [part for _pk, part in gone]])


def _lock(parts: Mapping[int, Mapping[int, int]]) -> None:
    """Of two who nest sets into each other, one waits and sees what the other did."""
    touched = {*parts, *(part for made_of in parts.values() for part in made_of)}
    list(Sku.objects.filter(pk__any=list(touched)).order_by("pk").select_for_update(no_key=True))


def _refuse_wrong(parts: Mapping[int, Mapping[int, int]]) -> None:
    sets = [pk for pk, made_of in parts.items() if made_of]
    inside = {part for made_of in parts.values() for part in made_of}
    if any(number < 1 for made_of in parts.values() for number in made_of.values()):
        raise NoSet(_("Of each part a set needs at least one piece."))
    _refuse_nested(inside & set(sets))
    known = SetPart.objects.filter(set_id__any=list(inside)).exclude(set_id__in=list(parts))
    _refuse_nested(known.values_list("set_id", flat=True))
    within = SetPart.objects.filter(part_id__any=sets).exclude(set_id__in=list(parts))
    _refuse_nested(within.values_list("part_id", flat=True))
    _refuse_stocked(sets)


def _refuse_nested(found: Iterable[int]) -> None:
    nested = Sku.objects.filter(pk__in=list(found)).order_by("code").first()
    if nested:
        raise NoSet(
            _("%(code)s can't be a set and a part of a set. Name the goods themselves.")
            % {"code": nested.code}
        )


def _refuse_stocked(sets: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STOCKED, {"sets": sets})
        if found := cursor.fetchone():
            code, comes = found
            said = _("%(code)s lies in a warehouse. Take it out of stock before it becomes a set.")
            if comes:
                said = _("%(code)s is expected to arrive. Call that off before it becomes a set.")
            raise NoSet(said % {"code": code})


def _there(parts: Mapping[int, Mapping[int, int]]) -> dict[int, dict[int, int]]:
    there: dict[int, dict[int, int]] = {}
    rows = SetPart.objects.filter(set_id__any=list(parts))
    for pk, part, number in rows.values_list("set_id", "part_id", "quantity"):
        there.setdefault(pk, {})[part] = number
    return there
