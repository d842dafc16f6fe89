from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.following import follow_new, take_waiting
from gendan.delivery.models import Trace, TraceState
from gendan.delivery.reports import Report
from gendan.delivery.tests.conftest import COURIER, PROVIDER, ParcelMaker, point, report
from gendan.journal.models import Entry
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage

WORKERS = 6


@pytest.mark.django_db(transaction=True)
def test_the_same_message_six_times_at_once_delivers_once(make_parcels: ParcelMaker) -> None:
    told = [report(parcel, point(TraceState.SIGNED)) for parcel in make_parcels(3)]
    start = Barrier(WORKERS)

    def tell(order: int) -> int:
        start.wait()
        try:
            return record_traces(_turned(told, order), by=COURIER)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        added = list(pool.map(tell, range(WORKERS)))
    assert sum(added) == Trace.objects.count() == 3
    assert Entry.objects.filter(verb="shipment.delivered").count() == 1
    assert not Shipment.objects.exclude(stage=Stage.DELIVERED).exists()


@pytest.mark.django_db(transaction=True)
def test_a_waiting_parcel_is_subscribed_by_one_worker_of_many(make_parcels: ParcelMaker) -> None:
    make_parcels(12)
    follow_new(provider=PROVIDER)
    start = Barrier(WORKERS)

    def take(_worker: int) -> list[int]:
        start.wait()
        try:
            return [parcel.shipment_id for parcel in take_waiting(provider=PROVIDER, limit=4)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = [pk for batch in pool.map(take, range(WORKERS)) for pk in batch]
    assert sorted(taken) == sorted(set(taken))


def _turned(told: list[Report], order: int) -> list[Report]:
    """The same reports in another order, as workers would have them."""
    return told if order % 2 else told[::-1]
