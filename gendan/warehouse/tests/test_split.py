"""Splitting by hand: the ways, the quantities, what is undone, and that no piece is lost."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person, Warehouse
from gendan.stock.actions.goods import Goods, receive
from gendan.stock.models import Reservation
from gendan.stock.writing import NotEnoughStock
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.regroup import AlreadyMoved, undo
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import NothingToSplit, split, split_by
from gendan.warehouse.models import Regrouping, Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.parcels import LIN, living
from gendan.warehouse.tests.statements import statements
from gendan.warehouse.verify import differences


@pytest.fixture
def parcel(make_allocated: OrderMaker) -> ShipmentQuerySet:
    """One parcel with goods of two orders, two pieces each."""
    return plan(make_allocated(2, **LIN), by=TESTER)


def held(shipment: Shipment) -> dict[int, int]:
    return dict(shipment.lines.values_list("line", "quantity"))


def test_chosen_quantities_get_a_parcel_of_their_own(
    parcel: ShipmentQuerySet, chen: Person
) -> None:
    one, other = held(parcel.get()).items()
    parts = [{one[0]: 1, other[0]: 2}, {one[0]: 1}]
    both = split({parcel.get().pk: parts}, by=chen, now=timezone.now(), why="one is late")
    assert sorted(both.values_list("pieces", flat=True)) == [1, 3]
    assert Entry.objects.get(verb="shipment.split").why == "one is late"
    assert not list(differences())


def test_it_is_undone_by_merging_again(parcel: ShipmentQuerySet, chen: Person) -> None:
    before = held(parcel.get())
    split_by(Way.ORDER, parcel, by=chen, now=timezone.now())
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]
    undo(Regrouping.objects.all(), by=chen, now=timezone.now())
    assert living() == [("PLANNED", 4)]
    assert held(Shipment.objects.get(stage=Stage.PLANNED)) == before


def test_what_was_split_by_hand_is_not_joined_by_itself(
    make_allocated: OrderMaker, parcel: ShipmentQuerySet, chen: Person
) -> None:
    split_by(Way.ORDER, parcel, by=chen, now=timezone.now())
    plan(make_allocated(1, **LIN), by=chen)
    assert living() == [("PLANNED", 2), ("PLANNED", 2), ("PLANNED", 2)]


def test_a_parcel_in_a_wave_steps_back(parcel: ShipmentQuerySet, chen: Person) -> None:
    release(parcel, by=chen)
    split_by(Way.ORDER, parcel, by=chen, now=timezone.now())
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


@pytest.mark.parametrize("wrong", [1, 3])
def test_no_piece_is_lost_or_doubled(parcel: ShipmentQuerySet, chen: Person, wrong: int) -> None:
    one, other = held(parcel.get())
    with pytest.raises(AlreadyMoved):
        split({parcel.get().pk: [{one: 2}, {other: wrong}]}, by=chen, now=timezone.now())
    assert living() == [("PLANNED", 4)]


def test_one_part_is_nothing_to_split(parcel: ShipmentQuerySet, chen: Person) -> None:
    with pytest.raises(NothingToSplit):
        split_by(Way.FRAGILE, parcel, by=chen, now=timezone.now())


def test_fragile_goods_go_apart(
    make_allocated: OrderMaker, parcel: ShipmentQuerySet, tea: Sku, bag: Sku, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        Sku.objects.filter(pk=bag.pk).update(is_fragile=True)
        ShipmentLine.objects.filter(pk=parcel.get().lines.order_by("pk")[0].pk).update(sku=bag)
    split_by(Way.FRAGILE, parcel, by=chen, now=timezone.now())
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


def test_no_parcel_is_heavier_than_the_limit(
    parcel: ShipmentQuerySet, tea: Sku, chen: Person
) -> None:
    limit = 100 + 3 * tea.weight_g
    split_by(Way.WEIGHT, parcel, by=chen, now=timezone.now(), limit_g=limit)
    assert [goods for _stage, goods in living()] == [1, 3]
    assert all(one.expected_g <= limit for one in Shipment.objects.all())


def test_it_costs_the_same_for_one_and_for_many(make_allocated: OrderMaker, chen: Person) -> None:
    def parcels(number: int, buyer: str) -> ShipmentQuerySet:
        ids: list[Any] = []
        for n in range(number):
            same = {"buyer": f"{buyer}{n}", "place_key": f"{buyer}{n}"}
            ids += plan(make_allocated(2, **same), by=TESTER).values_list("pk", flat=True)
        return Shipment.objects.numbered(ids)

    one, many = parcels(1, "a"), parcels(30, "b")
    assert statements(lambda: split_by(Way.ORDER, one, by=chen, now=timezone.now())) == statements(
        lambda: split_by(Way.ORDER, many, by=chen, now=timezone.now())
    )


def test_pieces_can_leave_from_another_house_and_come_back(
    parcel: ShipmentQuerySet, foshan: Warehouse, hangzhou: Warehouse, chen: Person
) -> None:
    one, other = held(parcel.get())
    tea = parcel.get().lines.order_by("pk")[0].sku_id
    parts = {parcel.get().pk: [{one: 1, other: 2}, {one: 1}]}
    elsewhere = {(parcel.get().pk, 1): foshan.pk}
    with pytest.raises(NotEnoughStock):
        split(parts, by=chen, now=timezone.now(), houses=elsewhere)
    assert living() == [("PLANNED", 4)]
    receive([Goods(tea, 5)], foshan, by=chen)
    split(parts, by=chen, now=timezone.now(), houses=elsewhere)
    assert promised() == {(one, hangzhou.pk): 1, (one, foshan.pk): 1, (other, hangzhou.pk): 2}
    assert not list(differences())
    undo(Regrouping.objects.all(), by=chen, now=timezone.now())
    assert promised() == {(one, hangzhou.pk): 2, (other, hangzhou.pk): 2}
    assert living() == [("PLANNED", 4)]
    assert not list(differences())


def promised() -> dict[tuple[int, int], int]:
    rows = Reservation.objects.values_list("line", "warehouse", "quantity")
    return {(line, warehouse): number for line, warehouse, number in rows}
