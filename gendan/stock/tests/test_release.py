import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    Pieces,
    give_back_cancelled,
    put_back,
    reserve_next,
    ship_out,
    unreserve,
)
from gendan.stock.actions.ship import ShippedTwice
from gendan.stock.models import Balance, Ledger, Reservation
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_reserve import NOW
from gendan.stock.verify import differences
from gendan.stock.writing import NotEnoughStock


@pytest.fixture
def allocated(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> OrderQuerySet:
    shelf(tea, 20)
    orders = make_orders(2, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    return orders


def pieces(orders: OrderQuerySet) -> list[Pieces]:
    held = Reservation.objects.filter(line__order__in=orders)
    return [Pieces(r.line_id, r.sku_id, r.warehouse_id, r.quantity) for r in held]


def balance() -> tuple[int, int]:
    row = Balance.objects.get()
    return row.on_hand, row.reserved


def test_taking_a_promise_back(allocated: OrderQuerySet, li: Person) -> None:
    first = allocated.order_by("pk")[:1].get()
    unreserve(Order.objects.filter(pk=first.pk), by=li, why="急单优先")
    first.refresh_from_db()
    assert (first.stage, first.warehouse) == (Stage.READY, None)
    assert balance() == (20, 2)
    assert Entry.objects.get(verb="stock.unreserved").why == "急单优先"


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    allocated: OrderQuerySet, make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, stage=Stage.CANCELLED)
    with pytest.raises(WrongStage):
        unreserve(Order.objects.all(), by=li, why="x")
    assert balance() == (20, 4)


def test_cancelled_orders_give_back_by_themselves(allocated: OrderQuerySet) -> None:
    assert give_back_cancelled(by=TESTER) == 0
    with entry("test.setup", by=TESTER):
        allocated.update(stage=Stage.CANCELLED)
    assert give_back_cancelled(by=TESTER) == 2
    assert balance() == (20, 0)
    entries = Entry.objects.count()
    assert give_back_cancelled(by=TESTER) == 0
    assert Entry.objects.count() == entries


def test_goods_leave_once(allocated: OrderQuerySet, chen: Person) -> None:
    gone = pieces(allocated)
    ship_out(gone, by=chen, document="SH-1")
    assert balance() == (16, 0)
    assert set(Line.objects.values_list("shipped", flat=True)) == {2}
    assert not Reservation.objects.exists()
    with pytest.raises(ShippedTwice):
        ship_out(gone, by=chen, document="SH-1")
    assert balance() == (16, 0)


def test_what_nobody_was_promised_does_not_leave(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, chen: Person, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    make_orders(1)
    line = Line.objects.get()
    with pytest.raises(NotEnoughStock):
        ship_out([Pieces(line.pk, tea.pk, hangzhou.pk, 2)], by=chen)
    line.refresh_from_db()
    assert line.shipped == 0
    assert Ledger.objects.count() == 1


def test_goods_come_back_for_everybody(allocated: OrderQuerySet, chen: Person) -> None:
    gone = pieces(allocated)
    ship_out(gone, by=chen, document="SH-1")
    put_back(gone, by=chen, document="RT-1", why="拒收")
    assert balance() == (20, 0)
    assert not list(differences())


def test_shipping_costs_the_same_for_many(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, chen: Person
) -> None:
    shelf(tea, 2000)
    counts = []
    for number in (1, 300):
        orders = make_orders(number, stage=Stage.READY)
        reserve_next(by=TESTER, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            ship_out(pieces(orders), by=chen)
        counts.append(len(queries))
    assert counts[0] == counts[1]
