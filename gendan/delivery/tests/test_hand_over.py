"""Handing over: packed parcels leave the house, the stock, and wait to be told to the platforms."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from conftest import TESTER
from gendan.delivery.actions.hand_over import NoWaybill, hand_over
from gendan.delivery.actions.waybills import (
    NoNumbersLeft,
    WaybillRefused,
    draw_waybills,
    enter_waybills,
)
from gendan.delivery.actions.write_back import NotWaiting, confirm, give_up, put_in_file
from gendan.delivery.models import Handover, NumberRange, WriteBack
from gendan.delivery.queries.write_backs import UPLOADS, upload_file
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.stages import PlatformState
from gendan.people.models import Person, Platform
from gendan.stock.models import Balance, Reservation
from gendan.warehouse.guards import MustNotShip
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import *  # noqa: F403 (the warehouse's cast)
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements
from gendan.worklist.models import Item, Kind


@pytest.fixture
def numbers(carrier: Carrier) -> NumberRange:
    with entry("test.setup", by=TESTER):
        return NumberRange.objects.create(
            carrier=carrier, prefix="SF", digits=10, next=1, last=1000
        )


Labelled = Callable[..., ShipmentQuerySet]


@pytest.fixture
def make_labelled(make_shipments: ShipmentMaker, numbers: NumberRange) -> Labelled:
    """Return a maker of packed shipments that have waybills."""

    def make(number: int = 2, **more: object) -> ShipmentQuerySet:
        return draw_waybills(make_shipments(number, stage=Stage.PACKED, **more), by=TESTER)

    return make


def test_numbers_are_drawn_from_the_range_of_the_carrier(
    make_shipments: ShipmentMaker, numbers: NumberRange, chen: Person
) -> None:
    drawn = draw_waybills(make_shipments(2), by=chen)
    assert [*drawn.order_by("pk").values_list("waybill", flat=True)] == [
        "SF0000000001",
        "SF0000000002",
    ]
    numbers.refresh_from_db()
    assert numbers.next == 3
    draw_waybills(drawn, by=chen)
    numbers.refresh_from_db()
    assert numbers.next == 3


def test_a_second_range_follows_the_first(
    make_shipments: ShipmentMaker, numbers: NumberRange, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        NumberRange.objects.update(last=1)
        NumberRange.objects.create(carrier=numbers.carrier, prefix="SG", digits=3, next=7, last=8)
    drawn = draw_waybills(make_shipments(3), by=chen)
    assert [*drawn.order_by("pk").values_list("waybill", flat=True)] == [
        "SF0000000001",
        "SG007",
        "SG008",
    ]


def test_too_few_numbers_are_given_to_nobody(
    make_shipments: ShipmentMaker, numbers: NumberRange, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        NumberRange.objects.update(last=1)
    shipments = make_shipments(2)
    with pytest.raises(NoNumbersLeft, match="1"):
        draw_waybills(shipments, by=chen)
    assert {*shipments.values_list("waybill", flat=True)} == {""}


def test_entered_numbers_must_fit_the_carrier_and_be_free(
    make_shipments: ShipmentMaker, carrier: Carrier, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        Carrier.objects.update(pattern=r"SF\d{13}")
    first, second = make_shipments(2)
    enter_waybills({first.pk: " SF1234567890123 "}, by=chen)
    for wrong in ("YT1234567890123", "SF1234567890123"):
        with pytest.raises(WaybillRefused):
            enter_waybills({second.pk: wrong}, by=chen)
    assert {*Shipment.objects.values_list("waybill", flat=True)} == {"SF1234567890123", ""}


def test_it_ships_and_the_stock_leaves(make_labelled: Labelled, chen: Person) -> None:
    shipments = make_labelled(2)
    handed = hand_over(shipments, by=chen, now=timezone.now()).get()
    assert (handed.handed_by, handed.shipments.count()) == (chen, 2)
    assert {*shipments.values_list("stage", flat=True)} == {"SHIPPED"}
    assert {*Balance.objects.values_list("on_hand", "reserved")} == {(0, 0)}
    assert not Reservation.objects.exists()
    assert {*Line.objects.values_list("shipped", flat=True)} == {2}
    assert Entry.objects.get(verb="shipment.shipped").actor_name == chen.name


def test_the_platform_waits_to_be_told(make_labelled: Labelled, chen: Person) -> None:
    hand_over(make_labelled(2), by=chen, now=timezone.now())
    assert [*WriteBack.objects.values_list("state", "sub_order")] == [("WAITING", "")] * 2
    assert Item.objects.filter(kind=Kind.WRITE_BACK).count() == 1


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    make_labelled: Labelled, make_shipments: ShipmentMaker, chen: Person
) -> None:
    packed = make_labelled(1)
    both = Shipment.objects.filter(pk__in=[packed.get().pk, make_shipments(1).get().pk])
    with pytest.raises(WrongStage):
        hand_over(both, by=chen, now=timezone.now())
    assert not Shipment.objects.filter(stage=Stage.SHIPPED).exists()
    assert not Handover.objects.exists()


def test_it_refuses_what_the_buyer_wants_refunded(make_labelled: Labelled, chen: Person) -> None:
    shipments = make_labelled(1)
    with entry("test.setup", by=TESTER):
        Order.objects.update(platform_state=PlatformState.REFUNDING)
    with pytest.raises(MustNotShip):
        hand_over(shipments, by=chen, now=timezone.now())
    assert shipments.get().stage == Stage.PACKED


def test_it_refuses_a_parcel_without_a_waybill(make_shipments: ShipmentMaker, chen: Person) -> None:
    with pytest.raises(NoWaybill):
        hand_over(make_shipments(1, stage=Stage.PACKED), by=chen, now=timezone.now())


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_labelled: Labelled, chen: Person
) -> None:
    now = timezone.now()
    one, many = make_labelled(1), make_labelled(300)
    assert statements(lambda: hand_over(one, by=chen, now=now)) == statements(
        lambda: hand_over(many, by=chen, now=now)
    )


@pytest.mark.parametrize("platform", [*UPLOADS])
def test_the_file_for_the_platform_holds_orders_and_waybills(
    make_labelled: Labelled, chen: Person, platform: str
) -> None:
    hand_over(make_labelled(2), by=chen, now=timezone.now())
    book = CalamineWorkbook.from_filelike(BytesIO(upload_file(WriteBack.objects.all(), platform)))
    head, *lines = book.get_sheet_by_index(0).to_python()
    assert head == UPLOADS[platform].columns
    assert lines[0][0] == Order.objects.earliest("pk").platform_order
    assert lines[0][-1] == "SF0000000001"
    assert set(UPLOADS) == set(Platform.values) - {Platform.OWN}


def test_what_was_written_back_no_longer_waits(make_labelled: Labelled, chen: Person) -> None:
    now = timezone.now()
    hand_over(make_labelled(2), by=chen, now=now)
    waiting = WriteBack.objects.order_by("pk")
    put_in_file(waiting, "taobao.xlsx", by=chen, now=now)
    assert {*WriteBack.objects.values_list("state", "file")} == {("EXPORTED", "taobao.xlsx")}
    confirm(WriteBack.objects.filter(pk=waiting[0].pk), by=chen, now=now)
    assert Item.objects.get(kind=Kind.WRITE_BACK).done_at is None
    give_up(WriteBack.objects.filter(pk=waiting[1].pk), by=chen, now=now, why="order closed")
    assert Item.objects.get(kind=Kind.WRITE_BACK).done_at is not None
    with pytest.raises(NotWaiting):
        confirm(waiting, by=chen, now=now)
