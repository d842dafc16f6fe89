from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import TESTER
from gendan.delivery.actions.complete import NotDelivered, complete, complete_due, receive
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.models import TraceState
from gendan.delivery.tests.conftest import COURIER, ParcelMaker, now, point, report
from gendan.journal.actors import Customer, Job
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage as ShipmentStage

CLOCK = Job("delivery.complete")
LIN = Customer("林*", 7)


def delivered(make_parcels: ParcelMaker, *, hours_ago: float = 1) -> Shipment:
    parcel = make_parcels(hours_ago=hours_ago + 48).get()
    record_traces([report(parcel, point(TraceState.SIGNED, hours_ago=hours_ago))], by=COURIER)
    return parcel


def test_a_delivered_order_ends_after_the_set_days(make_parcels: ParcelMaker) -> None:
    delivered(make_parcels, hours_ago=24 * 7 + 1)
    assert complete_due(by=CLOCK, now=now()) == 1
    order = Order.objects.get()
    assert order.stage == Stage.COMPLETED
    assert order.completed_at is not None


def test_it_does_not_end_before(make_parcels: ParcelMaker) -> None:
    delivered(make_parcels, hours_ago=24 * 7 - 1)
    assert complete_due(by=CLOCK, now=now()) == 0
    assert complete_due(by=CLOCK, now=now() + timedelta(hours=2)) == 1


def test_a_person_can_end_it_and_the_journal_says_who_and_why(
    make_parcels: ParcelMaker, zhao: Person
) -> None:
    delivered(make_parcels)
    complete(Order.objects.all(), by=zhao, why="客户电话确认")
    said = Entry.objects.get(verb="order.completed")
    assert (said.actor_name, said.why) == (zhao.name, "客户电话确认")


def test_it_refuses_all_when_one_is_still_on_its_way(
    make_parcels: ParcelMaker, zhao: Person
) -> None:
    delivered(make_parcels)
    make_parcels()
    with pytest.raises(NotDelivered):
        complete(Order.objects.all(), by=zhao)
    assert not Order.objects.filter(stage=Stage.COMPLETED).exists()


def test_an_order_with_goods_still_to_come_does_not_end(make_parcels: ParcelMaker) -> None:
    delivered(make_parcels, hours_ago=24 * 30)
    with entry("test.setup", by=TESTER):
        Line.objects.update(shipped=1)
    assert complete_due(by=CLOCK, now=now()) == 0


def test_the_customers_word_delivers_and_ends(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    ended = receive(Order.objects.all(), by=LIN)
    parcel.refresh_from_db()
    assert parcel.stage == ShipmentStage.DELIVERED
    assert parcel.delivered_at is not None
    assert timezone.now() - parcel.delivered_at < timedelta(minutes=1)
    assert ended.get().stage == Stage.COMPLETED
    assert Entry.objects.get(verb="order.received").actor_kind == "CUSTOMER"


def test_the_word_for_one_parcel_leaves_the_order_open_for_the_rest(
    make_parcels: ParcelMaker,
) -> None:
    make_parcels()
    with entry("test.setup", by=TESTER):
        Line.objects.update(shipped=1)
    assert not receive(Order.objects.all(), by=LIN).exists()
    assert Order.objects.get().stage == Stage.ALLOCATED
    assert Shipment.objects.get().stage == ShipmentStage.DELIVERED


def test_the_word_for_nothing_is_refused(make_parcels: ParcelMaker) -> None:
    make_parcels(stage=ShipmentStage.PACKED, shipped_at=None)
    with pytest.raises(NotDelivered):
        receive(Order.objects.all(), by=LIN)
    assert Shipment.objects.get().stage == ShipmentStage.PACKED


def test_the_word_a_second_time_is_refused_and_writes_nothing(make_parcels: ParcelMaker) -> None:
    make_parcels()
    receive(Order.objects.all(), by=LIN)
    before = Entry.objects.count()
    with pytest.raises(NotDelivered):
        receive(Order.objects.all(), by=LIN)
    assert Entry.objects.count() == before
