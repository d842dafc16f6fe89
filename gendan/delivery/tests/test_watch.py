from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.actions.watch import watch
from gendan.delivery.models import Subscription, SubscriptionState, TraceState
from gendan.delivery.queries.alarms import alarms
from gendan.delivery.tests.conftest import COURIER, PROVIDER, ParcelMaker, now, point, report
from gendan.journal.actors import Job
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Standard
from gendan.worklist.actions import finish
from gendan.worklist.models import Item, Kind

WATCHER = Job("delivery.watch")


def kinds() -> list[str]:
    return sorted(Item.objects.open().values_list("kind", flat=True))


def test_a_fresh_parcel_is_no_alarm(make_parcels: ParcelMaker) -> None:
    make_parcels()
    assert watch(by=WATCHER, now=now()) == 0


def test_a_parcel_nobody_picked_up_waits_for_the_warehouse(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels(hours_ago=25).get()
    assert watch(by=WATCHER, now=now()) == 1
    item = Item.objects.open().get()
    assert (item.kind, item.role) == (Kind.NOT_PICKED_UP, "WAREHOUSE")
    assert (item.subject, item.subject_id) == ("parcel", parcel.pk)
    assert parcel.waybill in item.detail


def test_what_waits_already_leaves_no_line_in_the_journal(make_parcels: ParcelMaker) -> None:
    make_parcels(hours_ago=25)
    watch(by=WATCHER, now=now())
    before = Entry.objects.count()
    assert watch(by=WATCHER, now=now()) == 0
    assert Entry.objects.count() == before


def test_announced_is_not_picked_up(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels(hours_ago=25).get()
    record_traces([report(parcel, point(TraceState.ORDERED, hours_ago=24))], by=COURIER)
    assert kinds() == [Kind.NOT_PICKED_UP]


@pytest.mark.parametrize("state", [TraceState.ACCEPTED, TraceState.MOVING])
def test_a_parcel_that_stands_still_is_found(make_parcels: ParcelMaker, state: TraceState) -> None:
    parcel = make_parcels(hours_ago=70).get()
    record_traces([report(parcel, point(state, hours_ago=49))], by=COURIER)
    assert kinds() == [Kind.NO_MOVEMENT]
    record_traces([report(parcel, point(TraceState.MOVING))], by=COURIER)
    assert kinds() == []
    assert Item.objects.get().outcome


def test_a_parcel_not_signed_in_time_is_found(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels(hours_ago=169).get()
    record_traces([report(parcel, point(TraceState.AT_STATION, hours_ago=100))], by=COURIER)
    assert kinds() == [Kind.NOT_SIGNED]
    record_traces([report(parcel, point(TraceState.SIGNED))], by=COURIER)
    assert kinds() == []


def test_the_carriers_hours_count(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels(hours_ago=25).get()
    assert parcel.carrier is not None
    parcel.carrier.pickup_hours = 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_open('test.setup')")
        parcel.carrier.save()
    assert alarms(now=now()) == []


def set_standard(province: str, **more: Any) -> None:
    with entry("test.setup", by=WATCHER):
        Standard.objects.create(province=province, **more)


def test_the_standard_of_the_region_decides_where_one_is_set(make_parcels: ParcelMaker) -> None:
    near = make_parcels(hours_ago=30, province="浙江省").get()
    make_parcels(hours_ago=30, province="西藏自治区")
    set_standard("西藏自治区", pickup_hours=48)
    assert [alarm.shipment_id for alarm in alarms(now=now())] == [near.pk]
    set_standard("", pickup_hours=36)
    assert alarms(now=now()) == []


def test_the_standard_of_the_carrier_there_goes_before_that_of_all(
    make_parcels: ParcelMaker, yuantong: Carrier
) -> None:
    parcel = make_parcels(hours_ago=80, province="浙江省").get()
    record_traces([report(parcel, point(TraceState.MOVING, hours_ago=2))], by=COURIER)
    set_standard("", arrive_hours=60, carrier=yuantong)
    assert [alarm.kind for alarm in alarms(now=now())] == [Kind.NOT_SIGNED]
    set_standard("浙江省", arrive_hours=100)
    assert alarms(now=now()) == []
    set_standard("浙江省", arrive_hours=72, carrier=yuantong)
    assert [alarm.kind for alarm in alarms(now=now())] == [Kind.NOT_SIGNED]


def test_who_waits_at_a_station_has_arrived(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels(hours_ago=80, province="浙江省").get()
    record_traces([report(parcel, point(TraceState.AT_STATION, hours_ago=2))], by=COURIER)
    set_standard("", arrive_hours=72)
    assert alarms(now=now()) == []


def test_what_a_person_dealt_with_is_not_asked_again(
    make_parcels: ParcelMaker, zhao: Person
) -> None:
    parcel = make_parcels(hours_ago=70).get()
    record_traces([report(parcel, point(TraceState.MOVING, hours_ago=49))], by=COURIER)
    finish(Item.objects.all(), by=zhao, now=now(), why="客户已知晓")
    assert watch(by=WATCHER, now=now()) == 0
    record_traces([report(parcel, point(TraceState.MOVING, hours_ago=1))], by=COURIER)
    assert watch(by=WATCHER, now=now() + timedelta(hours=60)) == 1


def test_a_parcel_nobody_follows_is_a_work_item(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    Subscription.objects.create(
        shipment=parcel, provider=PROVIDER, state=SubscriptionState.FAILED, problem="408"
    )
    watch(by=WATCHER, now=now())
    item = Item.objects.get()
    assert item.kind == Kind.TRACKING
    assert item.facts["problem"] == "408"


def test_it_looks_at_these_parcels_only(make_parcels: ParcelMaker) -> None:
    make_parcels(2, hours_ago=25)
    first = alarms(now=timezone.now())[0].shipment_id
    assert watch(by=WATCHER, now=now(), shipment_ids=[first]) == 1
    assert watch(by=WATCHER, now=now(), shipment_ids=[]) == 0
    assert Item.objects.open().count() == 1


def test_it_costs_the_same_for_one_and_for_many(make_parcels: ParcelMaker) -> None:
    def cost(number: int) -> int:
        make_parcels(number, hours_ago=25)
        with CaptureQueriesContext(connection) as queries:
            watch(by=WATCHER, now=now())
        return len(queries)

    assert cost(1) == cost(40)
