"""Goods that are missed on their shelf: found after all, or out of stock with a case to settle."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    Chosen,
    Goods,
    NotWrittenOff,
    choose,
    found_after_all,
    receive,
    reserve_next,
    serve_rests,
    write_off,
)
from gendan.stock.models import Balance, CaseState, Reservation, Rest, ShortageCase
from gendan.stock.verify import differences
from gendan.warehouse.actions.pick import miss
from gendan.warehouse.actions.plan import plan_waiting
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Carrier, Shipment, ShipmentLine
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.worklist.models import Item

NOW = timezone.now()
Missed = Callable[[], ShortageCase]


@pytest.fixture
def missed(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse, carrier: Carrier, chen: Person
) -> Missed:
    """Return a maker of a case that a picker opened: the goods were not on their shelf."""

    def make() -> ShortageCase:
        receive([Goods(tea.pk, 20)], hangzhou, by=TESTER)
        order = make_orders(1, stage=Stage.READY).get()
        reserve_next(by=TESTER, now=NOW)
        list(plan_waiting(by=TESTER, now=NOW))
        release(Shipment.objects.all(), by=chen)
        miss(ShipmentLine.objects.filter(order=order), by=chen, now=NOW, why="货位空")
        return ShortageCase.objects.get(order=order)

    return make


def test_what_is_missed_at_picking_opens_a_case(missed: Missed) -> None:
    case = missed()
    assert (case.found_at, case.state) == ("PICKING", CaseState.OPEN)
    line = case.lines.get()
    assert (line.missing, line.line_id is not None) == (2, True)
    assert not ready_to_plan().exists()


def test_what_is_found_after_all_is_packed(missed: Missed, chen: Person) -> None:
    case = missed()
    assert found_after_all(ShortageCase.objects.filter(pk=case.pk), by=chen, now=NOW) == 1
    assert ready_to_plan().get() == case.order
    assert not Item.objects.open().filter(kind="SHORT").exists()


def test_what_is_not_there_leaves_the_stock_and_follows_later(missed: Missed, chen: Person) -> None:
    case = missed()
    write_off(ShortageCase.objects.filter(pk=case.pk), by=chen, now=NOW, why="货位空，找遍了")
    assert not Reservation.objects.exists()
    assert Balance.objects.get().on_hand == 18
    assert Rest.objects.get().quantity == 2
    assert not list(differences())
    assert serve_rests(by=TESTER, now=NOW) == 1
    assert Reservation.objects.get().quantity == 2
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert not list(differences())


def test_the_rest_is_refunded_and_an_empty_order_is_cancelled(
    missed: Missed, tea: Sku, chen: Person, zhao: Person
) -> None:
    case = missed()
    write_off(ShortageCase.objects.filter(pk=case.pk), by=chen, now=NOW, why="没有")
    choose({case.pk: Chosen("PART-REFUND")}, by=zhao, now=NOW)
    assert Order.objects.get().stage == Stage.CANCELLED
    assert Item.objects.open().get(kind="REFUND_DUE").facts["amount"] == "¥256.00"
    assert not list(differences())


def test_it_is_not_written_off_twice(missed: Missed, chen: Person) -> None:
    case = missed()
    cases = ShortageCase.objects.filter(pk=case.pk)
    write_off(cases, by=chen, now=NOW, why="没有")
    with pytest.raises(NotWrittenOff):
        write_off(cases, by=chen, now=NOW, why="没有")
    assert Balance.objects.get().on_hand == 18
