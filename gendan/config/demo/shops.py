"""What the demo's shops are told of the stock, and how its last days are reconciled."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gendan.channels.models import Difference, DifferenceKind, Offer, PublishRule
from gendan.channels.publishing import actions as publishing
from gendan.channels.reconciling import actions as reconciling
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.people.models import Person, Shop, Warehouse
from gendan.stock.actions import Goods, adjust
from gendan.stock.models import Balance
from gendan.warehouse.models import Carrier, Shipment

BY = Job("demo")
HEADS = (
    "订单编号",
    "买家会员名",
    "买家应付货款",
    "买家应付邮费",
    "订单状态",
    "收货人姓名",
    "订单创建时间",
    "物流单号",
)
HEAVY_G = 3_400


def tell(merchandiser: Person, keeper: Person) -> None:
    """Let stock be published to the shops, and days be reconciled."""
    _publish(merchandiser, keeper)
    for days_ago in (3, 2, 1):
        day = timezone.localdate() - timedelta(days=days_ago)
        reconciling.compare_house(day, by=BY, now=timezone.now())
    _carrier_tells(merchandiser)
    _platform_tells(merchandiser)


def _publish(merchandiser: Person, keeper: Person) -> None:
    """One rule for all shops, a careful one for live streams; the flagship's file is taken."""
    live = Shop.objects.get(code="DY")
    publishing.save_rule(PublishRule(), by=merchandiser, why="全部店铺按可售库存同步")
    publishing.save_rule(
        PublishRule(shop=live, percent=70, minus=2, most=60), by=merchandiser, why="直播间防超卖"
    )
    presold = PublishRule(shop=Shop.objects.get(code="PDD"), arriving_percent=50, arriving_days=7)
    publishing.save_rule(presold, by=merchandiser, why="一周内到货的先放出一半")
    publishing.capture(by=BY, is_full=True)
    codes = Offer.objects.order_by("code__sku__product", "pk").values_list(
        "code", "shop__code", "code__sku__product"
    )
    numbers = {code: f"{610 + len(shop)}{product:09}" for code, shop, product in codes}
    publishing.set_items(numbers, by=merchandiser, why="从商品管理页导出")
    _take_file("TB", merchandiser, is_uploaded=True)
    _sell_some(keeper)
    publishing.capture(by=BY, is_full=True)
    _take_file("PDD", merchandiser, is_uploaded=False)


def _take_file(code: str, clerk: Person, *, is_uploaded: bool) -> None:
    shop, now = Shop.objects.get(code=code), timezone.now()
    name = f"{code}-stock-{timezone.localtime(now):%Y%m%d}.xlsx"
    publishing.export(shop, name, by=clerk, now=now)
    if is_uploaded:
        publishing.confirm(shop, name, by=clerk, now=now)


def _sell_some(keeper: Person) -> None:
    """A few pieces are found broken; the shops show another number than they ought to."""
    hangzhou = Warehouse.objects.get(code="HZ")
    lying = Balance.objects.filter(warehouse=hangzhou, on_hand__gt=20).order_by("pk")[:6]
    broken = [
        Goods(balance.sku_id, -2) for balance in lying if balance.on_hand - balance.reserved > 2
    ]
    if broken:
        adjust(broken, hangzhou, by=keeper, why="外盒压损，转残次")


def _carrier_tells(clerk: Person) -> None:
    """A carrier's bill: too heavy, too dear, missing, there twice, and unknown, one of each."""
    left = timezone.now() - timedelta(hours=12)
    parcels = Shipment.objects.exclude(carriage=None).filter(shipped_at__lt=left)
    parcels = parcels.select_related("carrier", "carriage")
    newest = parcels.order_by("-shipped_at", "pk").first()
    if newest is None or newest.carrier is None:
        return
    day = _day_of(newest)
    same = parcels.filter(carrier=newest.carrier).order_by("pk")
    heavy, dear, _missing, *others = [parcel for parcel in same if _day_of(parcel) == day]
    rows = [_billed(parcel, day) for parcel in others]
    rows += [_billed(dear, day, more_fen=200), *rows[:1]]
    rows += [(heavy.waybill, day, f"{HEAVY_G / 1000:.2f}", "12.00")]
    rows += [("YT9900000000017", day, "0.60", "6.00")]
    name = f"{newest.carrier.name}对账单.csv"
    _hand_in(newest.carrier, day, name, ("运单号", "揽收日期", "计费重量(kg)", "运费"), rows, clerk)


def _billed(parcel: Shipment, day: date, *, more_fen: int = 0) -> tuple[object, ...]:
    fen = (parcel.carriage.fee_fen or 0) + more_fen
    return parcel.waybill, day, f"{_kilos(parcel):.2f}", f"{fen / 100:.2f}"


def _platform_tells(clerk: Person) -> None:
    """The flagship's order list of yesterday: an amount was changed there, one order is new."""
    shop = Shop.objects.get(code="TB")
    placed = Order.objects.filter(shop=shop).exclude(platform_order="").order_by("-placed_at")
    yesterday = timezone.localdate() - timedelta(days=1)
    orders = [order for order in placed[:400] if timezone.localdate(order.placed_at) == yesterday]
    if len(orders) < 3:
        return
    rows = [_row(order, order.total_fen) for order in orders[2:]]
    rows += [
        _row(orders[0], orders[0].total_fen - 1000),
        _row(orders[1], orders[1].total_fen, "3011990099"),
    ]
    _hand_in(shop, yesterday, "ExportOrderList.csv", HEADS, rows, clerk)
    late = Difference.objects.filter(kind=DifferenceKind.AMOUNT, state="OPEN")
    if late:
        reconciling.settle(
            late, by=clerk, now=timezone.now(), why="掌柜在后台改价 10 元，已与买家说好"
        )


def _row(order: Order, total_fen: int, number: str = "") -> tuple[object, ...]:
    waybills = Shipment.objects.filter(lines__order=order, shipped_at__isnull=False)
    waybill = waybills.values_list("waybill", flat=True).first() or ""
    state = "卖家已发货，等待买家确认" if waybill else "买家已付款，等待卖家发货"
    if order.stage in ("CANCELLED", "UNPAID"):
        state = "交易关闭" if order.stage == "CANCELLED" else "等待买家付款"
    placed = f"{timezone.localtime(order.placed_at):%Y-%m-%d %H:%M:%S}"
    total = f"{total_fen / 100:.2f}"
    return (
        number or order.platform_order,
        order.buyer,
        total,
        "0.00",
        state,
        "某",
        placed,
        waybill,
    )


def _hand_in(
    of: Shop | Carrier,
    day: date,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    clerk: Person,
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    upload = SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"))
    file = reconciling.take_file(of, day, upload, by=clerk)
    reconciling.read_file(file, by=clerk, now=timezone.now())


def _day_of(parcel: Shipment) -> date:
    assert parcel.shipped_at is not None
    return timezone.localdate(parcel.shipped_at)


def _kilos(parcel: Shipment) -> float:
    return (parcel.weight_g or parcel.expected_g or 500) / 1000
