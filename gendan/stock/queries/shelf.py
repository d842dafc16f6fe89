"""What all the cases of short goods look at together, before anything is offered to anybody."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from gendan.catalog.models import SetPart, Sku, Substitute
from gendan.orders.models import Line
from gendan.orders.stages import BEFORE_ITS_GOODS
from gendan.stock.allocation import Place
from gendan.stock.models import LIVE, Balance, CaseLine, Rest, ShortageCase
from gendan.stock.presold import lines_waiting, parting_rules
from gendan.stock.queries.netting import Supply, served_on, supply, waits
from gendan.worklist.models import Item, Kind


@dataclass
class Shelf:
    """What all the cases look at together."""

    lines: Mapping[int, Sequence[Line]]  # by order
    rests: Mapping[int, Mapping[int, int]]  # order -> line -> pieces
    lacking: Mapping[int, Mapping[int, int]]  # order -> SKU -> pieces missing
    instead: Mapping[int, Sequence[tuple[Sku, bool]]]  # SKU -> substitutes, at the old price?
    free: Mapping[Place, int]
    safety: Mapping[int, int]
    supply: Supply
    served_on: Mapping[int, date]  # order -> when what it waits for is there
    bearers: Mapping[int, Line]  # the lines of sets, by id
    sets: Mapping[int, Line]  # those of which parts are lacking
    sets_part: bool  # may parts of a set leave without the others?
    parts: set[tuple[int, int]]  # (set's line, SKU) of all its parts, given up ones too
    made_of: Mapping[int, Mapping[int, int]]  # other sets: SKU -> part -> pieces
    missed: set[int]  # orders whose goods were not found, and not yet written off


def look(orders: Sequence[int], today: date) -> Shelf:
    """Return what is known of these orders and of their goods; as many queries for many.

    What is presold for a day to come is not short, and is left out.
    """
    presold = lines_waiting(orders)
    lines: dict[int, list[Line]] = defaultdict(list)
    wanted = Line.objects.filter(
        order_id__any=list(orders), is_cancelled=False, is_set=False, shipped__lt=F("quantity")
    ).exclude(refund_state="REFUNDED")
    for line in wanted.select_related("sku").order_by("order_id", "position"):
        if line.pk not in presold:
            lines[line.order_id].append(line)
    lacking: dict[int, dict[int, int]] = defaultdict(dict)
    cases = ShortageCase.objects.filter(order_id__any=list(orders), order__shortages__isnull=False)
    for order, sku, missing in cases.values_list(
        "order_id", "order__shortages__sku_id", "order__shortages__missing"
    ):
        lacking[order][sku] = missing
    early = CaseLine.objects.filter(
        case__order__any=list(orders),
        case__state__in=LIVE,
        case__order__stage__in=BEFORE_ITS_GOODS,
    )
    for order, sku, missing in early.values_list("case__order_id", "sku_id", "missing"):
        lacking[order][sku] = missing
    rests: dict[int, dict[int, int]] = defaultdict(dict)
    for order, ln, pieces in Rest.objects.filter(order_id__any=list(orders)).values_list(
        "order_id", "line_id", "quantity"
    ):
        if ln not in presold:
            rests[order][ln] = pieces
    bearers = _bearers(lines)
    sets = _sets(lines, lacking, bearers)
    exchanged = {sku for lack in lacking.values() for sku in lack}
    instead = _instead(exchanged | {line.sku_id for line in sets.values() if line.sku_id})
    skus = {line.sku_id for each in lines.values() for line in each if line.sku_id}
    skus |= {sku.pk for each in instead.values() for sku, _kept in each}
    made_of = _made_of(skus) if sets else {}
    skus |= {part for parts in made_of.values() for part in parts}
    stock = supply(skus, today=today, orders=orders)
    return Shelf(
        lines,
        rests,
        lacking,
        instead,
        _free(skus),
        dict(Sku.objects.filter(pk__any=sorted(skus)).values_list("pk", "safety_stock")),
        stock,
        served_on(waits(orders), stock),
        bearers,
        sets,
        bool(bearers) and parting_rules().sets_part,
        _parts_of(sets),
        made_of,
        _missed(orders),
    )


def _bearers(lines: Mapping[int, Sequence[Line]]) -> dict[int, Line]:
    ids = {line.part_of_id for each in lines.values() for line in each if line.part_of_id}
    return Line.objects.in_bulk(ids) if ids else {}


def _sets(
    lines: Mapping[int, Sequence[Line]],
    lacking: Mapping[int, Mapping[int, int]],
    bearers: Mapping[int, Line],
) -> dict[int, Line]:
    """Return the lines of the sets of which parts are lacking."""
    short = {
        line.part_of_id
        for order, each in lines.items()
        for line in each
        if line.part_of_id and line.sku_id in lacking.get(order, ())
    }
    return {pk: line for pk, line in bearers.items() if pk in short}


def _parts_of(sets: Mapping[int, Line]) -> set[tuple[int, int]]:
    if not sets:
        return set()
    rows = Line.objects.filter(part_of__in=list(sets), sku__isnull=False)
    return {(bearer or 0, sku or 0) for bearer, sku in rows.values_list("part_of_id", "sku_id")}


def _made_of(skus: set[int]) -> dict[int, dict[int, int]]:
    made: dict[int, dict[int, int]] = defaultdict(dict)
    rows = SetPart.objects.filter(set_id__any=sorted(skus))
    for row in rows.values_list("set_id", "part_id", "quantity"):
        made[row[0]][row[1]] = row[2]
    return made


def _instead(skus: set[int]) -> dict[int, list[tuple[Sku, bool]]]:
    """Return what may take the place of SKUs: substitutes by rank, then the product's others."""
    ways: dict[int, list[tuple[Sku, bool]]] = defaultdict(list)
    rows = Substitute.objects.filter(sku_id__any=sorted(skus), instead__is_active=True)
    for row in rows.select_related("instead").order_by("sku_id", "rank", "pk"):
        ways[row.sku_id].append((row.instead, row.keeps_price))
    own = {sku.pk: sku for sku in Sku.objects.filter(pk__any=sorted(skus))}
    others: dict[int, list[Sku]] = defaultdict(list)
    products = sorted({sku.product_id for sku in own.values()})
    for other in Sku.objects.filter(product_id__any=products, is_active=True).order_by("code"):
        others[other.product_id].append(other)
    for pk, sku in own.items():
        known = {pk, *(each.pk for each, _kept in ways[pk])}
        rest = [each for each in others[sku.product_id] if each.pk not in known]
        ways[pk] += [(each, False) for each in _most_alike(sku, rest)]
    return ways


def _most_alike(one: Sku, others: Sequence[Sku]) -> list[Sku]:
    return sorted(others, key=lambda other: -_alike(one, other))


def _alike(one: Sku, other: Sku) -> int:
    """In how many options two SKUs agree: the same size in another colour comes first."""
    return sum(one.options.get(name) == value for name, value in other.options.items())


def _free(skus: set[int]) -> dict[Place, int]:
    rows = Balance.objects.filter(sku_id__any=sorted(skus))
    return {(row.sku_id, row.warehouse_id): row.on_hand - row.reserved for row in rows}


def _missed(orders: Sequence[int]) -> set[int]:
    waiting = Item.objects.open().filter(kind=Kind.SHORT, subject="order").exclude(detail="")
    found = waiting.filter(subject_id__any=list(orders))
    return set(found.values_list("subject_id", flat=True))
