from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.models import Subscription, Trace, TraceState
from gendan.delivery.tests.conftest import COURIER, ParcelMaker, point, report
from gendan.journal.models import Entry
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind


def test_it_adds_points_once(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    told = [report(parcel, point(TraceState.ACCEPTED, hours_ago=2), point(TraceState.MOVING))]
    assert record_traces(told, by=COURIER) == 2
    assert record_traces(told, by=COURIER) == 0
    assert Trace.objects.count() == 2


def test_it_remembers_what_was_said_last(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    late = report(parcel, point(TraceState.ACCEPTED, hours_ago=5))
    record_traces([report(parcel, point(TraceState.MOVING))], by=COURIER)
    record_traces([late], by=COURIER)
    known = Subscription.objects.get()
    assert known.last_state == TraceState.MOVING
    assert known.last_moved_at is not None
    assert known.heard_at is not None


def test_a_signed_parcel_is_delivered_when_the_carrier_says(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    signed = point(TraceState.SIGNED, hours_ago=3)
    record_traces([report(parcel, signed)], by=COURIER)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.DELIVERED
    assert parcel.delivered_at == signed.at
    said = Entry.objects.get(verb="shipment.delivered")
    assert said.actor_name == "快递100"


def test_a_parcel_does_not_come_back_from_delivered(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.SIGNED, hours_ago=1))], by=COURIER)
    record_traces([report(parcel, point(TraceState.MOVING))], by=COURIER)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.DELIVERED


def test_a_refused_parcel_waits_for_a_person_and_may_come_back(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.REFUSED, hours_ago=9))], by=COURIER)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.REFUSED
    assert Item.objects.get().kind == Kind.REFUSED
    record_traces([report(parcel, point(TraceState.RETURNED))], by=COURIER)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.RETURNED
    assert Item.objects.open().count() == 1


def test_what_we_cannot_read_moves_nothing(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    seen = point(TraceState.ACCEPTED, hours_ago=8)
    record_traces([report(parcel, seen)], by=COURIER)
    record_traces([report(parcel, point(TraceState.UNKNOWN))], by=COURIER)
    known = Subscription.objects.get()
    assert (known.last_state, known.last_moved_at) == (TraceState.ACCEPTED, seen.at)
    assert Trace.objects.count() == 2


def test_nothing_known_is_heard_and_nothing_else(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    assert record_traces([report(parcel)], by=COURIER) == 0
    assert Subscription.objects.get().last_state == ""


def test_two_reports_of_one_parcel_are_one(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    first = report(parcel, point(TraceState.ACCEPTED, hours_ago=2))
    second = report(parcel, point(TraceState.SIGNED, hours_ago=1))
    assert record_traces([second, first], by=COURIER) == 2
    assert Subscription.objects.get().last_state == TraceState.SIGNED


def test_a_failed_delivery_waits_until_the_parcel_moves(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    record_traces([report(parcel, point(TraceState.FAILED, hours_ago=2))], by=COURIER)
    item = Item.objects.open().get()
    assert item.kind == Kind.DELIVERY_FAILED
    assert item.due_at > item.opened_at + timedelta(minutes=1)
    record_traces([report(parcel, point(TraceState.OUT_FOR_DELIVERY))], by=COURIER)
    assert not Item.objects.open().exists()


def test_it_costs_the_same_for_one_and_for_many(make_parcels: ParcelMaker) -> None:
    def cost(number: int) -> int:
        parcels = make_parcels(number)
        told = [report(parcel, point(TraceState.SIGNED)) for parcel in parcels]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_traces(told, by=COURIER)
        return len(queries)

    assert cost(1) == cost(40)
