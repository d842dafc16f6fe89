"""Combining by hand: guards, what steps back, what is undone, and that no piece is lost."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.warehouse.actions.combine import (
    CannotCombine,
    NotYetThere,
    combine,
    combine_orders,
)
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.regroup import AlreadyMoved, undo
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Carrier, CombineRules, Regrouping, Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.parcels import LIN, living, two_parcels
from gendan.warehouse.tests.statements import statements
from gendan.warehouse.verify import differences


def combined(shipments: ShipmentQuerySet, by: Person, why: str = "") -> ShipmentQuerySet:
    return combine(shipments, by=by, now=timezone.now(), why=why)


def test_two_parcels_become_one_that_steps_back_out_of_its_wave(
    apart: ShipmentQuerySet, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        apart.filter(stage=Stage.RELEASED).update(waybill="SF1")
    stays = combined(apart, chen).get()
    assert (stays.stage, stays.pieces, stays.waybill, stays.wave) == ("PLANNED", 4, "", None)
    assert living() == [("PLANNED", 4)]
    assert Shipment.objects.get(stage=Stage.RECALLED).lines.count() == 0
    assert not list(differences())


def test_it_says_who_and_why(apart: ShipmentQuerySet, chen: Person) -> None:
    combined(apart, chen, "one postage")
    said = Entry.objects.get(verb="shipment.combined")
    assert (said.actor_name, said.why) == (chen.name, "one postage")


def test_it_is_undone_and_every_piece_is_where_it_was(
    apart: ShipmentQuerySet, chen: Person
) -> None:
    combined(apart, chen)
    undo(Regrouping.objects.all(), by=chen, now=timezone.now())
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]
    assert not Regrouping.objects.standing().exists()
    assert not list(differences())
    with pytest.raises(AlreadyMoved):
        undo(Regrouping.objects.all(), by=chen, now=timezone.now())


def test_it_is_not_undone_once_the_parcel_holds_something_else(
    make_allocated: OrderMaker, apart: ShipmentQuerySet, chen: Person
) -> None:
    combined(apart, chen)
    plan(make_allocated(1, **LIN), by=chen)
    with pytest.raises(AlreadyMoved):
        undo(Regrouping.objects.all(), by=chen, now=timezone.now())
    assert living() == [("PLANNED", 6)]


@pytest.mark.parametrize(
    "difference", [{"receiver_phone": "13900000009"}, {"place_key": "foshan-2"}]
)
def test_what_differs_is_named_and_nothing_changes(
    make_allocated: OrderMaker, chen: Person, difference: dict[str, Any]
) -> None:
    one = plan(make_allocated(1, **LIN), by=TESTER).get()
    other = plan(make_allocated(1, **{**LIN, **difference}), by=TESTER).get()
    with pytest.raises(CannotCombine):
        combined(Shipment.objects.numbered([one.pk, other.pk]), chen)
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


def test_another_carrier_keeps_them_apart(apart: ShipmentQuerySet, chen: Person) -> None:
    with entry("test.setup", by=TESTER):
        other = Carrier.objects.create(code="yunda", name="韵达", rank=9)
        apart.filter(stage=Stage.PLANNED).update(carrier=other)
    with pytest.raises(CannotCombine):
        combined(apart, chen)


def test_cash_on_delivery_never_goes_together(make_allocated: OrderMaker, chen: Person) -> None:
    cash = two_parcels(make_allocated, is_cod=True, paid_fen=0)
    with pytest.raises(CannotCombine):
        combined(cash, chen, "all the same")


def test_a_limit_of_the_house_needs_a_reason(apart: ShipmentQuerySet, chen: Person) -> None:
    with entry("test.setup", by=TESTER):
        CombineRules.objects.create(most_g=1000)
    with pytest.raises(CannotCombine, match="1000"):
        combined(apart, chen)
    assert combined(apart, chen, "the buyer asked").get().pieces == 4


def test_one_alone_has_nothing_to_go_with(make_shipments: ShipmentMaker, chen: Person) -> None:
    with pytest.raises(CannotCombine):
        combined(make_shipments(1, **LIN), chen)


def test_orders_are_planned_and_put_together(make_allocated: OrderMaker, chen: Person) -> None:
    first = make_allocated(1, **LIN)
    release(plan(first, by=TESTER), by=TESTER)
    second = make_allocated(1, **LIN)
    orders = Order.objects.numbered([first.get().pk, second.get().pk])
    assert combine_orders(orders, by=chen, now=timezone.now()).get().pieces == 4


def test_an_order_before_the_warehouse_is_not_combined(
    make_orders: OrderMaker, make_allocated: OrderMaker, chen: Person
) -> None:
    early = make_orders(1, stage=OrderStage.HELD, **LIN)
    orders = Order.objects.numbered([early.get().pk, make_allocated(1, **LIN).get().pk])
    with pytest.raises(NotYetThere):
        combine_orders(orders, by=chen, now=timezone.now())
    assert not Shipment.objects.exists()


def test_it_costs_the_same_for_one_pair_and_for_a_hundred(
    make_allocated: OrderMaker, chen: Person
) -> None:
    one = two_parcels(make_allocated)
    first = [
        plan(make_allocated(1, buyer=f"b{n}", place_key=f"p{n}"), by=TESTER).get().pk
        for n in range(30)
    ]
    release(Shipment.objects.numbered(first), by=TESTER)
    second = [
        plan(make_allocated(1, buyer=f"b{n}", place_key=f"p{n}"), by=TESTER).get().pk
        for n in range(30)
    ]
    many = Shipment.objects.numbered(first + second)
    assert statements(lambda: combined(one, chen)) == statements(lambda: combined(many, chen))
