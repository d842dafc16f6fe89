"""What a contract says beside the prices: discounts from a day on, and weight by volume."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.split import split_by
from gendan.warehouse.models import Carriage, Carrier, Shipment
from gendan.warehouse.models.carriage import Discount, Ground, Tariff
from gendan.warehouse.queries.carriage import options
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.tests.parcels import LIN
from gendan.warehouse.tests.test_carry import NOW, give, planned
from gendan.warehouse.tests.test_carry import yunda as yunda

TODAY = timezone.localdate(NOW)


@pytest.fixture
def tariffs(carrier: Carrier, yunda: Carrier) -> None:
    """The preferred carrier takes 10 for the first kilogram, the other 9."""
    give(Tariff(carrier=carrier, first_fen=1000, step_fen=400))
    give(Tariff(carrier=yunda, first_fen=900, step_fen=100))


def off(carrier: Carrier, percent: int, from_on: date = TODAY, province: str = "") -> Any:
    return give(Discount(carrier=carrier, percent=percent, from_on=from_on, province=province))


def measured(sku: Sku, *sides: int) -> None:
    with entry("test.setup", by=TESTER):
        sku.length_mm, sku.width_mm, sku.height_mm = sides
        sku.save()


def test_a_discount_makes_a_carrier_the_cheapest(
    make_allocated: OrderMaker, carrier: Carrier, tariffs: None
) -> None:
    off(carrier, 15)
    shipment = planned(make_allocated)
    choice = Carriage.objects.get(shipment=shipment)
    assert (shipment.carrier, choice.ground) == (carrier, Ground.CHEAPEST)
    assert (choice.fee_fen, choice.percent) == (850, 15)


def test_the_latest_discount_that_has_begun_counts(
    make_allocated: OrderMaker, carrier: Carrier, tariffs: None
) -> None:
    shipment = planned(make_allocated)
    off(carrier, 20, TODAY - timedelta(days=9))
    off(carrier, 0)
    off(carrier, 50, TODAY + timedelta(days=1))

    def fee(days: int) -> int | None:
        found = options([shipment.pk], now=NOW + timedelta(days=days))[shipment.pk]
        return next(each.fee_fen for each in found if each.carrier_id == carrier.pk)

    assert [fee(days) for days in (-10, -9, 0, 1)] == [1000, 800, 1000, 500]


def test_a_province_of_its_own_goes_before_all_others(
    make_allocated: OrderMaker, carrier: Carrier, tariffs: None
) -> None:
    off(carrier, 50)
    off(carrier, 5, TODAY - timedelta(days=30), "浙江省")
    found = options([planned(make_allocated).pk], now=NOW)
    assert {each.fee_fen for some in found.values() for each in some} == {950, 900}


def test_what_takes_up_room_is_charged_by_its_volume(
    make_allocated: OrderMaker, carrier: Carrier, yunda: Carrier, tariffs: None, tea: Sku
) -> None:
    measured(tea, 300, 200, 200)  # 12,000 cm³: 2 kg at 6000
    give_divisor(yunda, 6000)
    shipment = planned(make_allocated, quantity=3)
    assert shipment.carrier == carrier  # the other would take 14
    told = {each.carrier_id: each for each in options([shipment.pk], now=NOW)[shipment.pk]}
    assert (told[yunda.pk].grams, told[yunda.pk].fee_fen) == (6000, 1400)
    assert told[carrier.pk].grams == shipment.expected_g


def test_what_is_split_or_joined_costs_what_it_weighs(
    make_allocated: OrderMaker, tariffs: None, chen: Person
) -> None:
    def fee() -> int | None:
        return Carriage.objects.get(shipment=shipment).fee_fen

    shipment = plan(make_allocated(1, **LIN, quantity=9), by=TESTER).get()  # 2 kg and more
    assert fee() == 1100
    plan(make_allocated(1, **LIN, quantity=8), by=TESTER)
    assert fee() == 1300
    split_by(Way.ORDER, Shipment.objects.numbered([shipment.pk]), by=chen, now=NOW)
    assert fee() == 1100


def test_heavy_goods_and_goods_without_measures_are_charged_by_weight(
    make_allocated: OrderMaker, yunda: Carrier, tariffs: None, tea: Sku
) -> None:
    give_divisor(yunda, 6000)
    unmeasured = planned(make_allocated)
    measured(tea, 30, 20, 20)
    small = planned(make_allocated)
    for shipment in (unmeasured, small):
        assert Carriage.objects.get(shipment=shipment).charged_g == shipment.expected_g


def give_divisor(carrier: Carrier, divisor: int) -> None:
    with entry("test.setup", by=TESTER):
        Carrier.objects.filter(pk=carrier.pk).update(volume_divisor=divisor)
