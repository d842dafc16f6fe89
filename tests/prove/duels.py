"""Which acts meet in `pairs`, and how it may end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from gendan.catalog.models import Substitute
from gendan.channels.actions import import_files
from gendan.delivery.actions.complete import receive as receive_parcels
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.models import TraceState
from gendan.delivery.reports import Point, Report
from gendan.journal.models import Entry
from gendan.orders import actions as orders
from gendan.orders.actions import NewPayment, amend
from gendan.orders.models import Amendment, Order, OrderQuerySet
from gendan.people.models import Person, Warehouse
from gendan.screening import actions as screening
from gendan.screening.models import Hold
from gendan.stock import actions as stock
from gendan.stock.actions import Goods
from gendan.warehouse.actions.combine import combine, combine_orders
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage as At
from gendan.worklist.actions import claim
from gendan.worklist.models import Item
from tests.prove import baskets, haste, subjects
from tests.prove.cast import Cast

PLENTY = 1_000_000
ONE_PIECE = 2  # duels that need a SKU of one piece for each time

Act = Callable[[Any, Person], Any]
ONE_WINS = frozenset({(True, False), (False, True)})
# The second of the two may also follow the first: then both are done, one after the other.
SECOND_WINS = frozenset({(True, True), (False, True)})
BOTH_WIN = frozenset({(True, True)})
FIRST_WINS = frozenset({(True, True), (True, False)})


@dataclass(frozen=True)
class Duel:
    """Two acts about one thing; `may_end` says for which of the two it may end well.

    An act that ends without a refusal has won, unless it returns False.
    """

    names: tuple[str, str]
    prepare: Callable[[Cast, int], Sequence[Any]]
    acts: tuple[Act, Act]
    may_end: frozenset[tuple[bool, bool]] = ONE_WINS


def _one(order: int) -> OrderQuerySet:
    return Order.objects.numbered([order])


def _parcel(shipment: int) -> ShipmentQuerySet:
    return Shipment.objects.numbered([shipment])


def _release_held(order: int, me: Person) -> None:
    screening.release(_one(order), by=me, now=timezone.now())


def _cancel(order: int, me: Person) -> None:
    orders.cancel(_one(order), by=me, now=timezone.now(), why="不想要了")


def _confirm(order: int, me: Person) -> None:
    orders.confirm(_one(order), by=me, now=timezone.now())


def _object(order: int, me: Person) -> None:
    orders.object_to(_one(order), by=me, now=timezone.now(), words="颜色不对")


def _read_again(order: int, me: Person) -> None:
    orders.read_again(_one(order), by=me, now=timezone.now())


def _pay(order: int, me: Person) -> None:
    total = Order.objects.get(pk=order).total_fen
    orders.pay([NewPayment(order, "CASH", total)], by=me, now=timezone.now())


def _hold(order: int, me: Person) -> None:
    screening.hold(_one(order), by=me, now=timezone.now(), why="核实")


def _reserve(order: int, me: Person) -> None:
    stock.reserve(_one(order), by=me, now=timezone.now())


def _unreserve(order: int, me: Person) -> None:
    stock.unreserve(_one(order), by=me, why="让给别人")


def _reserve_first(both: tuple[int, int], me: Person) -> bool:
    return stock.reserve(_one(both[0]), by=me, now=timezone.now()).exists()


def _reserve_second(both: tuple[int, int], me: Person) -> bool:
    return stock.reserve(_one(both[1]), by=me, now=timezone.now()).exists()


def _plan(order: int, me: Person) -> None:
    plan(_one(order), by=me)


def _wave(shipment: int, me: Person) -> None:
    release(_parcel(shipment), by=me)


def _pack(shipment: int, me: Person) -> None:
    pack(_parcel(shipment), by=me)


def _recall(shipment: int, me: Person) -> None:
    recall(_parcel(shipment), by=me, now=timezone.now(), why="客户要改")


def _hand_over(shipment: int, me: Person) -> None:
    hand_over(_parcel(shipment), by=me, now=timezone.now())


def _customer_has_it(shipment: int, me: Person) -> None:
    receive_parcels(Order.objects.filter(shipment_lines__shipment=shipment).distinct(), by=me)


def _carrier_brings_it_back(shipment: int, me: Person) -> bool:
    point = Point(timezone.now(), "已退回", TraceState.RETURNED)
    record_traces([Report(shipment, "KUAIDI100", TraceState.RETURNED, (point,))], by=me)
    return Shipment.objects.get(pk=shipment).stage == At.RETURNED


def _claim(item: int, me: Person) -> None:
    claim(Item.objects.filter(pk=item), by=me)


def _receive(goods: tuple[int, Any], me: Person) -> None:
    stock.receive([Goods(goods[0], 1)], goods[1], by=me)


def _adjust(goods: tuple[int, Any], me: Person) -> None:
    stock.adjust([Goods(goods[0], -2)], goods[1], by=me, why="破损")


def _clear(hold: int, me: Person) -> None:
    screening.clear(Hold.objects.filter(pk=hold), by=me, now=timezone.now(), why="没问题")


def _count(goods: tuple[int, Any], me: Person) -> bool:
    return bool(stock.count([Goods(goods[0], 7)], goods[1], by=me, why="盘点"))


def _open_stock(goods: tuple[int, Any], me: Person) -> bool:
    return bool(stock.open_stock([Goods(goods[0], 7)], goods[1], by=me, document="期初"))


def _close_unpaid(order: int, me: Person) -> bool:
    """Close this order and older ones, which have been decided."""
    since = Order.objects.get(pk=order).stage_since
    now = since + timedelta(hours=72, microseconds=1)
    return orders.close_unpaid(hours=72, by=me, now=now).filter(pk=order).exists()


def _import(file: Path, me: Person) -> bool:
    """Both are told what became of the file; one of them has made its order."""
    import_files("TB9", [file], by=me)
    made = Entry.objects.filter(verb="order.imported", actor_id=me.pk, facts__file=file.name)
    return made.exists()


def _import_change(change: tuple[int, Path], me: Person) -> None:
    import_files("TB9", [change[1]], by=me)


def _cancel_changed(change: tuple[int, Path], me: Person) -> None:
    _cancel(change[0], me)


def _combine_orders(both: tuple[int, int], me: Person) -> None:
    combine_orders(Order.objects.numbered(both), by=me, now=timezone.now())


def _cancel_second(both: tuple[int, int], me: Person) -> None:
    _cancel(both[1], me)


def _combine(both: tuple[int, int], me: Person) -> None:
    combine(Shipment.objects.numbered(both), by=me, now=timezone.now())


def _wave_second(both: tuple[int, int], me: Person) -> None:
    _wave(both[1], me)


def _amend(both: tuple[int, Any], me: Person) -> None:
    amend.confirm(Amendment.objects.numbered([both[1]]), by=me, now=timezone.now())


def _pack_first(both: tuple[int, Any], me: Person) -> None:
    _pack(both[0], me)


def _hand_over_first(both: tuple[int, Any], me: Person) -> None:
    _hand_over(both[0], me)


def _amend_first(both: tuple[int, int], me: Person) -> None:
    amend.confirm(Amendment.objects.numbered([both[0]]), by=me, now=timezone.now())


def _substitute(short: tuple[int, int, int], me: Person) -> None:
    """The customer takes other goods."""
    other = Substitute.objects.get(sku=short[2]).instead_id
    stock.choose({short[0]: stock.Chosen(f"SWAP-{other}")}, by=me, now=timezone.now())


def _arrive(short: tuple[int, int, int], me: Person) -> None:
    """What was ordered comes after all, and is promised at once."""
    with transaction.atomic():
        place = Warehouse.objects.get(code="FL")
        stock.receive([Goods(short[2], 1)], place, by=me)
        stock.reserve(_one(short[1]), by=me, now=timezone.now())


def _want_it_back(short: tuple[int, int, int], me: Person) -> None:
    """Another answer to the same question: the customer clicks, the clerk has heard otherwise."""
    stock.choose({short[0]: stock.Chosen("CANCEL")}, by=me, now=timezone.now())


DUELS = (
    Duel(("substitute", "arrival"), subjects.short, (_substitute, _arrive)),
    Duel(("substitute", "refund"), subjects.short, (_substitute, _want_it_back)),
    Duel(("pack", "amend"), subjects.checked_and_amended, (_pack_first, _amend), SECOND_WINS),
    Duel(("hand over", "amend"), subjects.packed_and_amended, (_hand_over_first, _amend)),
    Duel(("amend", "amend"), subjects.amended_twice, (_amend_first, _amend)),
    Duel(("combine", "cancel"), subjects.companions, (_combine_orders, _cancel_second)),
    Duel(("wave", "combine"), subjects.neighbours, (_wave_second, _combine), SECOND_WINS),
    Duel(("combine", "combine"), subjects.neighbours, (_combine, _combine)),
    Duel(
        ("pack", "combine"),
        baskets.checked_neighbours,
        (baskets.pack_first, baskets.put_together),
    ),
    Duel(
        ("pack", "undo of combining"),
        baskets.checked_after_combining,
        (baskets.pack_first, baskets.take_apart),
    ),
    Duel(
        ("urge", "at the day's last place"),
        haste.last_places,
        (haste.urge_first, haste.urge_second),
    ),
    Duel(
        ("accept a date", "promise another"),
        haste.asked_about_a_date,
        (haste.accept, haste.promise),
        SECOND_WINS,
    ),
    Duel(("promise a date", "cancel"), subjects.ready, (haste.promise, _cancel), SECOND_WINS),
    Duel(("release", "cancel"), subjects.held, (_release_held, _cancel), SECOND_WINS),
    Duel(("plan", "cancel"), subjects.allocated, (_plan, _cancel)),
    Duel(("pack", "recall"), subjects.checked, (_pack, _recall), SECOND_WINS),
    Duel(("hand over", "recall"), subjects.packed, (_hand_over, _recall)),
    Duel(("import", "import of the same file"), subjects.files, (_import, _import)),
    Duel(("reserve", "reserve of the same order"), subjects.ready, (_reserve, _reserve)),
    Duel(
        ("the last piece", "for two orders"),
        subjects.last_pieces,
        (_reserve_first, _reserve_second),
    ),
    Duel(("wave", "wave"), subjects.planned, (_wave, _wave)),
    Duel(("claim", "claim"), subjects.items, (_claim, _claim)),
    Duel(("receive", "adjust"), subjects.one_piece, (_receive, _adjust), FIRST_WINS),
    Duel(("complete", "return"), subjects.shipped, (_customer_has_it, _carrier_brings_it_back)),
    Duel(("confirm", "cancel"), subjects.unconfirmed, (_confirm, _cancel), SECOND_WINS),
    Duel(("confirm", "confirm"), subjects.unconfirmed, (_confirm, _confirm)),
    Duel(("object", "cancel"), subjects.unpaid, (_object, _cancel), SECOND_WINS),
    Duel(("read again", "cancel"), subjects.drafts, (_read_again, _cancel), SECOND_WINS),
    Duel(("pay", "cancel"), subjects.unpaid, (_pay, _cancel), SECOND_WINS),
    Duel(("clear", "clear of the same hold"), subjects.holds, (_clear, _clear)),
    Duel(("count", "count of new goods"), subjects.unseen, (_count, _count)),
    Duel(("open stock", "open stock"), subjects.unseen, (_open_stock, _open_stock)),
    Duel(("hold", "reserve"), subjects.ready, (_hold, _reserve)),
    Duel(("unreserve", "plan"), subjects.allocated, (_unreserve, _plan)),
    Duel(
        ("import of a change", "cancel"),
        subjects.changes,
        (_import_change, _cancel_changed),
        BOTH_WIN,
    ),
    Duel(
        ("pay", "close what nobody paid"),
        subjects.unpaid_one_after_the_other,
        (_pay, _close_unpaid),
    ),
    Duel(("ship", "ship"), subjects.packed, (_hand_over, _hand_over)),
)
