"""What a customer may choose when goods are short: from the data, and only what can be kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.catalog.models import Sku, Substitute
from gendan.orders.actions.swap import Swap
from gendan.orders.models import Line, Order
from gendan.orders.stages import BEFORE_ITS_GOODS, Stage
from gendan.stock.allocation import Demand, Place, Share, decide, share_out
from gendan.stock.models import (
    LIVE,
    Balance,
    CaseLine,
    CaseQuerySet,
    Choice,
    Rest,
    ShortageCase,
)
from gendan.stock.queries.netting import HANDLING, Supply, served_on, supply, waits
from gendan.ui.wording import yuan
from gendan.worklist.models import Item, Kind

MOST_SWAPS = 4


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
        day = {"on": self.on.isoformat()} if self.on else {}
        return {"code": self.code, "label": self.label, "note": self.note} | day


@dataclass
class _Shelf:
    """What all the cases look at together."""

    lines: Mapping[int, Sequence[Line]]  # by order
    rests: Mapping[int, Mapping[int, int]]  # order -> line -> pieces
    lacking: Mapping[int, Mapping[int, int]]  # order -> SKU -> pieces missing
    instead: Mapping[int, Sequence[tuple[Sku, bool]]]  # SKU -> substitutes, at the old price?
    free: Mapping[Place, int]
    safety: Mapping[int, int]
    supply: Supply
    served_on: Mapping[int, date]  # order -> when what it waits for is there
    missed: set[int]  # orders whose goods were not found, and not yet written off


def offers(cases: CaseQuerySet, *, now: datetime) -> dict[int, list[Offer]]:
    """Return for each case (by id) what can be offered now; the same number of queries for many."""
    rows = list(cases.select_related("order__shop").order_by("pk"))
    shelf = _look([row.order_id for row in rows], timezone.localdate(now))
    return {row.pk: list(_offers(row, shelf)) for row in rows}


def _offers(case: ShortageCase, shelf: _Shelf) -> Iterator[Offer]:
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
        yield _refund_rest(case, shelf)


def _will_be_short(case: ShortageCase, shelf: _Shelf) -> bool:
    """Say whether an order whose goods nobody has looked for yet could not be served now."""
    lines = shelf.lines.get(case.order_id, ())
    if case.order.stage not in BEFORE_ITS_GOODS or not lines:
        return False
    return not decide([_demand(case, lines)], dict(shelf.free), shelf.safety, _places(shelf)).served


def _demand(case: ShortageCase, lines: Sequence[Line]) -> Demand:
    order = case.order
    needs = [(line.pk, line.sku_id or 0, line.quantity) for line in lines]
    return Demand(order.pk, needs, order.warehouse_id, order.shop.uses_safety_stock)


def _wait(case: ShortageCase, shelf: _Shelf) -> Iterator[Offer]:
    if on := _comes_on(case, shelf):
        label = _("Wait: it leaves us on %(day)s at the latest") % {"day": _day(on)}
        yield Offer("WAIT", Choice.WAIT, label, on=on)


def _comes_on(case: ShortageCase, shelf: _Shelf) -> date | None:
    """Return the day on which the missing goods can leave, if there is one that can be kept."""
    day = shelf.served_on.get(case.order_id)
    return day + HANDLING if day else None


def _swaps(case: ShortageCase, shelf: _Shelf) -> Iterator[Offer]:
    """Offer other goods that are there: for one SKU several, for several the best of each."""
    lacking = shelf.lacking.get(case.order_id, {})
    short = [sku for sku in lacking if shelf.instead.get(sku)]
    if not lacking or len(short) != len(lacking) or _any_of_a_set(case, shelf):
        return
    if len(short) == 1:
        ways = [{short[0]: each} for each in shelf.instead[short[0]]]
    else:
        ways = [{sku: shelf.instead[sku][0] for sku in short}]
    made = (_swap(case, way, shelf) for way in ways)
    yield from [offer for offer in made if offer][:MOST_SWAPS]


def _swap(case: ShortageCase, way: Mapping[int, tuple[Sku, bool]], shelf: _Shelf) -> Offer | None:
    order = case.order
    lines = shelf.lines[order.pk]
    swaps = [
        Swap(line.pk, line.quantity, other[0].pk, _price(line, *other))
        for line in lines
        if (other := way.get(line.sku_id or 0))
    ]
    more = sum(each.quantity * each.price_fen for each in swaps) - sum(
        line.total_fen for line in lines if line.sku_id in way
    )
    if more > 0 and order.platform_order:
        return None  # a platform collects nothing afterwards
    wanted = {each.line_id: each.sku_id for each in swaps}
    demand = Demand(
        order.pk,
        [(ln.pk, wanted.get(ln.pk) or ln.sku_id or 0, ln.quantity) for ln in lines],
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
        swaps=swaps,
        difference_fen=more,
    )


def _price(line: Line, sku: Sku, keeps_price: bool) -> int:
    return line.total_fen // line.quantity if keeps_price else sku.price_fen


def _difference(order: Order, fen: int) -> str:
    """Say what an order costs more; what it costs less comes back, as far as it is paid."""
    if fen > 0:
        return _("%(money)s more to pay") % {"money": yuan(fen)}
    if fen == 0:
        return _("at the same price")
    said = _("%(money)s back") if order.paid_fen else _("%(money)s less to pay")
    return said % {"money": yuan(-fen)}


def _parts(case: ShortageCase, shelf: _Shelf) -> Iterator[Offer]:
    order = case.order
    lines = {line.pk: line for line in shelf.lines.get(order.pk, ())}
    share = _share(case, shelf)
    if share is None or not share.pieces or _any_of_a_set(case, shelf):
        return
    sent = _named({lines[line]: n for (line, _sku), n in share.pieces.items()})
    given_up = {line: n for (line, _sku), n in share.rest.items()}
    if _elsewhere(case, share, shelf):
        soon = shelf.supply.today + HANDLING
        yield Offer("PARCELS", Choice.PART, _("Send everything now, in two parcels"), on=soon)
    elif on := _comes_on(case, shelf):
        label = _("Send %(goods)s now, the rest on %(day)s at the latest")
        yield Offer("PART", Choice.PART, label % {"goods": sent, "day": _day(on)}, on=on)
    back = _worth(order, lines.values(), given_up)
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


def _elsewhere(case: ShortageCase, share: Share, shelf: _Shelf) -> bool:
    """Say whether another warehouse has all the rest of an order."""
    left = dict(shelf.free)
    for (_line, sku), pieces in share.pieces.items():
        left[sku, share.warehouse_id] -= pieces
    rest = [(line, sku, pieces) for (line, sku), pieces in share.rest.items()]
    demand = Demand(case.order_id, rest, None, case.order.shop.uses_safety_stock)
    return bool(decide([demand], left, shelf.safety, _places(shelf)).served)


def _share(case: ShortageCase, shelf: _Shelf) -> Share | None:
    demand = _demand(case, shelf.lines.get(case.order_id, ()))
    return share_out(demand, dict(shelf.free), shelf.safety, _places(shelf))


def _cancel(case: ShortageCase, shelf: _Shelf) -> Offer:
    paid = case.order.paid_fen - case.order.refunded_fen
    note = _("%(money)s back") % {"money": yuan(paid)} if paid else ""
    return Offer("CANCEL", Choice.CANCEL, _("Cancel the order"), note, difference_fen=-paid)


def _refund_rest(case: ShortageCase, shelf: _Shelf) -> Offer:
    given_up = dict(shelf.rests[case.order_id])
    back = _worth(case.order, shelf.lines[case.order_id], given_up)
    return Offer(
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


def _any_of_a_set(case: ShortageCase, shelf: _Shelf) -> bool:
    short = shelf.lacking.get(case.order_id, {})
    return any(
        line.part_of_id for line in shelf.lines.get(case.order_id, ()) if line.sku_id in short
    )


def _named(pieces: Mapping[Line, int]) -> str:
    if len(pieces) > 1:
        total = sum(pieces.values())
        return ngettext("%(n)d piece", "%(n)d pieces", total) % {"n": total}
    return "、".join(f"{line.title} × {n}" for line, n in pieces.items())


def _day(on: date) -> str:
    return date_format(on, "m-d")


def _places(shelf: _Shelf) -> Sequence[int]:
    return shelf.supply.warehouses


def _look(orders: Sequence[int], today: date) -> _Shelf:
    lines: dict[int, list[Line]] = defaultdict(list)
    wanted = Line.objects.filter(
        order_id__any=list(orders), is_cancelled=False, is_set=False, shipped__lt=F("quantity")
    ).exclude(refund_state="REFUNDED")
    for line in wanted.order_by("order_id", "position"):
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
        rests[order][ln] = pieces
    instead = _instead({sku for lack in lacking.values() for sku in lack})
    skus = {line.sku_id for each in lines.values() for line in each if line.sku_id}
    skus |= {sku.pk for each in instead.values() for sku, _kept in each}
    stock = supply(skus, today=today, orders=orders)
    return _Shelf(
        lines,
        rests,
        lacking,
        instead,
        _free(skus),
        dict(Sku.objects.filter(pk__any=sorted(skus)).values_list("pk", "safety_stock")),
        stock,
        served_on(waits(orders), stock),
        _missed(orders),
    )


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
