"""Who carries a parcel: a wish, a rule, the fastest or the cheapest, else the next one."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.actions.carry import NobodyRefused, refuse, settle
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.models import Carriage, Carrier, Shipment
from gendan.warehouse.models.carriage import CarrierRule, Ground, Standard, Tariff, Unserved
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.statements import statements
from gendan.worklist.models import Item, Kind

NOW = timezone.now()
PLACE = {"province": "浙江省", "city": "杭州市", "district": "西湖区"}


def give(row: Any) -> Any:
    with entry("test.setup", by=TESTER):
        row.save()
    return row


@pytest.fixture
def yunda(carrier: Carrier) -> Carrier:
    found: Carrier = give(Carrier(code="yunda", name="韵达速递", rank=2))
    return found


@pytest.fixture
def tariffs(carrier: Carrier, yunda: Carrier) -> None:
    """The preferred carrier is the dearer one; heavy parcels cost more steps."""
    give(Tariff(carrier=carrier, first_fen=1800, step_fen=500))
    give(Tariff(carrier=yunda, first_fen=500, step_fen=100))
    give(Tariff(carrier=yunda, province="西藏自治区", first_fen=2600, step_fen=1800))


def hours(carrier: Carrier, took: float, province: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_transit (carrier_id, province, hours, sample, counted_at) "
            "VALUES (%s, %s, %s, 50, now())",
            [carrier.pk, province, took],
        )


def planned(make_allocated: OrderMaker, number: int = 1, **more: Any) -> Shipment:
    return plan(make_allocated(number, **PLACE | more), by=TESTER).order_by("pk")[0]


def test_where_nothing_is_said_the_preferred_carrier_takes_it(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier
) -> None:
    assert planned(make_allocated).carrier == carrier
    assert not Carriage.objects.exists()


def test_the_cheapest_takes_it_and_the_others_are_remembered(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    shipment = planned(make_allocated)
    choice = Carriage.objects.get(shipment=shipment)
    assert (shipment.carrier, choice.ground, choice.fee_fen) == (yunda, Ground.CHEAPEST, 500)
    assert [other["carrier"] for other in choice.others] == [carrier.pk]


def test_the_price_depends_on_region_and_weight(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    assert planned(make_allocated, province="西藏自治区", city="拉萨市").carrier == carrier
    heavy = planned(make_allocated, quantity=9)  # 9 × 250 g and a box: two steps more
    assert Carriage.objects.get(shipment=heavy).fee_fen == 700


def test_what_would_come_late_is_not_cheap(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    give(Standard(province="", arrive_hours=48))
    hours(yunda, 80)
    hours(carrier, 30)
    assert planned(make_allocated).carrier == carrier


def test_what_is_urgent_goes_by_the_fastest(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    hours(yunda, 60)
    hours(carrier, 20, "浙江省")
    shipment = planned(make_allocated, priority=10)
    assert shipment.carrier == carrier
    assert Carriage.objects.get(shipment=shipment).ground == Ground.FASTEST


def test_a_rule_goes_before_the_price_and_a_wish_before_the_rule(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    rule = give(CarrierRule(name="大额走顺丰", expression="total > 100", carrier=carrier))
    ruled = planned(make_allocated)
    assert ruled.carrier == carrier
    assert Carriage.objects.get(shipment=ruled).rule == rule
    assert planned(make_allocated, carrier_wish="韵达").carrier == yunda


@pytest.mark.parametrize("wish", ["韵达", "韵达快递", "韵达速递", "YUNDA", "yunda"])
def test_a_wish_is_understood_as_people_write_it(
    make_allocated: OrderMaker, yunda: Carrier, wish: str
) -> None:
    assert planned(make_allocated, carrier_wish=wish).carrier == yunda


def test_any_courier_is_no_wish(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    shipment = planned(make_allocated, carrier_wish="快递")
    assert Carriage.objects.get(shipment=shipment).ground == Ground.CHEAPEST


def test_a_carrier_that_does_not_serve_the_place_is_left_out(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None
) -> None:
    give(Unserved(carrier=yunda, province="浙江省", city="杭州市"))
    assert planned(make_allocated).carrier == carrier
    assert planned(make_allocated, city="宁波市", district="海曙区").carrier == yunda


def test_where_nobody_goes_a_person_is_asked_until_there_is_one(
    make_allocated: OrderMaker, carrier: Carrier
) -> None:
    give(Unserved(carrier=carrier, province="浙江省"))
    shipment = planned(make_allocated)
    assert shipment.carrier is None
    assert Item.objects.open().get(kind=Kind.SOURCING).subject_id == shipment.pk
    assert settle(by=TESTER, now=NOW) == 0
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=shipment.pk).update(carrier=carrier)
    assert settle(by=TESTER, now=NOW) == 1


def test_when_one_refuses_the_next_takes_it(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None, chen: Person
) -> None:
    shipment = planned(make_allocated)
    chosen = Shipment.objects.numbered([shipment.pk])
    refuse(chosen, by=chen, now=NOW, why="超区")
    shipment.refresh_from_db()
    assert shipment.carrier == carrier
    assert Entry.objects.get(verb="shipment.refused_by_carrier").why == "超区"
    refuse(chosen, by=chen, now=NOW, why="也不收")
    assert Item.objects.open().filter(kind=Kind.SOURCING).count() == 1


def test_a_refusal_needs_a_reason_and_a_shipment_in_the_house(
    make_allocated: OrderMaker, tariffs: None, chen: Person
) -> None:
    shipment = planned(make_allocated)
    chosen = Shipment.objects.numbered([shipment.pk])
    with pytest.raises(NobodyRefused):
        refuse(chosen, by=chen, now=NOW, why=" ")
    with entry("test.setup", by=TESTER):
        chosen.update(stage=Stage.SHIPPED)
    with pytest.raises(WrongStage):
        refuse(chosen, by=chen, now=NOW, why="超区")
    assert Carriage.objects.get(shipment=shipment).carrier.code == "yunda"


def test_planning_costs_the_same_for_many(make_allocated: OrderMaker, tariffs: None) -> None:
    def costs(number: int) -> int:
        orders = make_allocated(number, **PLACE)
        return statements(lambda: plan(orders, by=TESTER))

    assert costs(1) == costs(30)
