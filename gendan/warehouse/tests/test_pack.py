"""Packing: every piece is scanned, every instruction ticked, the weight is right."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Order
from gendan.orders.stages import PlatformState
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.actions.pack import NotComplete, WeightDiffers, pack, unpack
from gendan.warehouse.actions.verify import (
    TooMany,
    WrongPiece,
    start_again,
    tick,
    verify,
    verify_whole,
)
from gendan.warehouse.guards import MustNotShip
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements


@pytest.fixture
def parcel(make_shipments: ShipmentMaker) -> ShipmentQuerySet:
    """A picked shipment of two tins of tea."""
    return make_shipments(1, stage=Stage.PICKED)


def verified(parcel: ShipmentQuerySet) -> int:
    line = parcel.get().lines.get()
    return line.verified


def forbid(parcel: ShipmentQuerySet) -> None:
    with entry("test.setup", by=TESTER):
        Order.objects.filter(shipment_lines__shipment__in=parcel).update(
            platform_state=PlatformState.REFUNDING
        )


def test_scanned_pieces_are_counted_by_barcode_or_code(
    parcel: ShipmentQuerySet, tea: Sku, chen: Person
) -> None:
    verify(parcel.get(), [tea.barcode], by=chen)
    verify(parcel.get(), [tea.code.lower()], by=chen)
    assert verified(parcel) == 2
    assert Entry.objects.filter(verb="shipment.verified", actor_name=chen.name).count() == 2


def test_a_wrong_piece_is_refused(parcel: ShipmentQuerySet, bag: Sku, chen: Person) -> None:
    with pytest.raises(WrongPiece, match=bag.title):
        verify(parcel.get(), [bag.barcode], by=chen)
    with pytest.raises(WrongPiece):
        verify(parcel.get(), ["0000"], by=chen)
    assert verified(parcel) == 0


def test_one_too_many_is_refused(parcel: ShipmentQuerySet, tea: Sku, chen: Person) -> None:
    verify(parcel.get(), [tea.barcode] * 2, by=chen)
    with pytest.raises(TooMany):
        verify(parcel.get(), [tea.barcode], by=chen)
    assert verified(parcel) == 2


def test_a_scan_is_refused_when_the_buyer_wants_the_money_back(
    parcel: ShipmentQuerySet, tea: Sku, chen: Person
) -> None:
    forbid(parcel)
    with pytest.raises(MustNotShip):
        verify(parcel.get(), [tea.barcode], by=chen)


def test_it_packs_what_is_complete(parcel: ShipmentQuerySet, tea: Sku, chen: Person) -> None:
    verify(parcel.get(), [tea.barcode] * 2, by=chen)
    pack(parcel, by=chen, weights={parcel.get().pk: 610})
    done = parcel.get()
    assert (done.stage, done.weight_g, done.packed_by) == (Stage.PACKED, 610, chen)


def test_it_refuses_what_lacks_a_piece_and_changes_nothing(
    parcel: ShipmentQuerySet, tea: Sku, chen: Person
) -> None:
    verify(parcel.get(), [tea.barcode], by=chen)
    with pytest.raises(NotComplete):
        pack(parcel, by=chen)
    assert parcel.get().stage == Stage.PICKED


def test_every_instruction_must_be_ticked(parcel: ShipmentQuerySet, tea: Sku, chen: Person) -> None:
    with entry("test.setup", by=TESTER):
        card = Instruction.objects.create(order=Order.objects.get(), code="CARD", text="生日快乐")
    verify(parcel.get(), [tea.barcode] * 2, by=chen)
    with pytest.raises(NotComplete):
        pack(parcel, by=chen)
    tick(parcel, [card.pk], by=chen)
    assert pack(parcel, by=chen).get().stage == Stage.PACKED


def test_another_weight_asks_for_a_reason(parcel: ShipmentQuerySet, tea: Sku, chen: Person) -> None:
    verify(parcel.get(), [tea.barcode] * 2, by=chen)
    weights = {parcel.get().pk: 900}
    with pytest.raises(WeightDiffers):
        pack(parcel, by=chen, weights=weights)
    assert parcel.get().stage == Stage.PICKED
    pack(parcel, by=chen, weights=weights, weight_why="wooden box")
    assert parcel.get().weight_why == "wooden box"


def test_what_the_platform_forbids_is_not_packed(parcel: ShipmentQuerySet, chen: Person) -> None:
    verify_whole(parcel, by=chen)
    forbid(parcel)
    with pytest.raises(MustNotShip):
        pack(parcel, by=chen)
    assert parcel.get().stage == Stage.PICKED


def test_undo_returns_the_parcel_to_where_it_was(parcel: ShipmentQuerySet, chen: Person) -> None:
    pack(verify_whole(parcel, by=chen), by=chen)
    unpack(parcel, by=chen, why="forgot the card")
    opened = parcel.get()
    assert (opened.stage, opened.packed_at, verified(parcel)) == (Stage.PICKED, None, 0)
    with pytest.raises(WrongStage):
        unpack(parcel, by=chen)


def test_checking_can_start_again(parcel: ShipmentQuerySet, tea: Sku, chen: Person) -> None:
    verify(parcel.get(), [tea.barcode], by=chen)
    start_again(parcel, by=chen)
    assert verified(parcel) == 0


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    one = verify_whole(make_shipments(1, stage=Stage.PICKED), by=chen)
    many = verify_whole(make_shipments(300, stage=Stage.PICKED), by=chen)
    assert statements(lambda: pack(one, by=chen)) == statements(lambda: pack(many, by=chen))


def both_at_once(act: Callable[[], object]) -> list[str]:
    """Run an act twice on connections of their own, started together; return how each ended."""
    ended, start = [], threading.Barrier(2)

    def run() -> None:
        start.wait()
        try:
            act()
            ended.append("done")
        except Refused as refused:
            ended.append(type(refused).__name__)
        finally:
            connection.close()

    runners = [threading.Thread(target=run) for _ in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return sorted(ended)


@pytest.mark.django_db(transaction=True)
def test_of_two_packers_one_packs(make_shipments: ShipmentMaker, chen: Person) -> None:
    parcel = verify_whole(make_shipments(1, stage=Stage.PICKED), by=chen)
    pk = parcel.get().pk
    ended = both_at_once(lambda: pack(Shipment.objects.filter(pk=pk), by=chen))
    assert ended == ["WrongStage", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_packers_do_not_scan_one_piece_too_many(
    make_shipments: ShipmentMaker, tea: Sku, chen: Person
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    verify(parcel, [tea.barcode], by=chen)
    ended = both_at_once(lambda: verify(parcel, [tea.barcode], by=chen))
    assert ended == ["TooMany", "done"]
