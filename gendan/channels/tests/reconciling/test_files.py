from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.channels.models import BillRow, DayFile, Difference
from gendan.channels.reconciling import bills
from gendan.channels.reconciling.actions import WrongFile
from gendan.channels.tests import files
from gendan.channels.tests.reconciling.conftest import Found
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop
from gendan.ui.tables.table import open_table
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet

Told = Callable[..., DayFile]
SHIPPED = "卖家已发货，等待买家确认"


@pytest.fixture
def export(tmp_path: Path, now: datetime) -> Callable[..., Path]:
    """Return a maker of an order list of today."""

    def make(*rows: list[str]) -> Path:
        place = tmp_path / f"ExportOrderList{len(list(tmp_path.iterdir()))}.csv"
        return files.as_csv(
            place, files.TAOBAO_ORDERS, list(rows), encoding="gb18030", trailing=True
        )

    return make


def row(order: Order, status: str = "买家已付款，等待卖家发货", **more: str) -> list[str]:
    """Return what a platform says of an order that it knows as we do."""
    at = f"{timezone.localtime(order.placed_at):%Y-%m-%d %H:%M:%S}"
    usual = {
        "买家应付货款": f"{order.total_fen / 100:.2f}",
        "买家应付邮费": "0.00",
        "订单创建时间": at,
        "订单付款时间": at,
    }
    return files.taobao_order(order.platform_order, status, **{**usual, **more})


def test_a_platform_that_says_the_same_leaves_no_difference(
    make_orders: OrderMaker, shop: Shop, told: Told, export: Callable[..., Path], found: Found
) -> None:
    orders = make_orders(3)
    file = told(shop, export(*[row(order) for order in orders]))
    assert (file.state, file.rows, file.bad) == ("DONE", 3, 0)
    assert found(again=False) == set()
    assert Order.objects.count() == 3


def test_both_directions_amounts_and_states_are_found(
    make_orders: OrderMaker, shop: Shop, told: Told, export: Callable[..., Path], found: Found
) -> None:
    same, other_amount, other_state, _here_only = make_orders(4).order_by("pk")
    at = f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    told(
        shop,
        export(
            row(same),
            row(other_amount, 买家应付货款="200.00"),
            row(other_state, "交易关闭"),
            files.taobao_order("990001", 订单创建时间=at, 订单付款时间=at),
        ),
    )
    assert found(again=False) == {
        ("AMOUNT", "25600", "20000"),
        ("STATE", "PAID", "CLOSED"),
        ("HERE_ONLY", "PAID 25600", ""),
        ("THERE_ONLY", "", "PAID 21000"),
    }
    assert Order.objects.count() == 4


def test_another_waybill_at_the_platform_is_found(
    parcels: ShipmentQuerySet, shop: Shop, told: Told, export: Callable[..., Path], found: Found
) -> None:
    first, second, third = Order.objects.order_by("pk")
    numbers = [line.shipment.waybill for line in parcels[0].lines.all()]
    told(
        shop,
        export(
            row(first, SHIPPED, 物流单号=numbers[0]),
            row(second, SHIPPED, 物流单号="YT7777777777777"),
            row(third),
        ),
    )
    ours = Shipment.objects.get(lines__order=second).waybill
    assert found(again=False) == {
        ("WAYBILL", ours, "YT7777777777777"),
        ("STATE", "SHIPPED", "PAID"),
    }


def test_the_same_file_twice_changes_nothing(
    make_orders: OrderMaker, shop: Shop, told: Told, export: Callable[..., Path]
) -> None:
    order = make_orders(1)[0]
    place = export(row(order, 买家应付货款="1.00"))
    told(shop, place)
    before = list(Difference.objects.values_list())
    told(shop, place)
    assert DayFile.objects.count() == 1
    assert list(Difference.objects.values_list()) == before


def test_a_file_of_another_day_or_platform_or_of_goods_alone_is_refused(
    make_orders: OrderMaker, shop: Shop, told: Told, export: Callable[..., Path], tmp_path: Path
) -> None:
    make_orders(1)
    file = told(shop, export(files.taobao_order("33001")))
    assert file.state == "FAILED"
    assert "33001" not in Difference.objects.values_list("key", flat=True)
    details = files.as_csv(
        tmp_path / "ExportOrderDetailList.csv", files.TAOBAO_DETAILS, [files.taobao_detail("3")]
    )
    douyin = files.as_csv(tmp_path / "dy.csv", files.DOUYIN, [["x"] * len(files.DOUYIN)])
    for place in (details, douyin):
        with pytest.raises(WrongFile):
            told(shop, place)
    assert not Difference.objects.exists()


def test_a_carriers_file_is_compared_in_both_directions(
    parcels: ShipmentQuerySet, yuantong: Carrier, told: Told, found: Found, today: date
) -> None:
    first, second, _third = parcels.order_by("pk")
    with entry("test.setup", by=TESTER):
        parcels.update(weight_g=800)
    lines = [
        "运单号码,揽收日期,计费重量(kg),运费(元)",
        f"{first.waybill},{today},1,3.5",
        f"{first.waybill},{today},1,3.5",
        f"{second.waybill},{today},2.5,8",
        f"YT8888888888888,{today},1,3.5",
        "合计,,,18.5",
    ]
    file = told(yuantong, "\n".join(lines), "bill.csv")
    assert (file.rows, file.bad, BillRow.objects.count()) == (5, 1, 4)
    waybill = parcels.order_by("pk")[2].waybill
    assert found(again=False) == {
        ("CARRIER_TWICE", "1", "2"),
        ("CARRIER_WEIGHS", "800 g", "2500 g"),
        ("CARRIER_ONLY", "", "YT8888888888888"),
        ("CARRIER_LACKS", waybill, ""),
    }
    told(yuantong, "\n".join(lines), "bill.csv")
    assert BillRow.objects.count() == 4
    told(yuantong, f"单号\n{waybill}\n", "more.csv")
    assert "CARRIER_LACKS" not in {kind for kind, _o, _t in found(again=False)}


def test_a_file_without_waybills_is_refused_and_not_kept(
    yuantong: Carrier, told: Told, zhao: Person
) -> None:
    with pytest.raises(WrongFile):
        told(yuantong, "姓名,金额\n林一诺,3\n", "bill.csv")
    assert not DayFile.objects.exists()


def test_columns_are_known_by_many_names(tmp_path: Path) -> None:
    place = tmp_path / "bill.csv"
    place.write_text(
        "Tracking Number,Weight(g),Amount,Ship Date\nSF1234567890123,350,12.8,2026/11/22\n"
    )
    (line,) = bills.lines(open_table(place))
    assert line is not None
    assert (line.waybill, line.weight_g, line.fee_fen) == ("SF1234567890123", 350, 1280)
    assert line.on == date(2026, 11, 22)


def test_orders_that_are_cancelled_on_both_sides_agree(
    make_orders: OrderMaker, shop: Shop, told: Told, export: Callable[..., Path], found: Found
) -> None:
    order = make_orders(1, stage=Stage.CANCELLED)[0]
    told(shop, export(row(order, "交易关闭", 买家应付货款="1.00")))
    assert found(again=False) == set()


def test_what_is_no_number_is_no_weight_and_no_fee(tmp_path: Path) -> None:
    place = tmp_path / "bill.csv"
    cells = ("NaN,Infinity", "1e30,-1e30", "重,贵", "1.5kg,¥8")
    numbers = "\n".join(f"YT88001234567{n},{each}" for n, each in enumerate(cells))
    place.write_text(f"运单号,重量,运费\n{numbers}\n")
    read = [(line.weight_g, line.fee_fen) for line in bills.lines(open_table(place)) if line]
    assert read == [(None, None), (None, None), (None, None), (1500, 800)]
