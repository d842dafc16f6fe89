"""Releasing: planned shipments go into waves by carrier, single pieces first."""

import pytest

from conftest import TESTER
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import PlatformState
from gendan.people.models import Person
from gendan.warehouse.actions.release import release, take_out
from gendan.warehouse.guards import MustNotShip
from gendan.warehouse.models import Shipment, Wave
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements


def test_it_puts_shipments_into_a_wave_in_order(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    wave = release(make_shipments(3), by=chen).get()
    positions = wave.shipments.order_by("wave_position").values_list("stage", "wave_position")
    assert list(positions) == [("RELEASED", 1), ("RELEASED", 2), ("RELEASED", 3)]


def test_single_pieces_get_waves_of_their_own_and_no_wave_is_too_long(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    make_shipments(5, quantity=1)
    make_shipments(2, quantity=2)
    waves = release(Shipment.objects.all(), by=chen, limit=2).order_by("pk")
    sizes = [(wave.kind, wave.shipments.count()) for wave in waves]
    assert sizes == [("SINGLE", 2), ("SINGLE", 2), ("SINGLE", 1), ("MULTI", 2)]


def test_what_is_urgent_has_a_wave_of_its_own_that_is_made_first(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    make_shipments(3, quantity=1)
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=make_shipments(1).get().pk).update(priority=10)
    waves = release(Shipment.objects.all(), by=chen).order_by("pk")
    sizes = [(wave.kind, wave.shipments.count()) for wave in waves]
    assert sizes == [("URGENT", 1), ("SINGLE", 3)]


def test_it_says_who_and_why(make_shipments: ShipmentMaker, chen: Person) -> None:
    release(make_shipments(1), by=chen, why="morning")
    said = Entry.objects.filter(verb="shipment.released").get()
    assert (said.actor_name, said.why) == (chen.name, "morning")


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    make_shipments(1, stage=Stage.PICKED)
    make_shipments(1)
    waves = Wave.objects.count()
    with pytest.raises(WrongStage):
        release(Shipment.objects.all(), by=chen)
    assert Shipment.objects.filter(stage=Stage.PLANNED).count() == 1
    assert Wave.objects.count() == waves


def test_it_refuses_what_the_platform_forbids(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipments = make_shipments(2)
    with entry("test.setup", by=TESTER):
        Order.objects.filter(shipment_lines__shipment=shipments[0]).update(
            platform_state=PlatformState.FORBIDDEN
        )
    with pytest.raises(MustNotShip, match=Order.objects.get(platform_state="FORBIDDEN").number):
        release(shipments, by=chen)
    assert not Wave.objects.exists()


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    one, many = make_shipments(1), make_shipments(300)
    assert statements(lambda: release(one, by=chen)) == statements(lambda: release(many, by=chen))


def test_what_is_taken_out_waits_for_another_wave(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    shipments = make_shipments(2, stage=Stage.RELEASED)
    take_out(shipments, by=chen, why="carrier is late")
    assert not shipments.exclude(stage=Stage.PLANNED, wave=None).exists()
    with pytest.raises(WrongStage):
        take_out(shipments, by=chen)
