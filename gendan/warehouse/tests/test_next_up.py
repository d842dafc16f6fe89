"""What to take in hand next at a table: the urgent first, then what is promised soonest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.journal.writing import entry
from gendan.orders.actions import urge
from gendan.orders.models import LaneStep, Order, Urgency, UrgentLap
from gendan.orders.stages import PlatformState
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.next_up import next_up
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements

NEXT = "/pack/next"


def order_of(shipment: Shipment) -> Order:
    return Order.objects.get(shipment_lines__shipment=shipment)


def promise(shipment: Shipment, *, in_hours: int) -> None:
    at = timezone.now() + timedelta(hours=in_hours)
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=shipment.pk).update(promise_at=at)


def hurry(shipment: Shipment, wang: Person, *, minutes: int) -> None:
    """Declare the order of a parcel urgent, with a clock that runs at the packing table."""
    now = timezone.now()
    urge(Order.objects.filter(pk=order_of(shipment).pk), by=wang, why="flies tomorrow", now=now)
    with entry("test.setup", by=TESTER):
        UrgentLap.objects.create(
            urgency=Urgency.objects.get(order=order_of(shipment)),
            step=LaneStep.PACKING,
            began_at=now - timedelta(hours=2),
            due_at=now + timedelta(minutes=minutes),
        )


def test_what_burns_comes_first_then_what_is_promised_then_who_waits_longest(
    make_shipments: ShipmentMaker, wang: Person, chen: Person
) -> None:
    first, second, third, fourth, fifth = make_shipments(5, stage=Stage.PICKED)
    promise(fourth, in_hours=2)
    promise(third, in_hours=5)
    hurry(fifth, wang, minutes=10)
    hurry(second, wang, minutes=30)

    found = next_up(chen, Stage.PICKED, coming=Stage.RELEASED)

    assert list(found.shipments) == [fifth, second, fourth, third, first]
    assert (found.waiting, found.urgent, found.coming) == (5, 2, 0)


def test_urgent_parcels_on_their_way_are_announced(
    make_shipments: ShipmentMaker, wang: Person, chen: Person
) -> None:
    hurry(make_shipments(1, stage=Stage.RELEASED).get(), wang, minutes=10)

    found = next_up(chen, Stage.PICKED, coming=Stage.RELEASED)

    assert (list(found.shipments), found.coming) == ([], 1)


def test_what_may_not_leave_is_not_named(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    with entry("test.setup", by=TESTER):
        Order.objects.update(platform_state=PlatformState.CLOSED)

    assert list(next_up(chen, Stage.PICKED, coming=Stage.RELEASED).shipments) == []
    assert shipment.stage == Stage.PICKED


def test_it_takes_two_statements_however_much_waits(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    for more in (1, 30):
        make_shipments(more, stage=Stage.PICKED)
        assert statements(lambda: next_up(chen, Stage.PICKED, coming=Stage.RELEASED)) == 2


def test_the_table_shows_the_queue_with_its_clock_and_renews_it_when_a_parcel_is_done(
    client: Client, make_shipments: ShipmentMaker, wang: Person, chen: Person
) -> None:
    burning = make_shipments(2, stage=Stage.PICKED, quantity=1)[1]
    hurry(burning, wang, minutes=10)
    client.force_login(chen)

    assert 'id="next-up"' in client.get("/pack/").content.decode()
    queue = client.get(NEXT).content.decode()

    assert queue.index(burning.number) < queue.index("badge")
    assert burning.wave is not None
    assert burning.wave.number in queue

    line = burning.lines.get()
    client.post("/pack/scan", {"code": line.sku.barcode, "shipment": burning.number})
    answer = client.post(f"/pack/{burning.number}/close")
    assert answer["HX-Trigger"] == "parcel-done"
    assert burning.number not in client.get(NEXT).content.decode()


@pytest.mark.parametrize("page", [NEXT, "/hand-over/scan/next"])
def test_the_queues_are_for_who_works_there(client: Client, wang: Person, page: str) -> None:
    client.force_login(wang)
    assert client.get(page).status_code == 403


def test_who_works_elsewhere_sees_nothing_of_it(
    make_shipments: ShipmentMaker, stranger: Person
) -> None:
    make_shipments(1, stage=Stage.PICKED)

    assert next_up(stranger, Stage.PICKED, coming=Stage.RELEASED).waiting == 0
