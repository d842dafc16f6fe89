"""Order files come in once, whole, and only forwards."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.catalog.models import ShopCode, Sku
from gendan.channels.actions import UnknownFile, WrongShop, import_files
from gendan.channels.models import RawRow, StagedLine, StagedOrder
from gendan.channels.tests import files
from gendan.channels.tests.conftest import Taker
from gendan.customers.models import Customer
from gendan.journal.actors import Job
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, Payment
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Shop
from gendan.worklist.models import Item, Kind

pytestmark = pytest.mark.django_db

UNPAID = {"订单状态": "等待买家付款", "订单付款时间": "", "买家实付金额": "0"}


def order(number: str) -> Order:
    return Order.objects.get(platform_order=number)


def test_it_makes_orders_and_opens_the_shop(take: Taker, tea: Sku) -> None:
    report = take(files.sub_order("88001"), files.sub_order("88001", 2), files.sub_order("88002"))
    assert report["shop_created"]
    assert (report["platform"], report["orders"], report["lines"]) == ("TAOBAO", 2, 3)
    assert (report["new"], report["updated"], report["unchanged"]) == (2, 0, 0)
    assert (report["rejected"], report["rows_in_error"]) == (0, [])
    first = order("88001")
    assert (first.stage, first.platform_state) == (Stage.SCREENING, "PAID")
    assert (first.goods_fen, first.discount_fen, first.total_fen) == (25600, 1600, 24000)
    assert (first.paid_fen, Payment.objects.get(order=first).amount_fen) == (24000, 24000)
    assert (first.province, first.district, first.zip) == ("广东省", "越秀区", "510180")
    assert first.customer is not None
    assert first.customer.phone == "13900000001"
    assert [line.sku for line in first.lines.all()] == [tea, tea]


def test_it_says_who(take: Taker) -> None:
    take(files.sub_order("88001"))
    made = Entry.objects.get(verb="order.imported")
    assert (made.actor_name, made.facts["new"]) == ("test", 1)
    assert Change.objects.filter(entry=made, subject__name="orders_order").count() == 1


def test_the_same_file_twice_changes_nothing(take: Taker, tmp_path: Path) -> None:
    rows = [files.sub_order("88001"), files.sub_order("88002")]
    take(*rows)
    before = Entry.objects.count(), Change.objects.count()
    again = take(*rows)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert (again["orders"], again["lines"]) == (2, 2)
    assert (Entry.objects.count(), Change.objects.count()) == before


def test_the_same_orders_in_another_file_change_nothing(take: Taker) -> None:
    take(files.sub_order("88001"), files.sub_order("88002"))
    before = Change.objects.count()
    again = take(files.sub_order("88002"), files.sub_order("88001"))
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert Change.objects.count() == before


def test_a_newer_export_updates(take: Taker) -> None:
    take(files.sub_order("88001", **UNPAID))
    assert order("88001").stage == Stage.UNPAID
    report = take(files.sub_order("88001"))
    assert (report["new"], report["updated"]) == (0, 1)
    now = order("88001")
    assert (now.stage, now.paid_fen, now.platform_state) == (Stage.SCREENING, 12000, "PAID")
    assert now.promise_at is not None


def test_an_older_export_turns_nothing_back(take: Taker) -> None:
    take(files.sub_order("88001"))
    before = Change.objects.count()
    report = take(files.sub_order("88001", **UNPAID))
    assert (report["updated"], report["unchanged"]) == (0, 1)
    assert (order("88001").stage, Change.objects.count()) == (Stage.SCREENING, before)


def test_an_unpaid_order_that_was_closed_is_cancelled(take: Taker) -> None:
    take(files.sub_order("88001", **UNPAID))
    take(files.sub_order("88001", **{**UNPAID, "订单状态": "交易关闭"}))
    assert order("88001").stage == Stage.CANCELLED
    assert order("88001").cancelled_at is not None


@pytest.mark.parametrize(
    ("words", "stage", "state"),
    [
        ("等待买家付款", Stage.UNPAID, "UNPAID"),
        ("PAID_FORBID_CONSIGN", Stage.SCREENING, "FORBIDDEN"),
        ("卖家已发货，等待买家确认", Stage.COMPLETED, "SHIPPED"),
        ("交易成功", Stage.COMPLETED, "FINISHED"),
        ("交易关闭", Stage.CANCELLED, "CLOSED"),
        ("新的状态", Stage.SCREENING, "UNKNOWN"),
        ("卖家部分发货", Stage.SCREENING, "FORBIDDEN"),
    ],
)
def test_an_order_enters_where_its_platform_is(
    take: Taker, words: str, stage: Stage, state: str
) -> None:
    take(files.sub_order("88001", 订单状态=words))
    made = order("88001")
    assert (made.stage, made.platform_state, made.platform_status) == (stage, state, words)


def test_an_order_on_its_way_is_not_rewritten(take: Taker) -> None:
    take(files.sub_order("88001"))
    with entry("test.passed", by=Job("test")):
        move(Order.objects.all(), Stage.READY)
    report = take(
        files.sub_order(
            "88001",
            退款状态="买家已经申请退款，等待卖家同意",
            收货地址="浙江省 杭州市 西湖区 文三路1号",
        )
    )
    now = order("88001")
    assert report["updated"] == 1
    assert (now.stage, now.platform_state, now.city) == (Stage.READY, "REFUNDING", "广州市")
    assert now.lines.get().refund_state == "REQUESTED"
    item = Item.objects.get(kind=Kind.PLATFORM)
    assert (item.subject_id, item.detail) == (now.pk, "state,place,lines")


def test_an_order_not_yet_screened_follows_the_platform(take: Taker) -> None:
    take(files.sub_order("88001"), files.sub_order("88001", 2))
    take(files.sub_order("88001", 购买数量="3", 收货地址="浙江省 杭州市 西湖区 文三路1号"))
    now = order("88001")
    assert (now.city, now.goods_fen) == ("杭州市", 38400)
    assert [(line.quantity, line.is_cancelled) for line in now.lines.all()] == [
        (3, False),
        (1, True),
    ]


def test_what_we_changed_stays_where_the_platform_says_nothing_new(take: Taker) -> None:
    take(files.sub_order("88001"))
    with entry("test.amended", by=Job("test")):
        Order.objects.update(address="改过的地址")
    take(files.sub_order("88001", 退款状态="买家已经申请退款，等待卖家同意"))
    assert (order("88001").address, order("88001").platform_state) == ("改过的地址", "REFUNDING")


def test_a_refunded_line_of_a_living_order_is_not_shipped(take: Taker) -> None:
    take(files.sub_order("88001"), files.sub_order("88001", 2, 退款状态="退款成功"))
    assert [line.is_cancelled for line in order("88001").lines.all()] == [False, True]
    assert order("88001").platform_state == "PAID"
    assert order("88001").goods_fen == 12800


def test_an_order_shipped_in_part_elsewhere_waits_for_a_person(take: Taker) -> None:
    shipped = "卖家已发货，等待买家确认"
    take(files.sub_order("88001"), files.sub_order("88001", 2, 订单状态=shipped))
    assert (order("88001").stage, order("88001").platform_state) == ("SCREENING", "FORBIDDEN")


def test_an_order_that_we_ship_in_part_keeps_its_state(take: Taker) -> None:
    take(files.sub_order("88001"))
    with entry("test.passed", by=Job("test")):
        Order.objects.update(stage=Stage.ALLOCATED)
    take(files.sub_order("88001", 订单状态="卖家部分发货"))
    assert (order("88001").stage, order("88001").platform_state) == (Stage.ALLOCATED, "PAID")


def test_two_halves_together_in_any_order(halves: tuple[Path, Path], tea: Sku) -> None:
    report = import_files("TB1", [halves[1], halves[0]], by=Job("test"))
    assert (report["orders"], report["lines"], report["new"], report["waiting"]) == (2, 2, 2, 0)
    assert order("33001").total_fen == 21000
    assert order("33001").lines.get().sku == tea
    assert (order("33002").stage, order("33002").paid_fen) == (Stage.UNPAID, 0)
    assert not StagedOrder.objects.exists()
    assert not StagedLine.objects.exists()


@pytest.mark.parametrize("first", [0, 1])
def test_two_halves_apart_wait_for_each_other(halves: tuple[Path, Path], first: int) -> None:
    waiting = import_files("TB1", [halves[first]], by=Job("test"))
    assert (waiting["orders"], waiting["new"], waiting["waiting"]) == (2, 0, 2)
    assert import_files("TB1", [halves[first]], by=Job("test"))["waiting"] == 2
    assert not Order.objects.exists()
    done = import_files("TB1", [halves[1 - first]], by=Job("test"))
    assert (done["new"], done["waiting"]) == (2, 0)
    again = import_files("TB1", list(halves), by=Job("test"))
    assert (again["new"], again["updated"], again["waiting"]) == (0, 0, 0)


def test_an_order_list_alone_updates_what_is_known(
    halves: tuple[Path, Path], tmp_path: Path
) -> None:
    import_files("TB1", list(halves), by=Job("test"))
    later = files.as_csv(
        tmp_path / "later.csv",
        files.TAOBAO_ORDERS,
        [files.taobao_order("33001", "交易关闭")],
    )
    report = import_files("TB1", [later], by=Job("test"))
    assert (report["updated"], report["waiting"]) == (1, 0)
    assert (order("33001").stage, order("33001").lines.count()) == (Stage.CANCELLED, 1)
    assert order("33001").goods_fen == 22000


def test_an_order_with_a_bad_row_stays_outside_whole(take: Taker) -> None:
    bad = files.sub_order("88001", 2, 购买数量="two")
    report = take(files.sub_order("88001"), bad, files.sub_order("88002"))
    assert (report["orders"], report["new"], report["rejected"]) == (1, 1, 1)
    (error,) = report["rows_in_error"]
    assert (error["row"], error["field"], error["value"]) == (3, "购买数量", "two")
    assert error["message"]
    assert error["remedy"]
    assert Item.objects.filter(kind=Kind.IMPORT).count() == 1
    mended = take(files.sub_order("88001"), files.sub_order("88001", 2))
    assert (mended["new"], mended["rejected"]) == (1, 0)


def test_an_order_whose_detail_list_has_a_bad_row_stays_outside_whole(tmp_path: Path) -> None:
    orders = [files.taobao_order("33001"), files.taobao_order("33002")]
    bad = files.taobao_detail("33001")
    bad[files.TAOBAO_DETAILS.index("购买数量")] = "two"
    details = [files.taobao_detail("33001", "CUP-9"), files.taobao_detail("33002"), bad]
    halves = [
        files.as_csv(tmp_path / "orders.csv", files.TAOBAO_ORDERS, orders),
        files.as_csv(tmp_path / "details.csv", files.TAOBAO_DETAILS, details),
    ]
    report = import_files("TB1", halves, by=Job("test"))
    assert (report["new"], report["waiting"], report["rejected"]) == (1, 1, 1)
    assert not Order.objects.filter(platform_order="33001").exists()


def test_the_rows_are_kept_as_they_came(take: Taker) -> None:
    take(files.sub_order("88001"))
    assert RawRow.objects.get().cells[1] == '="88001"'


def test_a_code_nobody_knows_is_one_work_item(take: Taker, tea: Sku) -> None:
    take(*(files.sub_order(f"8800{n}", 商家编码="WHAT-1") for n in range(3)))
    assert Line.objects.filter(sku=None, shop_code="WHAT-1").count() == 3
    item = Item.objects.get(kind=Kind.UNMAPPED)
    assert item.subject_id == ShopCode.objects.get(code="WHAT-1").pk


def test_a_mapped_code_finds_its_sku(take: Taker, shop: Shop, tea: Sku) -> None:
    with entry("test.setup", by=Job("test")):
        ShopCode.objects.create(shop=shop, code="T-250", sku=tea)
    take(files.sub_order("88001", 商家编码="T-250"))
    assert Line.objects.get().sku == tea


def test_a_customer_is_found_again(take: Taker) -> None:
    take(files.sub_order("88001", 买家会员名="ann"))
    take(files.sub_order("88002", 买家会员名="ann", 联系手机="13900000002"))
    take(files.sub_order("88003", 买家会员名="another", 联系手机="13900000002"))
    take(files.sub_order("88004", 买家会员名="bob", 联系手机="13900000003"))
    assert Customer.objects.count() == 2
    assert order("88001").customer == order("88002").customer == order("88003").customer
    assert set(Customer.objects.values_list("addresses__receiver_phone", flat=True)) == {
        "13900000001",
        "13900000002",
        "13900000003",
    }


def test_it_refuses_another_platforms_shop(take: Taker, store: Shop) -> None:
    with pytest.raises(WrongShop):
        take(files.sub_order("88001"), shop=store.code)
    assert not Order.objects.exists()


def test_it_refuses_what_is_no_order_file_and_opens_no_shop(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UnknownFile, match=r"a\.csv"):
        import_files("NEW", [place], by=Job("test"))
    assert not Shop.objects.exists()


def test_it_costs_the_same_for_one_and_for_three_hundred(take: Taker) -> None:
    costs = []
    for begin, number in ((1000, 1), (2000, 300)):
        rows = [files.sub_order(f"88{begin + n}") for n in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            take(*rows)
        costs.append(len(queries))
    assert costs[1] <= costs[0]


def test_the_books_add_up(take: Taker) -> None:
    rows = [files.sub_order(f"880{n}", 买家应付货款=f"{n}.37", 购买数量="3") for n in range(10, 40)]
    take(*rows)
    for made in Order.objects.all():
        assert made.goods_fen == sum(line.total_fen for line in made.lines.all())
        assert made.paid_fen == sum(payment.amount_fen for payment in made.payments.all())
