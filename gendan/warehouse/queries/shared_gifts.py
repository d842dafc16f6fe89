"""What parcels are to hold again, once gifts that their orders share have come or gone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db.models import Q

from gendan.orders.models import Line
from gendan.warehouse.queries.holding import Holding, held_by
from gendan.warehouse.refill import Group


def with_gifts(groups: Sequence[Group]) -> list[Group]:
    """Return what is to be held as it was once, with the gifts that orders share by now.

    Each goes with its order; those that were shared then are no part of it any more.
    """
    sources = held_by([pk for group in groups for pk in group.sources])
    told = [filling.pieces for group in groups for filling in group.fillings]
    lines = {line for pieces in (*told, *sources.values()) for line in pieces}
    owners = dict(Line.objects.filter(pk__any=list(lines)).values_list("pk", "order"))
    shared = _shared(lines)
    return [_with_gifts(group, sources, shared, owners) for group in groups]


def _shared(lines: Collection[int]) -> set[int]:
    """Return those of the lines that are, or were, gifts of several orders, or parts of such."""
    empty = Q(gift__counted_with=[]), Q(part_of__gift__counted_with=[])
    own = Q(gift__isnull=False) & ~empty[0]
    part = Q(part_of__gift__isnull=False) & ~empty[1]
    found = Line.objects.filter(own | part, pk__any=list(lines))
    return set(found.values_list("pk", flat=True))


def _with_gifts(
    group: Group, sources: Holding, shared: Collection[int], owners: Mapping[int, int]
) -> Group:
    pieces = [
        {line: number for line, number in filling.pieces.items() if line not in shared}
        for filling in group.fillings
    ]
    for source in group.sources:
        for line, number in sources[source].items():
            if line in shared:
                mine = (some for some in pieces if owners[line] in {owners[one] for one in some})
                goes = next(mine, pieces[0])
                goes[line] = goes.get(line, 0) + number
    fillings = [
        replace(filling, pieces=some)
        for filling, some in zip(group.fillings, pieces, strict=True)
        if some
    ]
    return replace(group, fillings=fillings)
