"""What two people meet over in `pairs`, made ready so many times; returned are ids, mostly."""

import tempfile
from dataclasses import replace
from pathlib import Path
from time import time_ns
from typing import Any

from django.utils import timezone

from gendan.catalog.models import Sku, Substitute
from gendan.channels.actions import import_files
from gendan.channels.tests.files import TAOBAO_SUB, as_csv, sub_order
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills
from gendan.journal.writing import entry
from gendan.orders import actions as orders
from gendan.orders.actions import NewPayment, amend
from gendan.orders.amending.wanted import AnotherPlace, SetQuantity
from gendan.orders.models import Order
from gendan.orders.money import NewLine
from gendan.screening import actions as screening
from gendan.screening.models import Hold
from gendan.screening.rules import MANUAL
from gendan.stock import actions as stock
from gendan.stock.models import ShortageCase
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release, take_out
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet
from gendan.worklist.models import Item
from tests.prove.cast import BY, Cast, asked

ELSEWHERE = "广东省佛山市南海区桂城街道示例路6号2座301室"


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def drafts(cast: Cast, times: int, first_sku: int = 0) -> list[int]:
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


def unpaid(cast: Cast, times: int) -> list[int]:
    return _read(cast, drafts(cast, times), paid=False, heard=True)


def unpaid_one_after_the_other(cast: Cast, times: int) -> list[int]:
    return [unpaid(cast, 1)[0] for _n in range(times)]


def unconfirmed(cast: Cast, times: int) -> list[int]:
    return _read(cast, drafts(cast, times), paid=True, heard=False)


def held(cast: Cast, times: int) -> list[int]:
    """Orders with a remark, which somebody has to look at."""
    ids = drafts(cast, times)
    orders.change(Order.objects.numbered(ids), by=BY, seller_remark="看一下")
    _read(cast, ids, paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def ready(cast: Cast, times: int, first_sku: int = 0) -> list[int]:
    ids = _read(cast, drafts(cast, times, first_sku), paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def allocated(cast: Cast, times: int) -> list[int]:
    ids = ready(cast, times)
    stock.reserve(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def companions(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Two allocated orders each time, of one buyer to one place."""
    begin = Order.objects.count()
    news = [
        asked(cast, [(0, 1)], buyer=begin + n, house=begin + n + 1)
        for n in range(times)
        for _twice in range(2)
    ]
    placed = _ids(orders.place(news, by=cast.people[2], now=timezone.now()))
    ids = _read(cast, placed, paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    stock.reserve(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return list(zip(ids[::2], ids[1::2], strict=True))


def neighbours(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Two planned parcels each time that could be one: the first lay in a wave when planned."""
    pairs = companions(cast, times)
    first = _ids(plan(Order.objects.numbered(one for one, _other in pairs), by=BY))
    release(parcels(first), by=BY)
    second = _ids(plan(Order.objects.numbered(other for _one, other in pairs), by=BY))
    take_out(parcels(first), by=BY)
    return list(zip(first, second, strict=True))


def planned(cast: Cast, times: int) -> list[int]:
    return _ids(plan(Order.objects.numbered(allocated(cast, times)), by=BY))


def checked(cast: Cast, times: int) -> list[int]:
    ids = planned(cast, times)
    release(parcels(ids), by=BY)
    pick(parcels(ids), by=BY)
    verify_whole(parcels(ids), by=BY)
    return ids


def packed(cast: Cast, times: int) -> list[int]:
    ids = checked(cast, times)
    pack(parcels(ids), by=BY)
    draw_waybills(parcels(ids), by=BY)
    return ids


def shipped(cast: Cast, times: int) -> list[int]:
    ids = packed(cast, times)
    hand_over(parcels(ids), by=BY, now=timezone.now())
    return ids


def items(cast: Cast, times: int) -> list[int]:
    waiting = Item.objects.open().filter(subject="order", subject_id__in=held(cast, times))
    return _ids(waiting)


def last_pieces(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Two orders for each of the SKUs of which there is one piece."""
    return list(zip(ready(cast, times, 1), ready(cast, times, 1), strict=True))


def short(cast: Cast, times: int) -> list[tuple[int, int, int]]:
    """The case of a short order each time, the order, and the SKU it lacks; another stands in."""
    begin = Order.objects.count()
    skus = [_lacking(cast, begin + n) for n in range(times)]
    news = [
        replace(asked(cast, [], buyer=begin + n, house=begin + n + 1), lines=[NewLine(sku.pk, 1)])
        for n, sku in enumerate(skus)
    ]
    placed = _ids(orders.place(news, by=cast.people[2], now=timezone.now()))
    ids = _read(cast, placed, paid=True, heard=True)
    screening.screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    stock.reserve(Order.objects.numbered(ids), by=BY, now=timezone.now())
    cases = dict(ShortageCase.objects.filter(order__in=ids).values_list("order_id", "pk"))
    return [(cases[order], order, sku.pk) for order, sku in zip(ids, skus, strict=True)]


def _lacking(cast: Cast, number: int) -> Sku:
    """Make a SKU of which there is nothing; one of which there is plenty stands in for it."""
    first = cast.skus[0]
    with entry("test.setup", by=BY):
        sku = Sku.objects.create(
            product=first.product,
            code=f"LACK-{number}",
            title=first.title,
            price_fen=first.price_fen,
            safety_stock=0,
        )
        Substitute.objects.create(sku=sku, instead=first)
    return sku


def one_piece(cast: Cast, times: int) -> list[tuple[int, Any]]:
    return [(sku.pk, cast.warehouse) for sku in cast.skus[1 + times : 1 + 2 * times]]


def files(_cast: Cast, times: int) -> list[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gendan-duels-"))
    return [
        _file(folder / f"ExportOrder{n}.csv", [_told(f"66{n:06}", paid=True)]) for n in range(times)
    ]


def changes(cast: Cast, times: int) -> list[tuple[int, Path]]:
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


def holds(cast: Cast, times: int) -> list[int]:
    """Holds of orders that wait for something else, too."""
    ids = held(cast, times)
    screening.hold(Order.objects.numbered(ids), by=BY, now=timezone.now(), why="核实")
    return _ids(Hold.objects.filter(order__in=ids, rule__code=MANUAL))


def _amended(orders_wanted: list[int], place: str = ELSEWHERE) -> list[int]:
    """Ask for another address of each order; return the amendments in the order of the orders."""
    wanted = [AnotherPlace(text=place)]
    news = [amend.NewAmendment(order, wanted) for order in orders_wanted]
    asked = amend.request(news, by=BY, now=timezone.now())
    found = dict(asked.values_list("order_id", "pk"))
    return [found[order] for order in orders_wanted]


def _with_amendments(shipments: list[int]) -> list[tuple[int, int]]:
    """Return each shipment (of one order) with a wish to change its order."""
    lines = ShipmentLine.objects.filter(shipment__in=shipments)
    owners = dict(lines.values_list("shipment", "order"))
    return list(zip(shipments, _amended([owners[pk] for pk in shipments]), strict=True))


def checked_and_amended(cast: Cast, times: int) -> list[tuple[int, int]]:
    return _with_amendments(checked(cast, times))


def packed_and_amended(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Parcels whose goods are to change: too late once they have left."""
    parcels_ready = packed(cast, times)
    lines = ShipmentLine.objects.filter(shipment__in=parcels_ready)
    owners = dict(lines.values_list("shipment", "order"))
    wanted = [SetQuantity(line=1, quantity=2)]
    news = [amend.NewAmendment(owners[pk], wanted) for pk in parcels_ready]
    asked = amend.request(news, by=BY, now=timezone.now())
    found = dict(asked.values_list("order_id", "pk"))
    return [(pk, found[owners[pk]]) for pk in parcels_ready]


def amended_twice(cast: Cast, times: int) -> list[tuple[int, int]]:
    """Two wishes for each order, of which the second was asked of the order as it is, too."""
    ids = allocated(cast, times)
    return list(zip(_amended(ids), _amended(ids, f"{ELSEWHERE}后门"), strict=True))


def unseen(cast: Cast, times: int) -> list[tuple[int, Any]]:
    """SKUs of which there has never been a piece."""
    first = cast.skus[0]
    with entry("test.setup", by=BY):
        fresh = Sku.objects.bulk_create(
            Sku(product=first.product, code=f"NEW-{time_ns()}-{n}", title=first.title, price_fen=1)
            for n in range(times)
        )
    return [(sku.pk, cast.warehouse) for sku in fresh]


def _file(place: Path, rows: list[list[str]]) -> Path:
    return as_csv(place, TAOBAO_SUB, rows, encoding="gb18030")


def parcels(ids: list[int]) -> ShipmentQuerySet:
    return Shipment.objects.numbered(ids)
