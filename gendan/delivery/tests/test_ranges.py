"""Waybill number ranges."""

import pytest
from django.test import Client

from conftest import TESTER
from gendan.delivery.actions.save_ranges import NotTheirNumbers, RangesOverlap, save_ranges
from gendan.delivery.actions.waybills import WaybillRefused, draw_waybills, enter_waybills
from gendan.delivery.models import NumberRange
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.models import Carrier, Shipment, Wave
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import *  # noqa: F403 (the warehouse's cast)
from gendan.warehouse.tests.conftest import ShipmentMaker


def numbers(carrier: Carrier, first: int, last: int) -> NumberRange:
    return NumberRange(carrier=carrier, prefix="YT", digits=13, next=first, last=last)


def test_ranges_that_share_a_number_are_refused(zhao: Person, yuantong: Carrier) -> None:
    save_ranges([numbers(yuantong, 1, 100)], by=zhao)
    with pytest.raises(RangesOverlap):
        save_ranges([numbers(yuantong, 100, 200)], by=zhao)
    assert NumberRange.objects.count() == 1
    save_ranges([numbers(yuantong, 101, 200)], by=zhao)


def test_numbers_are_entered_on_a_page(client: Client, zhao: Person, yuantong: Carrier) -> None:
    client.force_login(zhao)
    form = {"carrier": yuantong.pk, "prefix": "YT", "digits": "13", "next": "1", "last": "500"}
    assert client.post("/number-ranges/new/", {**form, "last": "0"}).status_code == 302
    assert client.post("/number-ranges/new/", {**form, "digits": "2"}).status_code == 422
    assert client.post("/number-ranges/new/", form).status_code == 302
    assert "YT0000000000500" in client.get("/number-ranges/").content.decode()


def test_a_colleague_is_refused(client: Client, wang: Person) -> None:
    client.force_login(wang)
    assert client.get("/number-ranges/new/").status_code == 403


def test_numbers_that_are_not_the_carriers_are_refused(zhao: Person, yuantong: Carrier) -> None:
    with entry("test.setup", by=TESTER):
        Carrier.objects.update(pattern="YT[0-9]{12}")
    yuantong.refresh_from_db()
    with pytest.raises(NotTheirNumbers):
        save_ranges([numbers(yuantong, 1, 100)], by=zhao)
    assert not NumberRange.objects.exists()


def test_numbers_that_parcels_bear_are_refused(
    zhao: Person, make_parcels: ParcelMaker, yuantong: Carrier
) -> None:
    make_parcels(1, waybill="YT0000000000050")
    with pytest.raises(RangesOverlap):
        save_ranges([numbers(yuantong, 1, 100)], by=zhao)
    save_ranges([numbers(yuantong, 51, 100)], by=zhao)


def test_a_wave_without_numbers_leads_to_the_page_for_them(
    client: Client, make_shipments: ShipmentMaker, zhao: Person, chen: Person
) -> None:
    make_shipments(1, stage=Stage.RELEASED)
    address = f"/waves/{Wave.objects.get().number}/waybills"
    for person, is_led in ((zhao, True), (chen, False)):
        client.force_login(person)
        answer = client.post(address, follow=True).content.decode()
        assert ("/number-ranges/new/" in answer) is is_led
        assert "顺丰速运" in answer


def test_a_number_typed_before_is_not_drawn_again(
    make_shipments: ShipmentMaker, carrier: Carrier, zhao: Person
) -> None:
    first, second = make_shipments(2)
    save_ranges([NumberRange(carrier=carrier, prefix="SF", digits=3, next=1, last=9)], by=zhao)
    enter_waybills({first.pk: "SF001"}, by=zhao)
    with pytest.raises(WaybillRefused):
        draw_waybills(Shipment.objects.filter(pk=second.pk), by=zhao)
    assert Shipment.objects.get(pk=second.pk).waybill == ""
