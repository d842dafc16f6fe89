"""The clocks of the urgent lane follow the orders, and tell a person when one runs out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.delivery.queries.lane import runners
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.journal.writing import entry
from gendan.orders.actions import cancel, urge
from gendan.orders.models import LaneStep, Order, OrderQuerySet, Urgency, UrgencyEnd, UrgentLap
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage as Parcel
from gendan.worklist.models import Item, Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def hasty(make_orders: OrderMaker, wang: Person) -> OrderQuerySet:
    """One order at screening, declared urgent at NOW."""
    orders = make_orders(1, stage_since=NOW - timedelta(hours=1))
    return urge(orders, by=wang, why="travels", now=NOW)


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def test_the_clock_begins_with_the_declaration(hasty: OrderQuerySet) -> None:
    assert keep_lane(by=TESTER, now=minutes(3)) == (1, 0)

    lap = UrgentLap.objects.get()
    assert (lap.step, lap.began_at, lap.due_at) == (LaneStep.SCREENING, NOW, minutes(15))


def test_a_clock_that_runs_out_is_told_once(hasty: OrderQuerySet, zhao: Person) -> None:
    keep_lane(by=TESTER, now=NOW)

    assert keep_lane(by=TESTER, now=minutes(16)) == (0, 1)
    Item.objects.open().filter(kind=Kind.URGENT).get()
    assert keep_lane(by=TESTER, now=minutes(17)) == (0, 0)


def test_the_next_step_stops_the_clock_and_takes_the_item_away(hasty: OrderQuerySet) -> None:
    keep_lane(by=TESTER, now=NOW)
    keep_lane(by=TESTER, now=minutes(16))
    with entry("test.setup", by=TESTER):
        move(Order.objects.all(), Stage.READY)
        Order.objects.update(stage_since=minutes(18))

    keep_lane(by=TESTER, now=minutes(20))

    first, second = UrgentLap.objects.order_by("pk")
    assert (first.ended_at, second.step) == (minutes(18), LaneStep.STOCK)
    assert (second.began_at, second.due_at) == (minutes(18), minutes(33))
    assert not Item.objects.open().filter(kind=Kind.URGENT).exists()


def test_a_parcel_that_left_ends_it_when_it_left(make_parcels: ParcelMaker, wang: Person) -> None:
    parcels = make_parcels(1, stage=Parcel.PACKED, shipped_at=None, stage_since=NOW)
    urge(Order.objects.all(), by=wang, why="travels", now=NOW)
    assert parcels.get().priority == 10
    keep_lane(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Shipment.objects.update(stage=Parcel.SHIPPED, stage_since=minutes(50))

    keep_lane(by=TESTER, now=minutes(60))

    record, lap = Urgency.objects.get(), UrgentLap.objects.get()
    assert (lap.step, lap.ended_at) == (LaneStep.HAND_OVER, record.ended_at)
    assert record.end == UrgencyEnd.LEFT
    assert runners() == []


def test_a_cancelled_order_is_out(hasty: OrderQuerySet, wang: Person) -> None:
    keep_lane(by=TESTER, now=NOW)
    cancel(Order.objects.all(), by=wang, now=NOW, why="no longer wanted")

    keep_lane(by=TESTER, now=minutes(1))

    assert Urgency.objects.get().end == UrgencyEnd.OVER


def test_who_asked_with_the_order_has_a_clock_too(make_orders: OrderMaker) -> None:
    make_orders(2, priority=10)

    assert keep_lane(by=TESTER, now=NOW) == (2, 0)


def test_a_stranger_sees_nothing_of_it(hasty: OrderQuerySet, stranger: Person) -> None:
    assert runners(stranger) == []
    assert len(runners()) == 1


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_orders: OrderMaker, zhao: Person
) -> None:
    spent = []
    for number in (1, 300):
        urge(make_orders(number), by=zhao, why="haste", now=NOW)
        with CaptureQueriesContext(connection) as queries:
            keep_lane(by=TESTER, now=minutes(60))
        spent.append(len(queries))

    assert spent[0] == spent[1]
