"""Waybill number ranges."""

import pytest
from django.test import Client

from gendan.delivery.actions.save_ranges import RangesOverlap, save_ranges
from gendan.delivery.models import NumberRange
from gendan.people.models import Person
from gendan.warehouse.models import Carrier


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
