"""Recalling: shipments come back before they leave the house."""

import pytest
from django.utils import timezone

from conftest import TESTER
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import cancel
from gendan.orders.models import Order
from gendan.orders.under_way import UnderWay
from gendan.people.models import Person
from gendan.stock.actions import unreserve
from gendan.stock.actions.release import OnItsWay
from gendan.stock.models import Reservation
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.models import Shipment
from gendan.warehouse.move import WrongStage, move
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements
from gendan.worklist.actions import finish
from gendan.worklist.models import Item, Kind


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED])
def test_it_takes_back_from_every_stage_before_shipping(
    make_shipments: ShipmentMaker, chen: Person, stage: Stage
) -> None:
    shipments = make_shipments(2, stage=stage)
    recall(shipments, by=chen, now=timezone.now(), why="customer cancelled")
    assert {*shipments.values_list("stage", flat=True)} == {"RECALLED"}
    assert Entry.objects.get(verb="shipment.recalled").why == "customer cancelled"
    fetched = stage in (Stage.PICKED, Stage.PACKED)
    assert Item.objects.filter(kind=Kind.RECALLED).count() == (2 if fetched else 0)


def test_what_was_reserved_stays_and_can_be_planned_again(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    recall(make_shipments(1), by=chen, now=timezone.now(), why="address changed")
    assert Reservation.objects.count() == 1
    assert plan(Order.objects.all(), by=chen).get().pieces == 2


def test_an_order_that_was_planned_again_is_under_way_again(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    recall(make_shipments(1), by=chen, now=timezone.now(), why="address changed")
    plan(Order.objects.all(), by=chen)
    with pytest.raises(UnderWay):
        cancel(Order.objects.all(), by=chen, now=timezone.now(), why="x")
    with pytest.raises(OnItsWay):
        unreserve(Order.objects.all(), by=chen, why="x")


def test_what_has_left_is_not_recalled(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipments = make_shipments(2, stage=Stage.PACKED)
    with entry("test.setup", by=TESTER):
        move(Shipment.objects.filter(pk=shipments[0].pk), Stage.SHIPPED)
    with pytest.raises(WrongStage):
        recall(shipments, by=chen, now=timezone.now(), why="too late")
    assert {*shipments.values_list("stage", flat=True)} == {"PACKED", "SHIPPED"}


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    now = timezone.now()
    one, many = make_shipments(1), make_shipments(300)
    assert statements(lambda: recall(one, by=chen, now=now, why="x")) == statements(
        lambda: recall(many, by=chen, now=now, why="x")
    )


def test_it_is_not_planned_by_itself_before_the_goods_are_back(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    now = timezone.now()
    recall(make_shipments(1, stage=Stage.PACKED), by=chen, now=now, why="address changed")
    assert not ready_to_plan().exists()
    finish(Item.objects.filter(kind=Kind.RECALLED), by=chen, now=now, why="back on the shelf")
    assert ready_to_plan().count() == 1
