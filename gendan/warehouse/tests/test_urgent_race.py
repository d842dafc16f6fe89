"""An urgent order is taken away in the moment in which its parcel comes into a wave."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from gendan.orders.actions import urge
from gendan.orders.models import Order, Urgency
from gendan.people.models import Person
from gendan.warehouse.actions.release import release, take_out
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker


@pytest.fixture
def hasty(make_shipments: ShipmentMaker, wang: Person) -> Shipment:
    shipment = make_shipments(1).get()
    urge(Order.objects.all(), by=wang, why="flies tomorrow")
    return shipment


def take_away(by: Person) -> None:
    try:
        urge(Order.objects.all(), by=by, why="it can wait", urgent=False)
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()


def is_waiting() -> bool:
    """Say whether somebody waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_is_taken_away_while_the_wave_is_made_keeps_the_place(
    hasty: Shipment, wang: Person, chen: Person
) -> None:
    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            release(Shipment.objects.filter(pk=hasty.pk), by=chen)
            taken = hands.submit(take_away, wang)
            while not (is_waiting() or taken.done()):
                pass
        taken.result()

    hasty.refresh_from_db()
    assert (hasty.stage, hasty.priority) == (Stage.RELEASED, 0)
    assert not Urgency.objects.get().gave_back


@pytest.mark.django_db
def test_who_was_in_a_wave_keeps_the_place(hasty: Shipment, wang: Person, chen: Person) -> None:
    release(Shipment.objects.filter(pk=hasty.pk), by=chen)
    take_away(wang)

    assert not Urgency.objects.get().gave_back


@pytest.mark.django_db
def test_who_is_taken_out_of_the_wave_before_that_gives_it_back(
    hasty: Shipment, wang: Person, chen: Person
) -> None:
    release(Shipment.objects.filter(pk=hasty.pk), by=chen)
    take_out(Shipment.objects.filter(pk=hasty.pk), by=chen)
    take_away(wang)

    assert Urgency.objects.get().gave_back
