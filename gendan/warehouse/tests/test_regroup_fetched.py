"""Combining, splitting and undoing once goods lie in baskets: they stay there, or are put back."""

import pytest
from django.test import Client
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.people.models import Person, Warehouse
from gendan.stock.actions.goods import Goods, receive
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.pack import NotComplete, pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.put_back import end_recall, put_back_pieces
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import split, split_by
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import PutBack, Regrouping, Shipment, ShipmentQuerySet
from gendan.warehouse.move import WrongStage
from gendan.warehouse.queries.ready import ready_for_wave
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.parcels import LIN, fetched, living
from gendan.warehouse.verify import differences
from gendan.worklist.models import Item, Kind


def combined(shipments: ShipmentQuerySet, by: Person) -> Shipment:
    return combine(shipments, by=by, now=timezone.now()).get()


def undone(by: Person) -> None:
    undo(Regrouping.objects.standing(), by=by, now=timezone.now())


def test_goods_of_two_baskets_go_into_one_parcel(apart: ShipmentQuerySet, chen: Person) -> None:
    both = verify_whole(fetched(apart), by=chen).order_by("pk")
    wave = both[0].wave
    stays = combined(both, chen)
    assert (stays.stage, stays.pieces, stays.wave) == ("PICKED", 4, wave)
    assert living() == [("PICKED", 4)]
    assert not PutBack.objects.exists()
    with pytest.raises(NotComplete):
        pack(Shipment.objects.filter(pk=stays.pk), by=chen)
    assert not list(differences())


def test_they_go_back_into_two(apart: ShipmentQuerySet, chen: Person) -> None:
    combined(fetched(apart), chen)
    undone(chen)
    assert living() == [("PICKED", 2), ("PICKED", 2)]
    assert not list(differences())


def test_a_parcel_is_split_on_the_table(make_allocated: OrderMaker, chen: Person) -> None:
    parcel = fetched(plan(make_allocated(2, **LIN), by=TESTER))
    place = parcel.values_list("wave", "wave_position")[0]
    both = split_by(Way.ORDER, parcel, by=chen, now=timezone.now())
    assert living() == [("PICKED", 2), ("PICKED", 2)]
    assert {*both.values_list("wave", "wave_position")} == {place}
    pack(verify_whole(both, by=chen), by=chen)
    assert not list(differences())


def test_what_is_not_fetched_yet_takes_the_fetched_along(
    apart: ShipmentQuerySet, chen: Person
) -> None:
    first, second = apart
    pick(Shipment.objects.filter(pk=first.pk), by=TESTER)
    stays = combined(apart, chen)
    assert (stays.pk, stays.stage, stays.pieces) == (second.pk, "PLANNED", 4)
    back = PutBack.objects.get()
    assert (back.shipment_id, back.quantity) == (first.pk, 2)
    assert Item.objects.open().get(kind=Kind.RECALLED).subject_id == first.pk
    assert not list(differences())


def test_it_waits_for_its_wave_until_the_goods_are_back(
    apart: ShipmentQuerySet, chen: Person
) -> None:
    first = apart[0]
    pick(Shipment.objects.filter(pk=first.pk), by=TESTER)
    combined(apart, chen)
    assert not ready_for_wave().exists()
    put_back_pieces(first, ["TEA-01", "TEA-01"], by=chen)
    recalled = Shipment.objects.filter(pk=first.pk)
    end_recall(recalled, by=chen, now=timezone.now(), papers_destroyed=True)
    assert ready_for_wave().get().pieces == 4


def test_undoing_takes_along_what_was_fetched_since(apart: ShipmentQuerySet, chen: Person) -> None:
    fetched(Shipment.objects.filter(pk=combined(apart, chen).pk))
    undone(chen)
    assert living() == [("PICKED", 2), ("PICKED", 2)]
    assert not list(differences())


def test_pieces_for_another_house_are_put_back_first(
    make_allocated: OrderMaker, foshan: Warehouse, chen: Person
) -> None:
    parcel = fetched(plan(make_allocated(1), by=TESTER)).get()
    held = parcel.lines.get()
    receive([Goods(held.sku_id, 5)], foshan, by=chen)
    parts = {parcel.pk: [{held.line_id: 1}, {held.line_id: 1}]}
    split(parts, by=chen, now=timezone.now(), houses={(parcel.pk, 1): foshan.pk})
    assert living() == [("PLANNED", 1), ("PLANNED", 1)]
    assert PutBack.objects.get().quantity == 2
    undone(chen)
    assert living() == [("PLANNED", 2)]
    assert not list(differences())


def test_what_is_packed_is_left_alone(make_shipments: ShipmentMaker, chen: Person) -> None:
    packed = make_shipments(2, stage=Stage.PACKED, **LIN)
    apart = make_shipments(1, stage=Stage.PACKED, **LIN)
    both = Shipment.objects.numbered([packed.get().pk, apart.get().pk])
    with pytest.raises(WrongStage):
        combine(both, by=chen, now=timezone.now())
    with pytest.raises(WrongStage):
        split_by(Way.ORDER, packed, by=chen, now=timezone.now())
    assert living() == [("PACKED", 2), ("PACKED", 4)]


def test_the_packing_table_knows_both_baskets(
    client: Client, apart: ShipmentQuerySet, chen: Person
) -> None:
    first, second = fetched(apart)
    combined(apart, chen)
    client.force_login(chen)
    shown = client.post("/pack/scan", {"code": first.number, "shipment": ""}).content.decode()
    assert "0 / 4" in shown
    assert second.number in shown
    answer = client.post("/pack/scan", {"code": second.number, "shipment": ""}).content.decode()
    assert first.number in answer
    assert 'data-sound="wrong"' in answer


def test_the_packing_table_sends_goods_back_that_can_not_stay(
    client: Client, apart: ShipmentQuerySet, chen: Person
) -> None:
    first = apart[0]
    pick(Shipment.objects.filter(pk=first.pk), by=TESTER)
    client.force_login(chen)
    shown = client.get("/combine/parcels", {"shipment": first.number}).content.decode()
    assert "TEA-01" in shown
    combine(apart, by=chen, now=timezone.now(), why="one postage")
    answer = client.post("/pack/scan", {"code": first.number, "shipment": ""}).content.decode()
    assert "one postage" in answer
    assert "0 / 2" in client.post("/put-back/scan", {"code": first.number}).content.decode()


def test_waves_hold_the_new_parcel_when_picked_again(apart: ShipmentQuerySet, chen: Person) -> None:
    first = apart[0]
    pick(Shipment.objects.filter(pk=first.pk), by=TESTER)
    stays = combined(apart, chen)
    chosen = Shipment.objects.filter(pk=stays.pk)
    release(chosen, by=chen)
    pick(chosen, by=chen)
    pack(verify_whole(chosen, by=chen), by=chen)
    assert living() == [("PACKED", 4)]
