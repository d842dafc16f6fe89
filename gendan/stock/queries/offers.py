"""What a customer may choose when goods are short: from the data, and only what can be kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.catalog.models import Sku
from gendan.orders.actions.swap import Swap
from gendan.orders.models import Line, Order
from gendan.orders.stages import BEFORE_ITS_GOODS, Stage
from gendan.stock.allocation import Demand, Share, decide, share_out
from gendan.stock.models import CaseQuerySet, Choice, ShortageCase
from gendan.stock.queries.netting import HANDLING
from gendan.stock.queries.shelf import Shelf, look
from gendan.ui.wording import yuan

MOST_SWAPS = 4
Way = Mapping[int, tuple[Sku, bool]]  # SKU -> what comes instead, at the old price?


@dataclass(frozen=True)
class Offer:
    """Something a customer may choose; `code` names it, the rest says what will be done."""

    code: str
    choice: Choice
    label: str
    note: str = ""
    on: date | None = None
    swaps: Sequence[Swap] = ()
    difference_fen: int = 0
    pieces: Mapping[int, int] = field(default_factory=dict)  # line -> pieces given up

    def told(self) -> dict[str, Any]:
        """Return it as a message holds it."""
        told: dict[str, Any] = {"code": self.code, "label": self.label, "note": self.note}
        if self.on:
            told["on"] = self.on.isoformat()
        if self.choice == Choice.CANCEL:
            told["is_last_word"] = True
        return told


def offers(cases: CaseQuerySet, *, now: datetime) -> dict[int, list[Offer]]:
    """Return for each case (by id) what can be offered now; the same number of queries for many."""
    rows = list(cases.select_related("order__shop").order_by("pk"))
    shelf = look([row.order_id for row in rows], timezone.localdate(now))
    return {row.pk: list(_offers(row, shelf)) for row in rows}


def _offers(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    order = case.order
    if order.pk in shelf.missed:
        return
    if order.stage == Stage.SHORT or _will_be_short(case, shelf):
        yield from _wait(case, shelf)
        yield from _swaps(case, shelf)
        yield from _parts(case, shelf)
        yield _cancel(case, shelf)
    elif order.stage == Stage.ALLOCATED and shelf.rests.get(order.pk):
        yield from _wait(case, shelf)
        yield from _refund_rest(case, shelf)


def _will_be_short(case: ShortageCase, shelf: Shelf) -> bool:
    """Say whether an order whose goods nobody has looked for yet could not be served now."""
    lines = shelf.lines.get(case.order_id, ())
    if case.order.stage not in BEFORE_ITS_GOODS or not lines:
        return False
    return not decide([_demand(case, lines)], dict(shelf.free), shelf.safety, _places(shelf)).served


def _demand(case: ShortageCase, lines: Sequence[Line]) -> Demand:
    order = case.order
    needs = [(line.pk, line.sku_id or 0, line.quantity) for line in lines]
    return Demand(order.pk, needs, order.warehouse_id, order.shop.uses_safety_stock)


def _wait(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    if on := _comes_on(case, shelf):
        label = _("Wait: it leaves us on %(day)s at the latest") % {"day": _day(on)}
        yield Offer("WAIT", Choice.WAIT, label, on=on)


def _comes_on(case: ShortageCase, shelf: Shelf) -> date | None:
    """Return the day on which the missing goods can leave, if there is one that can be kept."""
    day = shelf.served_on.get(case.order_id)
    return day + HANDLING if day else None


def _swaps(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    """Offer other goods that are there: for one SKU several, for several the best of each.

    Instead of a part of a set there may also be another set.
    """
    lacking = shelf.lacking.get(case.order_id, {})
    short = [sku for sku in lacking if shelf.instead.get(sku)]
    ways: list[Way] = []
    if lacking and len(short) == len(lacking) == 1:
        ways = [{short[0]: each} for each in shelf.instead[short[0]]]
    elif lacking and len(short) == len(lacking):
        ways = [{sku: shelf.instead[sku][0] for sku in short}]
    made = (_swap(case, way, shelf) for way in [*ways, *_other_sets(case, shelf)])
    yield from [offer for offer in made if offer][:MOST_SWAPS]


def _other_sets(case: ShortageCase, shelf: Shelf) -> list[Way]:
    """Return what may be taken instead of the one set of which all the lacking goods are parts."""
    lacking = shelf.lacking.get(case.order_id, {})
    short = {line.part_of_id for line in shelf.lines[case.order_id] if line.sku_id in lacking}
    if len(short) != 1 or not (bearer := shelf.sets.get(short.pop() or 0)):
        return []
    sku = bearer.sku_id or 0
    return [{sku: each} for each in shelf.instead.get(sku, ())]


def _swap(case: ShortageCase, way: Way, shelf: Shelf) -> Offer | None:
    order = case.order
    lines = [line for line in shelf.lines[order.pk] if line.sku_id in way]
    lines += [line for line in shelf.sets.values() if _is_swapped(line, order, way)]
    if any(_is_twice(line, way, shelf) for line in lines):
        return None
    more = sum(_costs_more(line, *way[line.sku_id or 0]) for line in lines)
    if more > 0 and order.platform_order:
        return None  # a platform collects nothing afterwards
    demand = Demand(
        order.pk,
        _needs_then(case, way, shelf),
        order.warehouse_id,
        order.shop.uses_safety_stock,
    )
    if order.pk not in decide([demand], dict(shelf.free), shelf.safety, _places(shelf)).served:
        return None
    names = "、".join(str(sku) for sku, _kept in way.values())
    return Offer(
        "SWAP-" + "-".join(str(sku.pk) for sku, _kept in way.values()),
        Choice.SWAP,
        _("Take %(goods)s instead") % {"goods": names},
        _difference(order, more),
        swaps=[_exchange(line, *way[line.sku_id or 0]) for line in lines],
        difference_fen=more,
    )


def _is_swapped(bearer: Line, order: Order, way: Way) -> bool:
    return bearer.order_id == order.pk and bearer.sku_id in way


def _is_twice(line: Line, way: Way, shelf: Shelf) -> bool:
    """Say whether a set has the other goods already: it has a line of each of its parts only."""
    other = way[line.sku_id or 0][0]
    return bool(line.part_of_id) and (line.part_of_id, other.pk) in shelf.parts


def _needs_then(case: ShortageCase, way: Way, shelf: Shelf) -> list[tuple[int, int, int]]:
    """Return what the order will need: another set stands for what it is made of."""
    needs = []
    gone = {pk for pk, line in shelf.sets.items() if _is_swapped(line, case.order, way)}
    for line in shelf.lines[case.order_id]:
        own = line.sku_id or 0
        sku = way[own][0].pk if own in way else own
        if line.part_of_id not in gone:
            needs.append((line.pk, sku, line.quantity))
    for pk in gone:
        line = shelf.sets[pk]
        other = way[line.sku_id or 0][0]
        made_of = shelf.made_of.get(other.pk) or {other.pk: 1}
        needs += [(pk, sku, pieces * line.quantity) for sku, pieces in made_of.items()]
    return needs


def _exchange(line: Line, sku: Sku, keeps_price: bool) -> Swap:
    if line.part_of_id:
        more = _costs_more(line, sku, keeps_price) // line.quantity
        return Swap(line.pk, line.quantity, sku.pk, more_fen=more)
    return Swap(line.pk, line.quantity, sku.pk, _price(line, sku, keeps_price))


def _costs_more(line: Line, sku: Sku, keeps_price: bool) -> int:
    """Return what other goods cost more than a line; a part counts as it is sold by itself."""
    if line.is_gift or (line.part_of_id and keeps_price):
        return 0
    if line.part_of_id and line.sku:
        return (sku.price_fen - line.sku.price_fen) * line.quantity
    return _price(line, sku, keeps_price) * line.quantity - line.total_fen


def _price(line: Line, sku: Sku, keeps_price: bool) -> int:
    return line.total_fen // line.quantity if keeps_price or line.is_gift else sku.price_fen


def _difference(order: Order, fen: int) -> str:
    """Say what an order costs more; what it costs less comes back, as far as it is paid."""
    if fen > 0:
        return _("%(money)s more to pay") % {"money": yuan(fen)}
    if fen == 0:
        return _("at the same price")
    said = _("%(money)s back") if order.paid_fen else _("%(money)s less to pay")
    return said % {"money": yuan(-fen)}


def _parts(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    yield from _rest_later(case, shelf)
    yield from _rest_refunded(case, shelf)


def _rest_later(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    share = _share(case, shelf, parts_sets=shelf.sets_part)
    if share is None or not share.pieces:
        return
    if _elsewhere(case, share, shelf):
        soon = shelf.supply.today + HANDLING
        yield Offer("PARCELS", Choice.PART, _("Send everything now, in two parcels"), on=soon)
    elif on := _comes_on(case, shelf):
        label = _("Send %(goods)s now, the rest on %(day)s at the latest")
        sent = _named(_goods(share.pieces, case, shelf, parts_sets=shelf.sets_part))
        yield Offer("PART", Choice.PART, label % {"goods": sent, "day": _day(on)}, on=on)


def _rest_refunded(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    """Offer what is there; of sets only whole ones: a part of one has no price."""
    order, share = case.order, _share(case, shelf)
    if share is None or not share.pieces:
        return
    goods = _goods(share.rest, case, shelf)
    given_up = {line.pk: pieces for line, pieces in goods.items()}
    back = _worth(order, goods, given_up)
    sent = _named(_goods(share.pieces, case, shelf))
    label = _("Send %(goods)s now, refund the rest") % {"goods": sent}
    yield Offer(
        "PART-REFUND",
        Choice.PART_REFUND,
        label,
        _difference(order, -back),
        pieces=given_up,
        difference_fen=-back,
        swaps=[Swap(line, pieces) for line, pieces in given_up.items()],
    )


def _elsewhere(case: ShortageCase, share: Share, shelf: Shelf) -> bool:
    """Say whether another warehouse has all the rest of an order."""
    left = dict(shelf.free)
    for (_line, sku), pieces in share.pieces.items():
        left[sku, share.warehouse_id] -= pieces
    rest = [(line, sku, pieces) for (line, sku), pieces in share.rest.items()]
    demand = Demand(case.order_id, rest, None, case.order.shop.uses_safety_stock)
    return bool(decide([demand], left, shelf.safety, _places(shelf)).served)


def _share(case: ShortageCase, shelf: Shelf, *, parts_sets: bool = False) -> Share | None:
    lines = shelf.lines.get(case.order_id, ())
    whole = (
        {} if parts_sets else {line.pk: _set_of(line, shelf) for line in lines if line.part_of_id}
    )
    demand = replace(_demand(case, lines), sets=whole)
    return share_out(demand, dict(shelf.free), shelf.safety, _places(shelf))


def _set_of(part: Line, shelf: Shelf) -> tuple[int, int]:
    """Return of which set's line it is a part, and how many pieces are in one."""
    bearer = shelf.bearers[part.part_of_id or 0]
    return bearer.pk, part.quantity // bearer.quantity


def _goods(
    pieces: Mapping[tuple[int, int], int],
    case: ShortageCase,
    shelf: Shelf,
    *,
    parts_sets: bool = False,
) -> dict[Line, int]:
    """Return the goods as the customer knows them: whole sets instead of all of their parts."""
    lines = {line.pk: line for line in shelf.lines[case.order_id]}
    goods: dict[Line, int] = {}
    for (pk, _sku), number in pieces.items():
        line = lines[pk]
        if line.part_of_id and not parts_sets:
            bearer, each = _set_of(line, shelf)
            goods[shelf.bearers[bearer]] = number // each
        else:
            goods[line] = number
    return goods


def _cancel(case: ShortageCase, shelf: Shelf) -> Offer:
    paid = case.order.paid_fen - case.order.refunded_fen
    note = _("%(money)s back") % {"money": yuan(paid)} if paid else ""
    return Offer("CANCEL", Choice.CANCEL, _("Cancel the order"), note, difference_fen=-paid)


def _refund_rest(case: ShortageCase, shelf: Shelf) -> Iterator[Offer]:
    """Offer the money for what follows later, unless that is a part of a set of which some goes."""
    rests = shelf.rests[case.order_id]
    lines = shelf.lines[case.order_id]
    goods = {line: rests[line.pk] for line in lines if line.pk in rests and not line.part_of_id}
    sets: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for line in lines:
        if line.part_of_id:
            bearer, each = _set_of(line, shelf)
            sets[bearer].add(divmod(rests.get(line.pk, 0), each))
    if any(len(found) > 1 or part for found in sets.values() for _whole, part in found):
        return
    goods |= {shelf.bearers[pk]: n for pk, found in sets.items() for n, _part in found if n}
    given_up = {line.pk: pieces for line, pieces in goods.items()}
    back = _worth(case.order, goods, given_up)
    yield Offer(
        "PART-REFUND",
        Choice.PART_REFUND,
        _("Refund what is missing; everything else comes as it is"),
        _difference(case.order, -back),
        pieces=given_up,
        difference_fen=-back,
        swaps=[Swap(line, pieces) for line, pieces in given_up.items()],
    )


def _worth(order: Any, lines: Iterable[Line], given_up: Mapping[int, int]) -> int:
    """Return what comes back for pieces, with their part of the order's discount, in fen."""
    gone = 0
    for line in lines:
        pieces = given_up.get(line.pk, 0)
        left = line.quantity - pieces
        kept = left * line.price_fen - line.discount_fen * left // line.quantity if left else 0
        gone += line.total_fen - kept if pieces else 0
    if not order.goods_fen:
        return gone
    left_goods = order.goods_fen - gone
    discount = order.discount_fen - order.discount_fen * left_goods // order.goods_fen
    adjust = order.adjust_fen - int(order.adjust_fen * left_goods / order.goods_fen)
    return int(gone - discount + adjust)


def _named(pieces: Mapping[Line, int]) -> str:
    if len(pieces) > 1:
        total = sum(pieces.values())
        return ngettext("%(n)d piece", "%(n)d pieces", total) % {"n": total}
    return "、".join(f"{line.title} × {n}" for line, n in pieces.items())


def _day(on: date) -> str:
    return date_format(on, "m-d")


def _places(shelf: Shelf) -> Sequence[int]:
    return shelf.supply.warehouses
