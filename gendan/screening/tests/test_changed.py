"""What changes after its release is held again, before anybody packs it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import pgettext

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Invoice, Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.screening.actions import clear, release, screen, settle, stop_changed, sweep
from gendan.screening.models import Hold, Rule
from gendan.screening.tests.conftest import holds
from gendan.screening.wording import said
from gendan.stock.actions import Goods, receive
from gendan.worklist.models import Item, Kind

NOW = timezone.now()


@pytest.fixture(autouse=True)
def shelf(tea: Sku, hangzhou: Warehouse) -> None:
    receive([Goods(tea.pk, 1000)], hangzhou, by=TESTER)


@pytest.fixture
def released(make_orders: OrderMaker, rules: dict[str, Rule]) -> Order:
    """An order that passed, and a lookout that has seen it."""
    orders = make_orders(1)
    screen(orders, by=TESTER, now=NOW)
    stop_changed(by=TESTER, now=NOW)
    return orders.get()


def change(order: Order, **columns: Any) -> None:
    with entry("order.imported", by=TESTER, updated=1):
        Order.objects.filter(pk=order.pk).update(**columns)


def stage(order: Order) -> str:
    return Order.objects.get(pk=order.pk).stage


def test_a_new_remark_brings_it_back(released: Order) -> None:
    assert released.stage == Stage.READY
    change(released, buyer_remark="改成下午送")
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert stage(released) == Stage.HELD
    assert holds(released)["CHANGED"].evidence["changed"] == ["buyer_remark"]
    assert Item.objects.open().filter(kind=Kind.HELD, subject_id=released.pk).exists()


def test_it_is_told_of_each_change_once(released: Order, li: Person) -> None:
    change(released, address="新路1号", city="深圳市")
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert holds(released)["CHANGED"].evidence["changed"] == ["address"]
    release(Order.objects.numbered([released.pk]), by=li, now=timezone.now(), why="已核对")
    assert stop_changed(by=TESTER, now=NOW) == 0
    assert stage(released) == Stage.READY


def test_goods_and_instructions_count_too(released: Order) -> None:
    with entry("order.amended", by=TESTER):
        Line.objects.filter(order=released).update(quantity=3, total_fen=3 * 12800)
        Instruction.objects.create(order=released, code="NO_PRICE")
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert holds(released)["CHANGED"].evidence["changed"] == ["goods", "instruction"]


def test_what_is_in_the_warehouse_stays_there_and_waits(released: Order, li: Person) -> None:
    change(released, stage=Stage.ALLOCATED)
    change(released, seller_remark="换地址", receiver_phone="13900000009")
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert stage(released) == Stage.ALLOCATED
    assert settle(by=TESTER, now=NOW) == 0
    assert set(holds(released)) == {"CHANGED"}
    free = clear(Hold.objects.filter(order=released), by=li, now=timezone.now(), why="照旧")
    assert list(free.values_list("stage", flat=True)) == [Stage.ALLOCATED]
    assert not Item.objects.open().filter(subject_id=released.pk).exists()


def test_what_the_platform_cannot_change_any_more_is_seen_by_its_work_item(
    released: Order, li: Person
) -> None:
    with entry("order.imported", by=TESTER):
        Item.objects.create(
            kind=Kind.PLATFORM,
            role="SERVICE",
            subject="order",
            subject_id=released.pk,
            detail="place,lines",
            opened_at=timezone.now(),
            due_at=timezone.now(),
        )
    later = timezone.now()
    assert stop_changed(by=TESTER, now=later) == 1
    assert holds(released)["CHANGED"].evidence["changed"] == ["address", "goods"]
    assert stop_changed(by=TESTER, now=later) == 0


def test_what_was_released_before_the_first_look_stays(
    make_orders: OrderMaker, rules: dict[str, Rule]
) -> None:
    orders = make_orders(1)
    screen(orders, by=TESTER, now=NOW)
    change(orders.get(), buyer_remark="早就改了")
    assert stop_changed(by=TESTER, now=NOW) == 0


def test_switched_off_it_holds_nothing(released: Order) -> None:
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="CHANGED").update(is_on=False)
    change(released, buyer_remark="改")
    assert stop_changed(by=TESTER, now=NOW) == 0


def test_a_sweep_counts_what_is_held_and_raises_what_waits_too_long(
    make_orders: OrderMaker, rules: dict[str, Rule]
) -> None:
    orders = make_orders(3, receiver_phone="12")
    screen(orders, by=TESTER, now=NOW)
    found = sweep(by=TESTER, now=NOW)
    assert (found.held, found.long, found.by_rule) == (3, 0, {"PHONE": 3})
    again = sweep(by=TESTER, now=NOW + timedelta(hours=25))
    assert (again.held, again.long, again.value_fen) == (3, 3, 3 * 25600)
    items = Item.objects.open().filter(kind=Kind.LONG_HELD)
    assert {item.facts["hours"] for item in items} == {25}
    assert sweep(by=TESTER, now=NOW + timedelta(hours=25)).pk == again.pk
    assert items.count() == 3


def test_other_goods_that_a_customer_chose_are_seen_by_a_reviewer(
    released: Order, bag: Sku
) -> None:
    with entry("order.swapped", by=TESTER):
        Line.objects.filter(order=released).update(sku=bag)
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert holds(released)["CHANGED"].evidence["changed"] == ["goods"]


def test_an_invoice_that_is_asked_for_or_changed_brings_it_back(
    released: Order, li: Person
) -> None:
    with entry("order.amended", by=TESTER):
        Invoice.objects.create(order=released, title="杭州山茶记有限公司")
    assert stop_changed(by=TESTER, now=NOW) == 1
    assert holds(released)["CHANGED"].evidence["changed"] == ["invoice"]
    release(Order.objects.numbered([released.pk]), by=li, now=timezone.now(), why="已核对")
    with entry("order.amended", by=TESTER):
        Invoice.objects.update(title="杭州茶记有限公司")
    assert stop_changed(by=TESTER, now=NOW) == 1


def test_the_reviewer_reads_that_it_was_the_invoice(released: Order, li: Person) -> None:
    with entry("order.amended", by=TESTER):
        Invoice.objects.create(order=released, title="杭州山茶记有限公司")
    stop_changed(by=TESTER, now=NOW)
    told = said(holds(released)["CHANGED"])
    assert pgettext("whom it is for", "Invoice") in [one.text for one in told]
