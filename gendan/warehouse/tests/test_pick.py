"""Picking: goods are fetched, put back, or not found."""

import pytest
from django.utils import timezone

from gendan.journal.models import Entry
from gendan.people.models import Person
from gendan.warehouse.actions.pick import miss, pick, unpick
from gendan.warehouse.models import Shipment, ShipmentLine, Wave
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements
from gendan.worklist.models import Item, Kind


def test_it_moves_the_shipments_and_says_who_walked(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    shipments = make_shipments(3, stage=Stage.RELEASED)
    pick(shipments, by=chen)
    assert {*shipments.values_list("stage", flat=True)} == {"PICKED"}
    assert Wave.objects.get().picker == chen
    assert Entry.objects.get(verb="shipment.picked").actor_name == chen.name


def test_what_is_only_planned_cannot_be_picked(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipments = make_shipments(2)
    with pytest.raises(WrongStage):
        pick(shipments, by=chen)
    assert {*shipments.values_list("stage", flat=True)} == {"PLANNED"}


def test_undo_puts_the_goods_back(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipments = make_shipments(2, stage=Stage.PICKED)
    unpick(shipments, by=chen, why="wrong wave")
    assert {*shipments.values_list("stage", flat=True)} == {"RELEASED"}
    assert Wave.objects.get().picked_at is None


def test_goods_not_found_are_given_back_and_wait_on_the_worklist(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    kept, lost = make_shipments(2, stage=Stage.RELEASED)
    miss(ShipmentLine.objects.filter(shipment=lost), by=chen, now=timezone.now(), why="shelf empty")
    assert {*Shipment.objects.values_list("pk", "stage")} == {
        (kept.pk, "RELEASED"),
        (lost.pk, "RECALLED"),
    }
    assert Item.objects.get(kind=Kind.SHORT).facts["missing"] == 2


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    one = make_shipments(1, stage=Stage.RELEASED)
    many = make_shipments(300, stage=Stage.RELEASED)
    assert statements(lambda: pick(one, by=chen)) == statements(lambda: pick(many, by=chen))
