"""Each built-in rule on an order that it must hold, and on one that it must not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.customers.models import Customer
from gendan.journal.writing import entry
from gendan.orders.actions.checklist import save_check_rule
from gendan.orders.checking import note_checks
from gendan.orders.models import CheckRule, Instruction, Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.screening.actions import screen, screen_next, switch
from gendan.screening.fields import screening_finder
from gendan.screening.models import Rule
from gendan.screening.rules import MANUAL, install_rules
from gendan.screening.tests.conftest import holds
from gendan.stock.actions import Goods, receive

NOW = timezone.now()
FAULTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("FORBIDDEN", {"platform_state": "FORBIDDEN"}, {"platform_state": "FORBIDDEN"}),
    ("REFUND", {"platform_state": "REFUNDING"}, {"platform_state": "REFUNDING", "refund": []}),
    ("ELSEWHERE", {"platform_state": "SHIPPED"}, {"platform_state": "SHIPPED"}),
    ("ADDRESS", {"division": ""}, {"address_problem": "NO_DIVISION"}),
    ("ADDRESS", {"division": "4401", "district": ""}, {"address_problem": "NO_DISTRICT"}),
    ("ADDRESS", {"division": "4401", "district": "其它区"}, {"address_problem": "OTHER_AREA"}),
    ("ADDRESS", {"address": "示例路**号"}, {"address_problem": "MASKED"}),
    ("ADDRESS", {"address": ""}, {"address_problem": "NO_DETAIL"}),
    ("PHONE", {"receiver_phone": ""}, {"phone_problem": "EMPTY"}),
    ("PHONE", {"receiver_phone": "139****0001"}, {"phone_problem": "MASKED"}),
    ("PHONE", {"receiver_phone": "1390000"}, {"phone_problem": "MALFORMED"}),
    ("BUYER_REMARK", {"buyer_remark": "请放门口"}, {"buyer_remark": "请放门口"}),
    ("SELLER_REMARK", {"seller_remark": "送小样"}, {"seller_remark": "送小样", "flag": 0}),
]


@pytest.fixture(autouse=True)
def shelf(tea: Sku, hangzhou: Warehouse) -> None:
    receive([Goods(tea.pk, 100)], hangzhou, by=TESTER)


def change(order: Order, **values: Any) -> None:
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=order.pk).update(**values)


@pytest.mark.parametrize(("code", "fault", "evidence"), FAULTS)
def test_it_holds_what_is_wrong_and_shows_why(
    make_orders: OrderMaker, code: str, fault: dict[str, Any], evidence: dict[str, Any]
) -> None:
    order = make_orders(1, **fault).get()
    assert screen_next(by=TESTER, now=NOW) == (0, 1)
    assert set(holds(order)) == {code}
    assert evidence.items() <= holds(order)[code].evidence.items()


@pytest.mark.parametrize(
    "fine",
    [
        {"receiver_phone": "0571-88888888"},
        {"receiver_phone": "13900000001-1234"},
        {"receiver_phone": "+85291234567"},
        {"division": "441900", "district": ""},
        {"division": "3205", "district": "苏州工业园区"},
    ],
)
def test_it_lets_pass_what_is_fine(make_orders: OrderMaker, fine: dict[str, Any]) -> None:
    order = make_orders(1, **fine).get()
    assert screen_next(by=TESTER, now=NOW) == (1, 0)
    order.refresh_from_db()
    assert order.stage == Stage.READY
    assert order.released_at == NOW


def test_unmapped_goods(make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    with entry("test.setup", by=TESTER):
        Line.objects.update(sku=None, shop_code="LJ-A")
    screen_next(by=TESTER, now=NOW)
    assert holds(order)["UNMAPPED"].evidence == {"unmapped": ["LJ-A"]}


def test_no_stock_anywhere_is_a_question_of_one_warehouse(
    make_orders: OrderMaker, tea: Sku, foshan: Warehouse
) -> None:
    receive([Goods(tea.pk, 100)], foshan, by=TESTER)
    order = make_orders(1, quantity=98, total_fen=100, goods_fen=100).get()  # 97 are free in each
    screen_next(by=TESTER, now=NOW)
    assert holds(order)["NO_STOCK"].evidence == {"stock_missing": ["TEA-01 ×98"]}


def test_amount(make_orders: OrderMaker) -> None:
    order = make_orders(1, total_fen=25500, adjust_fen=-100).get()
    screen_next(by=TESTER, now=NOW)
    assert holds(order)["AMOUNT"].evidence["difference"] == -100


def test_below_floor_holds_what_comes_from_a_platform(make_orders: OrderMaker, tea: Sku) -> None:
    with entry("test.setup", by=TESTER):
        Sku.objects.update(floor_fen=13000)
    order = make_orders(1).get()
    counter = make_orders(1, source="COUNTER").get()  # approved when it was taken
    assert screen_next(by=TESTER, now=NOW) == (1, 1)
    assert holds(order)["BELOW_FLOOR"].evidence["below_floor"] == ["TEA-01"]
    assert not holds(counter)


def test_instruction(make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    with entry("test.setup", by=TESTER):
        Instruction.objects.create(order=order, code="NO_PRICE")
    screen_next(by=TESTER, now=NOW)
    assert holds(order)["INSTRUCTION"].evidence == {"instruction": ["NO_PRICE"]}


def test_a_refund_asked_for_one_line(make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    with entry("test.setup", by=TESTER):
        Line.objects.update(refund_state="REQUESTED")
    screen_next(by=TESTER, now=NOW)
    assert holds(order)["REFUND"].evidence["refund"] == ["明前龙井 铁罐装 ×2"]


def test_value_and_blacklist(make_orders: OrderMaker, rules: dict[str, Rule]) -> None:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(
            name="周", blacklisted_at=NOW, blacklist_reason="恶意退款"
        )
    order = make_orders(1, customer=customer, total_fen=600000, goods_fen=600000).get()
    screen_next(by=TESTER, now=NOW)
    assert set(holds(order)) == {"VALUE", "BLACKLISTED"}
    assert holds(order)["BLACKLISTED"].evidence == {"customer": "周", "blacklisted": "恶意退款"}


SAME = {"buyer": "linyinuo", "place_key": "440104|示例路1"}
Maker = Callable[..., Order]


def test_the_later_of_two_equal_orders_is_a_duplicate(make_orders: OrderMaker) -> None:
    first = make_orders(1, **SAME, placed_at=NOW - timedelta(hours=3)).get()
    second = make_orders(1, **SAME, placed_at=NOW).get()
    screen_next(by=TESTER, now=NOW)
    assert set(holds(first)) == {"COMBINABLE"}
    assert set(holds(second)) == {"COMBINABLE", "DUPLICATE"}
    assert holds(second)["DUPLICATE"].evidence["duplicate"] == [first.number]


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": 3},
        {"placed_at": NOW - timedelta(days=2)},
        {"place_key": "another place"},
        {"buyer": "somebody else"},
        {"stage": Stage.CANCELLED},
    ],
)
def test_it_is_no_duplicate_otherwise(make_orders: OrderMaker, other: dict[str, Any]) -> None:
    make_orders(1, **{**SAME, "placed_at": NOW - timedelta(hours=3), **other})
    second = make_orders(1, **SAME, placed_at=NOW).get()
    screen_next(by=TESTER, now=NOW)
    assert "DUPLICATE" not in holds(second)


def test_every_built_in_rule_can_be_read(rules: dict[str, Rule]) -> None:
    for rule in rules.values():
        if rule.code != MANUAL:
            screening_finder.check(rule.expression)
            assert all(screening_finder.vocabulary.get(name) for name in rule.evidence)


def test_they_are_installed_once(rules: dict[str, Rule]) -> None:
    assert install_rules(by=TESTER) == 0


def test_a_changed_rule_is_asked_as_it_reads_now(make_orders: OrderMaker) -> None:
    install_rules(by=TESTER)
    make_orders(1, buyer_remark="快点")
    assert screen_next(by=TESTER, now=NOW) == (0, 1)
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="BUYER_REMARK").update(expression="buyer_remark ~ 礼品")
    make_orders(1, buyer_remark="快点")
    assert screen_next(by=TESTER, now=NOW) == (1, 0)


def test_bare_words_and_moments_are_asked_anew_each_time(make_orders: OrderMaker) -> None:
    with entry("test.setup", by=TESTER):
        for code, expression in (("NAME", "钱塘江"), ("LATE", "paid_at < -2h")):
            rule = Rule(code=code, name=code, expression=expression, severity="WARN", remedy="NONE")
            rule.save()
    paid = {"paid_at": NOW - timedelta(hours=1)}
    make_orders(1, **paid)
    assert screen_next(by=TESTER, now=NOW) == (1, 0)
    named = make_orders(1, receiver_name="钱塘江", **paid).get()
    assert screen_next(by=TESTER, now=NOW) == (0, 1)
    assert set(holds(named)) == {"NAME"}
    late = make_orders(1, **paid).get()
    assert screen_next(by=TESTER, now=NOW + timedelta(hours=2)) == (0, 1)
    assert set(holds(late)) == {"LATE"}


def test_what_must_be_checked_is_held_from_the_first_day(
    make_orders: OrderMaker, zhao: Person
) -> None:
    save_check_rule(CheckRule(code="DEAR", name="贵", expression="total > 1"), by=zhao)
    install_rules(by=zhao)
    switch(Rule.objects.exclude(code="UNCHECKED"), False, by=zhao)
    orders = make_orders(2, stage=Stage.SCREENING)
    with entry("test.setup", by=zhao):
        note_checks([orders.order_by("pk")[0].pk], 1, by=zhao, now=timezone.now())
        note_checks([orders.order_by("pk")[0].pk], 2, by=zhao, now=timezone.now())

    screen(orders, by=zhao, now=timezone.now())

    assert [order.stage for order in orders.order_by("pk")] == [Stage.READY, Stage.HELD]
