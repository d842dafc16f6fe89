import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import ShopCode, Sku
from gendan.customers.addresses import split
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, Warehouse
from gendan.screening.actions import (
    CannotClear,
    NoReason,
    clear,
    correct_address,
    correct_phone,
    hold,
    look_again,
    map_codes,
    map_lines,
    recheck,
    release,
    rescreen,
    screen,
    screen_next,
    settle,
)
from gendan.screening.models import Hold, Rule
from gendan.screening.tests.conftest import holds
from gendan.stock.actions import Goods, receive
from gendan.worklist.models import Item

NOW = timezone.now()


@pytest.fixture(autouse=True)
def shelf(tea: Sku, bag: Sku, hangzhou: Warehouse) -> None:
    receive([Goods(tea.pk, 2000), Goods(bag.pk, 100)], hangzhou, by=TESTER)


def change(order: Order, **values: object) -> None:
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=order.pk).update(**values)


def stage(order: Order) -> str:
    order.refresh_from_db()
    return order.stage


def test_an_order_carries_all_its_holds_at_once(make_orders: OrderMaker, li: Person) -> None:
    order = make_orders(1, receiver_phone="12", buyer_remark="快点").get()
    assert screen(Order.objects.all(), by=li, now=NOW) == (0, 1)
    assert set(holds(order)) == {"PHONE", "BUYER_REMARK"}
    assert stage(order) == Stage.HELD
    assert Item.objects.open().get(kind="HELD").subject_id == order.pk


def test_each_hold_is_cleared_on_its_own_with_who_and_why(
    make_orders: OrderMaker, li: Person
) -> None:
    order = make_orders(1, buyer_remark="快点", seller_remark="老客").get()
    screen_next(by=TESTER, now=NOW)
    one, other = Hold.objects.order_by("pk")
    assert not clear(Hold.objects.filter(pk=one.pk), by=li, now=NOW, why="已读")
    one.refresh_from_db()
    assert (one.cleared_by, one.cleared_why, one.cleared_at) == (li, "已读", NOW)
    assert stage(order) == Stage.HELD
    assert clear(Hold.objects.filter(pk=other.pk), by=li, now=NOW, why="知道了").get() == order
    assert stage(order) == Stage.READY
    assert not Item.objects.open().exists()
    said = Entry.objects.filter(verb="order.hold_cleared").latest("pk")
    assert (said.actor_name, said.why) == ("李审言", "知道了")


def test_it_refuses_to_clear_without_a_reason(make_orders: OrderMaker, li: Person) -> None:
    make_orders(1, buyer_remark="快点")
    screen_next(by=TESTER, now=NOW)
    with pytest.raises(CannotClear):
        clear(Hold.objects.all(), by=li, now=NOW, why=" ")
    assert Hold.objects.get().cleared_at is None


def test_release_clears_what_was_only_to_be_looked_at(make_orders: OrderMaker, li: Person) -> None:
    order = make_orders(1, buyer_remark="快点", seller_remark="老客").get()
    screen_next(by=TESTER, now=NOW)
    release(Order.objects.all(), by=li, now=NOW)
    assert stage(order) == Stage.READY
    assert set(Hold.objects.values_list("cleared_by", flat=True)) == {li.pk}


def test_release_refuses_what_must_be_solved_and_changes_nothing(
    make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, buyer_remark="快点")
    make_orders(1, receiver_phone="12")
    screen_next(by=TESTER, now=NOW)
    with pytest.raises(CannotClear):
        release(Order.objects.all(), by=li, now=NOW)
    assert not Hold.objects.exclude(cleared_at=None).exists()
    assert set(Order.objects.values_list("stage", flat=True)) == {Stage.HELD}


def test_release_refuses_the_wrong_stage(make_orders: OrderMaker, li: Person) -> None:
    make_orders(1, stage=Stage.ALLOCATED)
    with pytest.raises(WrongStage):
        release(Order.objects.all(), by=li, now=NOW)
    assert not Change.objects.filter(entry__verb="order.released").exists()


def test_only_a_supervisor_approves_a_price_below_the_floor(
    make_orders: OrderMaker, li: Person, zhao: Person
) -> None:
    with entry("test.setup", by=TESTER):
        Sku.objects.update(floor_fen=13000)
    order = make_orders(1).get()
    screen_next(by=TESTER, now=NOW)
    with pytest.raises(CannotClear):
        clear(Hold.objects.all(), by=li, now=NOW, why="熟客")
    clear(Hold.objects.all(), by=zhao, now=NOW, why="熟客")
    assert stage(order) == Stage.READY


def test_what_a_person_cleared_is_not_put_again_until_the_evidence_changes(
    make_orders: OrderMaker, li: Person
) -> None:
    order = make_orders(1, receiver_phone="12", buyer_remark="快点").get()
    screen_next(by=TESTER, now=NOW)
    clear(Hold.objects.filter(rule__code="BUYER_REMARK"), by=li, now=NOW, why="已读")
    rescreen(Order.objects.all(), by=li, now=NOW)
    assert set(holds(order)) == {"PHONE"}
    change(order, buyer_remark="改成送人，快点")
    look_again(by=TESTER, now=NOW)
    assert set(holds(order)) == {"PHONE", "BUYER_REMARK"}


def test_what_is_no_longer_so_ends_by_itself(make_orders: OrderMaker) -> None:
    order = make_orders(1, platform_state="FORBIDDEN").get()
    screen_next(by=TESTER, now=NOW)
    assert look_again(by=TESTER, now=NOW) == (0, 0)
    change(order, platform_state="PAID")
    assert look_again(by=TESTER, now=NOW) == (1, 0)
    assert stage(order) == Stage.READY
    assert Hold.objects.get().cleared_by is None


def test_looking_again_in_vain_leaves_no_line_in_the_journal(make_orders: OrderMaker) -> None:
    make_orders(1, platform_state="FORBIDDEN")
    screen_next(by=TESTER, now=NOW)
    before = Entry.objects.count()
    look_again(by=TESTER, now=NOW)
    recheck(by=TESTER, now=NOW)
    assert (screen_next(by=TESTER, now=NOW), settle(by=TESTER, now=NOW)) == ((0, 0), 0)
    assert Entry.objects.count() == before


def test_a_released_order_is_held_again_when_the_platform_forbids_it(
    make_orders: OrderMaker,
) -> None:
    order = make_orders(1).get()
    screen_next(by=TESTER, now=NOW)
    assert recheck(by=TESTER, now=NOW) == 0
    change(order, platform_state="REFUNDING")
    assert recheck(by=TESTER, now=NOW) == 1
    assert stage(order) == Stage.HELD
    assert Item.objects.open().filter(kind="HELD").exists()


def test_holding_by_hand(make_orders: OrderMaker, li: Person) -> None:
    order = make_orders(1, stage=Stage.READY).get()
    with pytest.raises(NoReason):
        hold(Order.objects.all(), by=li, now=NOW, why="")
    hold(Order.objects.all(), by=li, now=NOW, why="等客户回电")
    assert stage(order) == Stage.HELD
    assert holds(order)["MANUAL"].evidence == {"why": "等客户回电", "by": "李审言"}
    assert rescreen(Order.objects.all(), by=li, now=NOW) == (0, 1)  # no rule lifts it
    clear(Hold.objects.all(), by=li, now=NOW, why="已回电")
    assert stage(order) == Stage.READY


def test_holding_refuses_what_has_its_goods_and_changes_nothing(
    make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, stage=Stage.READY)
    make_orders(1, stage=Stage.ALLOCATED)
    with pytest.raises(WrongStage):
        hold(Order.objects.all(), by=li, now=NOW, why="等")
    assert not Hold.objects.exists()
    assert not Order.objects.filter(stage=Stage.HELD).exists()


def test_mapping_a_code_serves_all_orders_that_say_it(
    make_orders: OrderMaker, shop: Shop, tea: Sku, bag: Sku, li: Person
) -> None:
    orders = make_orders(3)
    with entry("test.setup", by=TESTER):
        code = ShopCode.objects.create(shop=shop, code="KB-01")
        Line.objects.update(sku=None, shop_code="KB-01")
    assert screen_next(by=TESTER, now=NOW) == (0, 3)
    assert map_codes({code.pk: bag.pk}, by=li, now=NOW) == 3
    assert set(orders.values_list("stage", "lines__sku")) == {(Stage.READY, bag.pk)}


def test_mapping_a_line_without_a_code(make_orders: OrderMaker, tea: Sku, li: Person) -> None:
    order = make_orders(1).get()
    with entry("test.setup", by=TESTER):
        Line.objects.update(sku=None)
    screen_next(by=TESTER, now=NOW)
    with pytest.raises(CannotClear):
        clear(Hold.objects.all(), by=li, now=NOW, why="算了")
    map_lines({Line.objects.get().pk: tea.pk}, by=li, now=NOW)
    assert stage(order) == Stage.READY


def test_correcting_address_and_phone(make_orders: OrderMaker, li: Person) -> None:
    order = make_orders(1, division="", receiver_phone="12").get()
    screen_next(by=TESTER, now=NOW)
    correct_phone({order.pk: "139 0000 0002"}, by=li, now=NOW, why="客户来电")
    assert set(holds(order)) == {"ADDRESS"}
    correct_address({order.pk: split("浙江省杭州市西湖区文三路1号")}, by=li, now=NOW)
    assert stage(order) == Stage.READY
    assert (order.receiver_phone, order.division) == ("13900000002", "330106")


def test_holds_of_a_cancelled_order_end(make_orders: OrderMaker) -> None:
    order = make_orders(1, receiver_phone="12").get()
    screen_next(by=TESTER, now=NOW)
    change(order, stage=Stage.CANCELLED)
    assert settle(by=TESTER, now=NOW) == 1
    assert not holds(order)
    assert not Item.objects.open().exists()


def test_a_rule_that_cannot_be_read_holds_nothing_and_lifts_nothing(
    make_orders: OrderMaker, rules: dict[str, Rule]
) -> None:
    order = make_orders(1, buyer_remark="快点").get()
    screen_next(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="BUYER_REMARK").update(expression="gone = 1")
    look_again(by=TESTER, now=NOW)
    assert set(holds(order)) == {"BUYER_REMARK"}


def test_a_rule_that_is_switched_off_lets_go(make_orders: OrderMaker) -> None:
    order = make_orders(1, buyer_remark="快点").get()
    screen_next(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Rule.objects.update(is_on=False)
    look_again(by=TESTER, now=NOW)
    assert stage(order) == Stage.READY


def test_a_note_is_shown_and_holds_nothing(make_orders: OrderMaker, rules: dict[str, Rule]) -> None:
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="BUYER_REMARK").update(severity="NOTE")
    order = make_orders(1, buyer_remark="快点").get()
    assert screen_next(by=TESTER, now=NOW) == (1, 0)
    assert Hold.objects.get(order=order).evidence == {"buyer_remark": "快点"}


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, receiver_phone="12")
    make_orders(1, stage=Stage.READY)
    with pytest.raises(WrongStage):
        screen(Order.objects.all(), by=li, now=NOW)
    assert not Hold.objects.exists()


def test_it_costs_the_same_for_many(make_orders: OrderMaker, rules: dict[str, Rule]) -> None:
    counts = []
    for number in (1, 300):
        make_orders(number)
        make_orders(number, receiver_phone="12")
        with CaptureQueriesContext(connection) as queries:
            assert screen_next(by=TESTER, now=NOW) == (number, number)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_tells_who_comes_second_that_nothing_is_left_to_clear(
    make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, buyer_remark="请放门口")
    screen_next(by=TESTER, now=NOW)
    clear(Hold.objects.all(), by=li, now=NOW, why="已读")
    before = Entry.objects.count()
    with pytest.raises(CannotClear, match="同事"):
        clear(Hold.objects.all(), by=li, now=NOW, why="也读了")
    assert Entry.objects.count() == before
