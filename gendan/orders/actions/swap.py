"""Giving up pieces of an order that cannot be had: for other goods, or for the money."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.explode import explode
from gendan.orders.actions.leave_version import leave_version
from gendan.orders.amending.snapshot import snapshots
from gendan.orders.amending.wanted import Action, AddLine, DropLine, ReplaceSku, SetQuantity
from gendan.orders.models import Line, Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import OVER
from gendan.ui.errors import Refused

COLUMNS = (
    "sku",
    "title",
    "specification",
    "quantity",
    "price_fen",
    "discount_fen",
    "total_fen",
    "is_cancelled",
)
MONEY = ("goods_fen", "discount_fen", "adjust_fen", "total_fen")

# What was taken instead of a part may be exchanged once more: it stands for the same part.
REMEMBER = """
INSERT INTO orders_swappedpart (line_id, part_id, instead_id)
SELECT n.line, coalesce(w.part_id, n.part), n.instead
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n (line, part, instead)
LEFT JOIN orders_swappedpart w ON w.line_id = n.line AND w.instead_id = n.part ORDER BY 1, 2
ON CONFLICT (line_id, part_id) DO UPDATE SET instead_id = excluded.instead_id
"""


class CannotSwap(Refused):
    """The pieces have left, are given up already, or belong to a set."""


@dataclass(frozen=True)
class Swap:
    """So many pieces of a line are given up; with a SKU, they come instead at a price each.

    A part of a set has no price: `more_fen` is what a piece costs more than the part did, and the
    set bears it. Of a set given up, the parts go with it.
    """

    line_id: int
    quantity: int
    sku_id: int | None = None
    price_fen: int = 0
    more_fen: int = 0


def swap(swaps: Sequence[Swap], *, by: Actor, now: datetime, why: str) -> dict[int, int]:
    """Exchange or give up the pieces; return how much more each order (by id) comes to now, in fen.

    An order's own discount goes with what is given up for nothing, in proportion. The order before
    stays readable: like an amendment, this makes a version of it.

    :raises CannotSwap: if pieces of one of the lines are not there to be given up
    :raises WrongStage: if one of the orders is over
    """
    with entry("order.swapped", by=by, why=why, count=len(swaps)):
        orders, lines = _lock(swaps)
        skus = Sku.objects.in_bulk({each.sku_id for each in swaps if each.sku_id})
        given_up: dict[int, int] = defaultdict(int)  # order -> fen
        extra: list[Line] = []
        places = _last_places(orders)
        before = snapshots(orders)
        wanted: dict[int, list[Action]] = defaultdict(list)
        in_sets = [
            (line.part_of_id, line.sku_id, each.sku_id)
            for each in swaps
            if (line := lines[each.line_id]).part_of_id
        ]
        for each in swaps:
            line = lines[each.line_id]
            wanted[line.order_id] += _told(line, each, skus)
            gone = line.total_fen
            if line.is_set and not each.sku_id:
                _give_up_parts(line, each.quantity, lines)
            if line.part_of_id:
                _bear(lines[line.part_of_id], line, each)
            new = _exchange(line, each, skus, places)
            if new:
                extra.append(new)
            if each.sku_id is None:
                given_up[line.order_id] += gone - (0 if line.is_cancelled else line.total_fen)
        Line.objects.bulk_update(lines.values(), COLUMNS)
        Line.objects.bulk_create(extra)
        _remember(in_sets)
        if any(lines[each.line_id].is_set for each in swaps):
            explode(orders, by=by)
        differences = _add_up(orders, given_up)
        leave_version(wanted, before, by=by, now=now, why=why)
        return differences


def _told(line: Line, each: Swap, skus: Mapping[int, Sku]) -> Iterator[Action]:
    """Yield what an amendment would have wanted for the same."""
    is_whole = each.quantity == line.quantity
    code = skus[each.sku_id].code if each.sku_id else ""
    if not is_whole:
        yield SetQuantity(line=line.position, quantity=line.quantity - each.quantity)
    elif not code:
        yield DropLine(line=line.position)
    if code and is_whole:
        yield ReplaceSku(line=line.position, sku=code, price_fen=each.price_fen)
    elif code:
        yield AddLine(
            sku=code, quantity=each.quantity, price_fen=each.price_fen, is_gift=line.is_gift
        )


def _lock(swaps: Sequence[Swap]) -> tuple[dict[int, Order], dict[int, Line]]:
    ids = [each.line_id for each in swaps]
    wanted = Line.objects.filter(pk__any=ids).values_list("order_id", flat=True)
    locked = Order.objects.numbered(set(wanted)).order_by("pk").select_for_update(no_key=True)
    orders = {order.pk: order for order in locked}
    named = Line.objects.filter(pk__any=ids, part_of__isnull=False)
    ids += named.values_list("part_of_id", flat=True)  # the sets that bear the money
    whole = [each.line_id for each in swaps if not each.sku_id]
    ids += Line.objects.filter(part_of__in=whole, is_cancelled=False).values_list("pk", flat=True)
    rows = Line.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True)
    lines = {line.pk: line for line in rows}
    over = next((order for order in orders.values() if order.stage in OVER), None)
    if over:
        raise WrongStage(_("Order %(number)s is over.") % {"number": over.number})
    for each in swaps:
        _refuse(lines.get(each.line_id), each)
    return orders, lines


def _refuse(line: Line | None, each: Swap) -> None:
    if line is None or line.is_cancelled or line.quantity - line.shipped < each.quantity:
        raise CannotSwap(_("These goods have left or are given up already. Load the page again."))
    is_all = each.quantity == line.quantity
    of_a_part = line.part_of_id and not (each.sku_id and is_all)
    of_some_sets = line.is_set and each.sku_id and not is_all
    if of_a_part or of_some_sets:
        raise CannotSwap(_("“%(title)s” belongs to a set. Change the order.") % {"title": line})


def _last_places(orders: Mapping[int, Order]) -> dict[int, int]:
    rows = Line.objects.filter(order_id__any=list(orders)).order_by()
    return dict(rows.values_list("order_id").annotate(last=Max("position")))


def _exchange(
    line: Line, each: Swap, skus: Mapping[int, Sku], places: dict[int, int]
) -> Line | None:
    """Change the line; return a line more where only some of its pieces are exchanged."""
    is_whole = each.quantity == line.quantity
    if each.sku_id is None and is_whole:
        line.is_cancelled = True
        return None
    if each.sku_id and is_whole:
        _become(line, skus[each.sku_id], each)
        return None
    _shrink(line, each.quantity)
    if each.sku_id is None:
        return None
    places[line.order_id] += 1
    new = Line(order_id=line.order_id, position=places[line.order_id], is_gift=line.is_gift)
    _become(new, skus[each.sku_id], each)
    return new


def _give_up_parts(bearer: Line, sets: int, lines: Mapping[int, Line]) -> None:
    """Let the parts of so many sets go with them."""
    for part in lines.values():
        if part.part_of_id == bearer.pk:
            gone = part.quantity // bearer.quantity * sets
            if gone == part.quantity:
                part.is_cancelled = True
            else:
                _shrink(part, gone)


def _bear(line: Line, part: Line, each: Swap) -> None:
    """Let a set bear what other goods cost more than its part: the same for each set."""
    line.price_fen += each.more_fen * part.quantity // line.quantity
    line.total_fen = line.quantity * line.price_fen - line.discount_fen


def _remember(parts: Sequence[tuple[int | None, int | None, int | None]]) -> None:
    """Keep what sets are made of now: they are exploded again whenever they are screened."""
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, [list(column) for column in zip(*parts, strict=True)])


def _become(line: Line, sku: Sku, each: Swap) -> None:
    line.sku, line.title, line.specification = sku, sku.title, sku.specification
    line.quantity, line.price_fen, line.discount_fen = each.quantity, each.price_fen, 0
    line.total_fen = each.quantity * each.price_fen


def _shrink(line: Line, pieces: int) -> None:
    left = line.quantity - pieces
    line.discount_fen = line.discount_fen * left // line.quantity
    line.quantity = left
    line.total_fen = left * line.price_fen - line.discount_fen


def _add_up(orders: Mapping[int, Order], given_up: Mapping[int, int]) -> dict[int, int]:
    """Bring the sums of the orders to what their lines say; return the differences."""
    goods: dict[int, int] = defaultdict(int)
    kept = Line.objects.filter(order_id__any=list(orders), is_cancelled=False)
    for pk, fen in kept.values_list("order_id", "total_fen"):
        goods[pk] += fen
    differences = {}
    for pk, order in orders.items():
        before = order.total_fen
        _share(order, given_up.get(pk, 0))
        order.goods_fen = goods[pk]
        order.total_fen = (
            order.goods_fen - order.discount_fen + order.postage_fen + order.adjust_fen
        )
        differences[pk] = order.total_fen - before
    Order.objects.bulk_update(orders.values(), MONEY)
    return differences


def _share(order: Order, given_up: int) -> None:
    """Let the order's discount, and what nobody could explain, go with the goods given up."""
    if given_up and order.goods_fen:
        left = order.goods_fen - given_up
        order.discount_fen = order.discount_fen * left // order.goods_fen
        order.adjust_fen = int(order.adjust_fen * left / order.goods_fen)
