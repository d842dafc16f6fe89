from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, Warehouse
from gendan.stock.actions import forget_shortages, reserve, reserve_next
from gendan.stock.models import Balance, Ledger, Reservation, Shortage
from gendan.stock.tests.conftest import Shelf
from gendan.worklist.models import Item

NOW = timezone.now()


def test_it_moves_the_orders_and_promises_the_pieces(
    li: Person, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 20)
    orders = make_orders(3, stage=Stage.READY)
    assert reserve(orders, by=li, now=NOW).count() == 3
    assert set(orders.values_list("stage", "warehouse")) == {(Stage.ALLOCATED, hangzhou.pk)}
    assert Balance.objects.get().reserved == 6
    assert Reservation.objects.count() == 3


def test_it_says_who_and_why(li: Person, make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 20)
    reserve(make_orders(1, stage=Stage.READY), by=li, now=NOW, why="customer waits")
    said = Entry.objects.get(verb="stock.reserved")
    assert (said.actor_name, said.why) == ("李审言", "customer waits")
    moved = Change.objects.get(entry=said, operation="U")
    assert moved.before is not None
    assert moved.before["stage"] == "READY"


def test_the_first_payer_is_served_first(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 7)  # three are kept back
    late = make_orders(1, stage=Stage.READY, paid_at=NOW)
    early = make_orders(1, stage=Stage.READY, paid_at=NOW - timedelta(hours=1), quantity=3)
    assert reserve_next(by=TESTER, now=NOW) == (1, 1)
    assert early.get().stage == Stage.ALLOCATED
    assert late.get().stage == Stage.SHORT
    assert Shortage.objects.get().missing == 1
    assert Item.objects.get(kind="SHORT").subject_id == late.get().pk


def test_urgent_orders_are_served_before_the_first_payer(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 5)
    make_orders(1, stage=Stage.READY, paid_at=NOW - timedelta(hours=1))
    urgent = make_orders(1, stage=Stage.READY, priority=10)
    reserve_next(by=TESTER, now=NOW)
    assert urgent.get().stage == Stage.ALLOCATED


def test_the_safety_stock_is_kept_for_those_who_may_sell_it(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, store: Shop
) -> None:
    shelf(tea, 3)
    web = make_orders(1, stage=Stage.READY)
    counter = make_orders(1, stage=Stage.READY, shop=store)
    reserve_next(by=TESTER, now=NOW)
    assert (web.get().stage, counter.get().stage) == (Stage.SHORT, Stage.ALLOCATED)


def test_one_sku_on_two_lines_is_added_up(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, li: Person
) -> None:
    shelf(tea, 6)  # three free, four wanted
    orders = make_orders(1, stage=Stage.SCREENING)
    line = Line.objects.get()
    with entry("test.setup", by=TESTER):
        line.pk, line.position, line.sub_order = None, 2, "second"
        line.save()
        orders.update(stage=Stage.READY)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert Shortage.objects.get().missing == 1
    assert Balance.objects.get().reserved == 0


def test_all_or_none_of_an_order(
    make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf, foshan: Warehouse
) -> None:
    shelf(tea, 10)
    shelf(bag, 10, foshan)
    orders = make_orders(1, stage=Stage.SCREENING)
    with entry("test.setup", by=TESTER):
        Line.objects.create(
            order=orders.get(),
            position=2,
            sku=bag,
            title="包",
            quantity=1,
            price_fen=0,
            total_fen=0,
        )
        orders.update(stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    assert orders.get().stage == Stage.SHORT
    assert not Reservation.objects.exists()


def test_what_was_short_is_served_when_goods_come(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    orders = make_orders(2, stage=Stage.READY)
    assert reserve_next(by=TESTER, now=NOW) == (0, 2)
    assert reserve_next(by=TESTER, now=NOW) == (0, 0)  # nothing came: nobody is asked again
    shelf(tea, 50)
    assert reserve_next(by=TESTER, now=NOW) == (2, 0)
    assert set(orders.values_list("stage", flat=True)) == {Stage.ALLOCATED}
    assert not Shortage.objects.exists()
    assert not Item.objects.open().exists()


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    li: Person, make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 50)
    make_orders(1, stage=Stage.READY)
    make_orders(1, stage=Stage.HELD)
    with pytest.raises(WrongStage):
        reserve(Order.objects.all(), by=li, now=NOW)
    assert not Reservation.objects.exists()
    assert Ledger.objects.count() == 1
    assert not Entry.objects.filter(verb="stock.reserved").exists()


def test_it_costs_the_same_for_many(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 5000)
    counts = []
    for number in (1, 300):
        make_orders(number, stage=Stage.READY)
        with CaptureQueriesContext(connection) as queries:
            reserve_next(by=TESTER, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_order_that_lacks_only_the_safety_stock_is_not_asked_again_and_again(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 4)  # one is free
    make_orders(1, stage=Stage.READY)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    entries = Entry.objects.count()
    assert reserve_next(by=TESTER, now=NOW) == (0, 0)
    assert Entry.objects.count() == entries


def test_goods_in_two_warehouses_leave_no_line_in_the_journal_each_time(
    make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf, foshan: Warehouse
) -> None:
    shelf(tea, 10)
    shelf(bag, 10, foshan)
    orders = make_orders(1, stage=Stage.SCREENING)
    with entry("test.setup", by=TESTER):
        Line.objects.create(
            order=orders.get(),
            position=2,
            sku=bag,
            title="包",
            quantity=1,
            price_fen=0,
            total_fen=0,
        )
        orders.update(stage=Stage.READY)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert Shortage.objects.get().sku == bag
    entries = Entry.objects.count()
    assert reserve_next(by=TESTER, now=NOW) == (0, 0)
    assert Entry.objects.count() == entries


def test_shortages_of_orders_that_moved_on_are_forgotten(make_orders: OrderMaker) -> None:
    orders = make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    assert forget_shortages(by=TESTER, now=NOW) == 0
    with entry("test.setup", by=TESTER):
        orders.update(stage=Stage.CANCELLED)
    assert forget_shortages(by=TESTER, now=NOW) == 1
    assert not Shortage.objects.exists()
    assert not Item.objects.open().exists()
