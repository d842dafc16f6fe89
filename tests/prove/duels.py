"""Which acts meet in `pairs`, and how what they are about is made ready."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from gendan.channels.actions import import_files
from gendan.channels.tests.files import TAOBAO_SUB, as_csv, sub_order
from gendan.delivery.actions.complete import receive as receive_parcels
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import TraceState
from gendan.delivery.reports import Point, Report
from gendan.journal.models import Entry
from gendan.orders import actions as orders
from gendan.orders.actions import NewPayment
from gendan.orders.models import Order, OrderQuerySet
from gendan.people.models import Person
from gendan.screening import actions as screening
from gendan.stock import actions as stock
from gendan.stock.actions import Goods
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage as At
from gendan.worklist.actions import claim
from gendan.worklist.models import Item
from tests.prove.cast import BY, Cast, asked

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


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _drafts(cast: Cast, times: int, first_sku: int = 0) -> list[int]:
    """Place orders of one piece, each by a buyer of their own."""
    begin = Order.objects.count()
    news = [
        asked(
            cast,
            [(first_sku + n if first_sku else 0, 1)],
            buyer=begin + n,
            house=begin + n + 1,
        )
        for n in range(times)
    ]
    return _ids(orders.place(news, by=cast.people[2], now=timezone.now()))


def _read(cast: Cast, ids: list[int], *, paid: bool, heard: bool) -> list[int]:
    chosen = Order.objects.numbered(ids)
    money = [NewPayment(order.pk, "CASH", order.total_fen) for order in chosen if paid]
    orders.read_again(chosen, by=cast.people[2], now=timezone.now(), payments=money, heard=heard)
    return ids


def _unpaid(cast: Cast, times: int) -> list[int]:
    return _read(cast, _drafts(cast, times), paid=False, heard=True)


def _unconfirmed(cast: Cast, times: int) -> list[int]:
    return _read(cast, _drafts(cast, times), paid=True, heard=False)


def _screening(cast: Cast, times: int) -> list[int]:
    return _read(cast, _drafts(cast, times), paid=True, heard=True)


def _held(cast: Cast, times: int) -> list[int]:
    """Orders with a remark, which somebody has to look at."""
    ids = _drafts(cast, times)
    orders.change(Order.objects.numbered(ids), by=BY, seller_remark="看一下")
    _read(cast, ids, paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def _ready(cast: Cast, times: int, first_sku: int = 0) -> list[int]:
    ids = _read(cast, _drafts(cast, times, first_sku), paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def _allocated(cast: Cast, times: int) -> list[int]:
    ids = _ready(cast, times)
    stock.reserve(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def _planned(cast: Cast, times: int) -> list[int]:
    return _ids(plan(Order.objects.numbered(_allocated(cast, times)), by=BY))


def _checked(cast: Cast, times: int) -> list[int]:
    ids = _planned(cast, times)
    release(_parcels(ids), by=BY)
    pick(_parcels(ids), by=BY)
    verify_whole(_parcels(ids), by=BY)
    return ids


def _packed(cast: Cast, times: int) -> list[int]:
    ids = _checked(cast, times)
    pack(_parcels(ids), by=BY)
    draw_waybills(_parcels(ids), by=BY)
    return ids


def _shipped(cast: Cast, times: int) -> list[int]:
    ids = _packed(cast, times)
    hand_over(_parcels(ids), by=BY, now=timezone.now())
    return ids


def _items(cast: Cast, times: int) -> list[int]:
    held = _held(cast, times)
    return _ids(Item.objects.open().filter(subject="order", subject_id__in=held))


def _last_pieces(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Two orders for each of the SKUs of which there is one piece."""
    return list(zip(_ready(cast, times, 1), _ready(cast, times, 1), strict=True))


def _one_piece(cast: Cast, times: int) -> list[tuple[int, Any]]:
    return [(sku.pk, cast.warehouse) for sku in cast.skus[1 + times : 1 + 2 * times]]


def _files(_cast: Cast, times: int) -> list[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gendan-duels-"))
    return [
        _file(folder / f"ExportOrder{n}.csv", [_told(f"66{n:06}", paid=True)]) for n in range(times)
    ]


def _changes(cast: Cast, times: int) -> list[tuple[int, Path]]:
    """Orders that a platform called unpaid, each with a file that says paid."""
    folder = Path(tempfile.mkdtemp(prefix="gendan-duels-"))
    asked_for = [_told(f"67{n:06}", paid=False) for n in range(times)]
    import_files("TB9", [_file(folder / "ExportOrder.csv", asked_for)], by=BY)
    numbers = Order.objects.filter(platform_order__startswith="67").order_by("platform_order")
    return [
        (pk, _file(folder / f"{number}.csv", [_told(number, paid=True)]))
        for pk, number in numbers.values_list("pk", "platform_order")
    ]


def _told(number: str, *, paid: bool) -> list[str]:
    state = "买家已付款，等待卖家发货" if paid else "等待买家付款"
    money = "120.00" if paid else "0.00"
    return sub_order(number, 订单状态=state, 商家编码="FLASH-0", 买家实付金额=money)


def _file(place: Path, rows: list[list[str]]) -> Path:
    return as_csv(place, TAOBAO_SUB, rows, encoding="gb18030")


def _one(order: int) -> OrderQuerySet:
    return Order.objects.numbered([order])


def _parcel(shipment: int) -> ShipmentQuerySet:
    return Shipment.objects.numbered([shipment])


def _parcels(ids: list[int]) -> ShipmentQuerySet:
    return Shipment.objects.numbered(ids)


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


def _import(file: Path, me: Person) -> bool:
    """Both are told what became of the file; one of them has made its order."""
    import_files("TB9", [file], by=me)
    made = Entry.objects.filter(verb="order.imported", actor_id=me.pk, facts__file=file.name)
    return made.exists()


def _import_change(change: tuple[int, Path], me: Person) -> None:
    import_files("TB9", [change[1]], by=me)


def _cancel_changed(change: tuple[int, Path], me: Person) -> None:
    _cancel(change[0], me)


DUELS = (
    Duel(("release", "cancel"), _held, (_release_held, _cancel), SECOND_WINS),
    Duel(("plan", "cancel"), _allocated, (_plan, _cancel)),
    Duel(("pack", "recall"), _checked, (_pack, _recall), SECOND_WINS),
    Duel(("hand over", "recall"), _packed, (_hand_over, _recall)),
    Duel(("import", "import of the same file"), _files, (_import, _import)),
    Duel(("reserve", "reserve of the same order"), _ready, (_reserve, _reserve)),
    Duel(("the last piece", "for two orders"), _last_pieces, (_reserve_first, _reserve_second)),
    Duel(("wave", "wave"), _planned, (_wave, _wave)),
    Duel(("claim", "claim"), _items, (_claim, _claim)),
    Duel(("receive", "adjust"), _one_piece, (_receive, _adjust), FIRST_WINS),
    Duel(("complete", "return"), _shipped, (_customer_has_it, _carrier_brings_it_back)),
    Duel(("confirm", "cancel"), _unconfirmed, (_confirm, _cancel), SECOND_WINS),
    Duel(("confirm", "confirm"), _unconfirmed, (_confirm, _confirm)),
    Duel(("object", "cancel"), _unpaid, (_object, _cancel), SECOND_WINS),
    Duel(("read again", "cancel"), _drafts, (_read_again, _cancel), SECOND_WINS),
    Duel(("pay", "cancel"), _unpaid, (_pay, _cancel), SECOND_WINS),
    Duel(("hold", "reserve"), _ready, (_hold, _reserve)),
    Duel(("unreserve", "plan"), _allocated, (_unreserve, _plan)),
    Duel(("import of a change", "cancel"), _changes, (_import_change, _cancel_changed), BOTH_WIN),
    Duel(("ship", "ship"), _packed, (_hand_over, _hand_over)),
)
