"""A small house at work: orders at every stage of the way, all of it done by the real actions."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from gendan.channels.actions import import_files
from gendan.channels.tests.files import TAOBAO_SUB, as_csv, sub_order
from gendan.delivery.actions import complete, end
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills
from gendan.orders import actions as orders
from gendan.orders.actions import NewPayment
from gendan.orders.models import Order, OrderQuerySet
from gendan.screening import actions as screening
from gendan.stock import actions as stock
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from tests.prove.cast import BY, Cast, asked, furnish

PIECES = (50, 50, 1)
PARCELS = 6


def build() -> None:
    """Furnish it, and let orders wait, be held, be short, be packed, be on the way and be over."""
    cast = furnish(people=1, pieces=PIECES)
    held, short = _placed(cast, [[(0, 1)], [(2, 3)]])
    parcels = _placed(cast, [[(0, 2), (1, 1)]] * PARCELS)
    orders.change(_of([held]), by=BY, seller_remark="看一下")
    screening.screen(_of([held, short, *parcels]), by=BY, now=timezone.now())
    stock.reserve(_of([short, *parcels]), by=BY, now=timezone.now())
    _through_the_house([shipment.pk for shipment in plan(_of(parcels), by=BY)])
    _imported()


def _placed(cast: Cast, wanted: Sequence[Sequence[tuple[int, int]]]) -> list[int]:
    """Place orders, each by a buyer of their own, and pay them."""
    now, begin = timezone.now(), Order.objects.count()
    news = [asked(cast, lines, buyer=begin + n, house=begin + n) for n, lines in enumerate(wanted)]
    placed = list(orders.place(news, by=cast.people[0], now=now).order_by("pk"))
    money = [NewPayment(order.pk, "CASH", order.total_fen) for order in placed]
    ids = [order.pk for order in placed]
    orders.read_again(_of(ids), by=cast.people[0], now=now, payments=money, heard=True)
    return ids


def _through_the_house(shipments: list[int]) -> None:
    """Leave one parcel in a wave, one packed, two on the way, one delivered, one order over."""
    gone = shipments[2:]
    release(_parcels(shipments), by=BY)
    pick(_parcels(shipments[1:]), by=BY)
    verify_whole(_parcels(shipments[1:]), by=BY)
    pack(_parcels(shipments[1:]), by=BY)
    draw_waybills(_parcels(shipments[1:]), by=BY)
    hand_over(_parcels(gone), by=BY, now=timezone.now())
    end.deliver(_parcels(gone[2:]), by=BY, why="客户来电")
    complete.complete(Order.objects.filter(shipment_lines__shipment=gone[-1]).distinct(), by=BY)


def _imported() -> None:
    with TemporaryDirectory(prefix="gendan-damage-") as folder:
        rows = [sub_order("660001", 商家编码="FLASH-0"), sub_order("660002", 商家编码="FLASH-1")]
        file = as_csv(Path(folder) / "ExportOrder1.csv", TAOBAO_SUB, rows, encoding="gb18030")
        import_files("TB9", [file], by=BY)


def _of(ids: Sequence[int]) -> OrderQuerySet:
    return Order.objects.numbered(ids)


def _parcels(ids: Sequence[int]) -> ShipmentQuerySet:
    return Shipment.objects.numbered(ids)
