"""Short goods that are known before anybody reserves: found, asked, settled with all choices."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import LeadTime, Product, Sku
from gendan.desk import actions as desk
from gendan.desk.models import Message
from gendan.journal.writing import entry
from gendan.orders.lacking import LATER
from gendan.orders.models import Line, Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    Chosen,
    Coming,
    ask,
    choose,
    expect,
    find_early,
    look_after,
    reserve_next,
    send_what_is_there,
)
from gendan.stock.models import CaseState, Rest, ShortageCase
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_settle import own
from gendan.worklist.models import Item, Kind

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def case(make_orders: OrderMaker, hangzhou: Warehouse) -> ShortageCase:
    """An unpaid order of our own whose tea is nowhere."""
    make_orders(1, stage=Stage.UNPAID, paid_fen=0, stage_since=NOW, **own())
    find_early(by=TESTER, now=NOW)
    return ShortageCase.objects.get()


@pytest.fixture
def red(tea: Sku) -> Sku:
    with entry("test.setup", by=TESTER):
        product = Product.objects.create(style="P-RED", title="红茶")
        return Sku.objects.create(
            product=product, code="RED", title="红茶", price_fen=tea.price_fen + 100
        )


def offered(case: ShortageCase) -> dict[str, Offer]:
    return {one.code: one for one in offers(ShortageCase.objects.all(), now=NOW)[case.pk]}


def test_an_order_whose_goods_are_nowhere_is_found_at_once(case: ShortageCase, tea: Sku) -> None:
    assert (case.found_at, case.state) == ("ORDER", CaseState.OPEN)
    assert (case.lines.get().sku, case.lines.get().missing) == (tea, 2)
    assert Item.objects.open().get(kind=Kind.SHORT).subject_id == case.order_id
    find_early(by=TESTER, now=NOW)
    look_after(by=TESTER, now=NOW)
    assert ShortageCase.objects.get().state == CaseState.OPEN


def test_what_comes_is_made_or_has_stood_long_is_not_asked_about(
    make_orders: OrderMaker, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 5, TODAY + timedelta(days=3))], by=TESTER)
    with entry("test.setup", by=TESTER):
        LeadTime.objects.create(sku=bag, days=7)
    make_orders(1, stage=Stage.UNPAID, stage_since=NOW)
    make_orders(1, stage=Stage.UNPAID, stage_since=NOW, sku=bag)
    make_orders(1, stage=Stage.UNPAID, stage_since=NOW - timedelta(hours=1))

    assert find_early(by=TESTER, now=NOW) == 0


def test_who_hears_at_the_counter_that_nothing_comes_is_asked_too(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    order = make_orders(1, stage=Stage.UNPAID).get()
    LATER.remember(order, {tea.pk: 2}, TESTER, NOW)
    assert Item.objects.open().filter(kind=Kind.SHORT, subject_id=order.pk).exists()


def test_the_customer_is_asked_before_anything_is_reserved(
    case: ShortageCase, wang: Person, tea: Sku, hangzhou: Warehouse
) -> None:
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 5, TODAY + timedelta(days=3))], by=TESTER)
    ask(ShortageCase.objects.all(), "PHONE", by=wang, now=NOW)
    question = Message.objects.get()
    assert [choice["code"] for choice in question.choices] == ["WAIT", "CANCEL"]

    desk.answer(Message.objects.filter(pk=question.pk), "WAIT", by=wang, now=NOW)

    case.refresh_from_db()
    assert (case.state, case.waits_until) == (CaseState.WAITING, TODAY + timedelta(days=4))
    assert Order.objects.get().stage == Stage.UNPAID


def test_who_waits_already_is_served_before(
    case: ShortageCase, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 3, TODAY + timedelta(days=3))], by=TESTER)
    assert "WAIT" not in offered(case)


def test_other_goods_are_taken_and_the_order_stays_where_it_is(
    case: ShortageCase, wang: Person, tea: Sku, red: Sku, shelf: Shelf
) -> None:
    shelf(red, 9)
    with entry("test.setup", by=TESTER):
        tea.substitutes.create(instead=red, rank=1)

    code = f"SWAP-{red.pk}"
    assert offered(case)[code].difference_fen == 200
    choose({case.pk: Chosen(code)}, by=wang, now=NOW)

    order = Order.objects.get()
    assert (order.stage, order.total_fen) == (Stage.UNPAID, 2 * red.price_fen)
    assert Line.objects.get().sku == red


def test_what_is_there_is_sent_when_it_is_reserved(
    make_orders: OrderMaker, wang: Person, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 5)
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 9, TODAY + timedelta(days=3))], by=TESTER)
    order = make_orders(1, stage=Stage.HELD, quantity=8).get()
    LATER.remember(order, {tea.pk: 6}, TESTER, NOW)
    case = ShortageCase.objects.get()

    choose({case.pk: Chosen("PART")}, by=wang, now=NOW)
    assert Order.objects.get().stage == Stage.HELD
    with entry("test.setup", by=TESTER):
        move(Order.objects.all(), Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    assert not Item.objects.open().exists()  # nobody has to ask again
    assert send_what_is_there(by=TESTER, now=NOW) == 1

    assert Order.objects.get().stage == Stage.ALLOCATED
    assert Rest.objects.get().quantity > 0


def test_goods_that_come_end_the_case(case: ShortageCase, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 99)
    look_after(by=TESTER, now=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert not Item.objects.open().exists()


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_orders: OrderMaker, hangzhou: Warehouse
) -> None:
    counts = []
    for number in (1, 300):
        make_orders(number, stage=Stage.UNPAID, stage_since=NOW)
        with CaptureQueriesContext(connection) as queries:
            find_early(by=TESTER, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert ShortageCase.objects.count() == 301
