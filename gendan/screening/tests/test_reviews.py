"""Two reviews: finance looks at an order when service has nothing left to decide."""

import pytest
from django.test import Client
from django.utils import timezone

from conftest import PASSWORD, TESTER, OrderMaker, person
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.people.permissions import Role
from gendan.screening.actions import CannotClear, clear, force, recheck, release, screen
from gendan.screening.models import Force, Hold, Rule
from gendan.screening.tests.conftest import holds
from gendan.screening.verify import differences
from gendan.stock.actions import Goods, receive
from gendan.worklist.models import Item, Kind

NOW = timezone.now()


@pytest.fixture(autouse=True)
def shelf(tea: Sku, hangzhou: Warehouse) -> None:
    receive([Goods(tea.pk, 1000)], hangzhou, by=TESTER)


@pytest.fixture
def qian(db: None) -> Person:
    """Finance."""
    return person("qian", "钱会计", Role.FINANCE)


@pytest.fixture
def costly(make_orders: OrderMaker, rules: dict[str, Rule]) -> Order:
    """An order with a remark for service, and an amount for finance."""
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="FINANCE").update(is_on=True, expression="total > 100")
    orders = make_orders(1, buyer_remark="要发票")
    screen(orders, by=TESTER, now=NOW)
    return orders.get()


def item(order: Order) -> str:
    return Item.objects.open().get(subject="order", subject_id=order.pk).kind


def test_service_looks_first_then_finance(costly: Order, li: Person, qian: Person) -> None:
    orders = Order.objects.numbered([costly.pk])
    assert set(holds(costly)) == {"BUYER_REMARK", "FINANCE"}
    assert item(costly) == Kind.HELD
    assert release(orders, by=li, now=NOW, why="发票另寄").count() == 0
    assert set(holds(costly)) == {"FINANCE"}
    assert item(costly) == Kind.FINANCE
    assert not list(differences())
    assert release(orders, by=qian, now=NOW, why="款已到").get().stage == Stage.READY
    assert not Item.objects.open().filter(subject_id=costly.pk).exists()


def test_finance_does_not_decide_before_service(costly: Order, qian: Person, zhao: Person) -> None:
    for colleague in (qian, zhao):
        with pytest.raises(CannotClear):
            clear(
                Hold.objects.filter(order=costly, rule__code="FINANCE"),
                by=colleague,
                now=NOW,
                why="早了",
            )
    assert set(holds(costly)) == {"BUYER_REMARK", "FINANCE"}


def test_service_does_not_decide_for_finance(costly: Order, li: Person) -> None:
    orders = Order.objects.numbered([costly.pk])
    release(orders, by=li, now=NOW)
    with pytest.raises(CannotClear):
        release(orders, by=li, now=NOW)
    assert set(holds(costly)) == {"FINANCE"}


def test_it_is_forced_with_the_right_and_a_reason(
    make_orders: OrderMaker, rules: dict[str, Rule], zhao: Person
) -> None:
    orders = make_orders(2, receiver_phone="12")
    screen(orders, by=TESTER, now=NOW)
    assert force(orders, by=zhao, now=NOW, why="客户当面确认").count() == 2
    assert set(orders.values_list("stage", flat=True)) == {Stage.READY}
    assert set(Force.objects.values_list("why", "by_name")) == {("客户当面确认", "赵主管")}
    assert Entry.objects.filter(verb="order.forced", why="客户当面确认").exists()
    assert recheck(by=TESTER, now=NOW) == 0


def test_it_is_not_forced_by_others_nor_without_a_reason(
    make_orders: OrderMaker, rules: dict[str, Rule], li: Person, zhao: Person
) -> None:
    orders = make_orders(1, receiver_phone="12")
    screen(orders, by=TESTER, now=NOW)
    for colleague, why in ((li, "急"), (zhao, " ")):
        with pytest.raises(CannotClear):
            force(orders, by=colleague, now=NOW, why=why)
    assert orders.get().stage == Stage.HELD


def test_unknown_goods_are_not_forced(
    make_orders: OrderMaker, rules: dict[str, Rule], zhao: Person
) -> None:
    orders = make_orders(1)
    with entry("test.setup", by=TESTER):
        orders.get().lines.update(sku=None, shop_code="X-1")
    screen(orders, by=TESTER, now=NOW)
    with pytest.raises(CannotClear):
        force(orders, by=zhao, now=NOW, why="先发")
    assert set(holds(orders.get())) >= {"UNMAPPED"}
    assert not Force.objects.exists()


def client_of(someone: Person) -> Client:
    client = Client()
    client.login(username=someone.username, password=PASSWORD)
    return client


def test_finance_sees_on_the_desk_what_is_theirs(costly: Order, li: Person, qian: Person) -> None:
    assert costly.number not in client_of(qian).get("/screening/").content.decode()
    release(Order.objects.numbered([costly.pk]), by=li, now=NOW)
    desk = client_of(qian)
    assert costly.number in desk.get("/screening/").content.decode()
    assert costly.number not in client_of(li).get("/screening/").content.decode()
    desk.post(f"/screening/{costly.number}/release", {"why": "款已到"})
    assert Order.objects.get(pk=costly.pk).stage == Stage.READY


def test_service_cannot_clear_a_hold_for_finance_on_its_page(costly: Order, li: Person) -> None:
    hold = Hold.objects.get(order=costly, rule__code="FINANCE")
    assert client_of(li).get(f"/screening/holds/{hold.pk}/clear").status_code == 404


@pytest.mark.parametrize("remedy", ["CANCEL", "ELSEWHERE", "FIX_ADDRESS", "FIX_PHONE"])
def test_who_reviews_for_finance_does_only_what_they_may(
    costly: Order, li: Person, qian: Person, remedy: str
) -> None:
    release(Order.objects.numbered([costly.pk]), by=li, now=NOW)
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="FINANCE").update(remedy=remedy)
    page = f"/screening/holds/{Hold.objects.get(order=costly, cleared_at=None).pk}/remedy"

    answers = [client_of(qian).get(page), client_of(qian).post(page, {"why": "弃单"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Order.objects.get(pk=costly.pk).stage == Stage.HELD
    assert not Entry.objects.filter(verb="order.unmasked").exists()


def test_the_order_says_that_it_was_forced(
    make_orders: OrderMaker, rules: dict[str, Rule], zhao: Person, li: Person
) -> None:
    order = make_orders(1, receiver_phone="12").get()
    screen(Order.objects.all(), by=TESTER, now=NOW)
    url = f"/screening/{order.number}/force"
    assert client_of(li).post(url, {"why": "急"}).status_code == 403
    assert client_of(zhao).post(url, {"why": "老客户口头确认"}).status_code == 302
    assert Order.objects.get(pk=order.pk).stage == Stage.READY
    page = client_of(zhao).get(f"/orders/{order.number}/").content.decode()
    assert "老客户口头确认" in page


def test_the_sweep_shows_what_is_held_and_clears_it(
    make_orders: OrderMaker, rules: dict[str, Rule], li: Person, qian: Person
) -> None:
    order = make_orders(1, buyer_remark="快点").get()
    screen(Order.objects.all(), by=TESTER, now=NOW)
    page = client_of(li).get("/screening/sweep/").content.decode()
    assert order.number in page
    assert "快点" in page
    assert client_of(li).get("/screening/sweep/?tab=long").status_code == 200
    hold = Hold.objects.get(order=order, cleared_at=None)
    said = {"action": "clear", "ids": [hold.pk], "why": "已读", "confirmed": "1"}
    client_of(li).post("/screening/sweep/", said)
    assert Order.objects.get(pk=order.pk).stage == Stage.READY
    assert client_of(qian).get("/screening/sweep/").status_code == 403
