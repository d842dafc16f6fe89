"""Another carrier: the waybill of the first is given up, and the wave too."""

import pytest

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.actions.choose_carrier import CarrierNotUsed, choose_carrier
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements


@pytest.fixture
def zhongtong(db: None) -> Carrier:
    with entry("test.setup", by=TESTER):
        return Carrier.objects.create(code="zhongtong", name="中通快递", name_en="ZTO", rank=2)


def label(shipments: ShipmentQuerySet) -> None:
    with entry("test.setup", by=TESTER):
        for shipment in shipments:
            Shipment.objects.filter(pk=shipment.pk).update(waybill=f"SF{shipment.pk:06}")


def test_it_gives_up_waybill_and_wave_and_says_so(
    make_shipments: ShipmentMaker, zhongtong: Carrier, chen: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    label(Shipment.objects.all())
    choose_carrier(Shipment.objects.all(), zhongtong, by=chen, why="SF does not go there")
    now = Shipment.objects.get()
    assert (now.carrier, now.waybill, now.wave, now.stage) == (zhongtong, "", None, Stage.PLANNED)
    chosen = Entry.objects.get(verb="shipment.carrier_chosen")
    assert (chosen.actor_name, chosen.why) == (chen.name, "SF does not go there")
    assert Entry.objects.get(verb="waybill.given_up").facts["waybills"] == f"SF{shipment.pk:06}"


def test_what_has_the_carrier_already_stays_as_it_is(
    make_shipments: ShipmentMaker, carrier: Carrier, chen: Person
) -> None:
    shipments = make_shipments(2, stage=Stage.RELEASED)
    label(shipments)
    assert not choose_carrier(shipments, carrier, by=chen).exists()
    assert not shipments.filter(waybill="").exists()
    assert not shipments.exclude(stage=Stage.RELEASED).exists()


def test_a_packed_parcel_keeps_its_place_and_needs_a_new_waybill(
    make_shipments: ShipmentMaker, zhongtong: Carrier, chen: Person
) -> None:
    shipments = make_shipments(1, stage=Stage.PACKED)
    label(shipments)
    choose_carrier(shipments, zhongtong, by=chen)
    now = shipments.get()
    assert (now.stage, now.waybill, now.carrier) == (Stage.PACKED, "", zhongtong)
    assert now.wave


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    make_shipments: ShipmentMaker, carrier: Carrier, zhongtong: Carrier, chen: Person
) -> None:
    shipments = make_shipments(2)
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=shipments[0].pk).update(stage=Stage.SHIPPED)
    with pytest.raises(WrongStage):
        choose_carrier(shipments, zhongtong, by=chen)
    assert {shipment.carrier for shipment in shipments.all()} == {carrier}


def test_a_carrier_that_is_switched_off_gets_nothing(
    make_shipments: ShipmentMaker, zhongtong: Carrier, chen: Person
) -> None:
    zhongtong.is_active = False
    with pytest.raises(CarrierNotUsed):
        choose_carrier(make_shipments(1), zhongtong, by=chen)


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_shipments: ShipmentMaker, zhongtong: Carrier, chen: Person
) -> None:
    one, many = make_shipments(1), make_shipments(300)
    label(one | many)
    assert statements(lambda: choose_carrier(one, zhongtong, by=chen)) == statements(
        lambda: choose_carrier(many, zhongtong, by=chen)
    )


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("", "shunfeng"),
        ("zhongtong", "zhongtong"),
        ("中通", "zhongtong"),
        ("zto", "zhongtong"),
        ("马车", "shunfeng"),
    ],
)
def test_planning_takes_the_wished_carrier_or_the_preferred(
    make_allocated: OrderMaker, zhongtong: Carrier, chen: Person, wish: str, code: str
) -> None:
    shipment = plan(make_allocated(1, carrier_wish=wish), by=chen).get()
    assert shipment.carrier
    assert shipment.carrier.code == code
