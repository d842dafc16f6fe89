"""Parcels that have left are intercepted by their carrier, or not."""

import pytest
from django.test import Client
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.intercept import AnsweredAlready, NothingSaid, accept, refuse
from gendan.delivery.models import Aim, Interception
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.wanted import (
    Action,
    AnotherPlace,
    InvoiceTo,
    SetPrice,
    SetQuantity,
    Stop,
    WishOn,
)
from gendan.orders.models import Amendment, Order
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.worklist.models import Item, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"


@pytest.fixture
def shipped(make_parcels: ParcelMaker) -> Shipment:
    """A parcel on its way."""
    return make_parcels().get()


def amend(order: Order, *wanted: Action, by: Person) -> Amendment:
    asked = request([NewAmendment(order.pk, wanted)], by=TESTER, now=timezone.now())
    return confirm(asked, by=by, now=timezone.now()).get()


def test_a_new_address_is_asked_of_the_carrier(shipped: Shipment, wang: Person) -> None:
    order, before = Order.objects.get(), shipped.address

    done = amend(order, AnotherPlace(text=PLACE), by=wang)

    asked = Interception.objects.get()
    assert (asked.shipment, asked.aim, asked.state) == (shipped, Aim.ELSEWHERE, "ASKED")
    assert Item.objects.open().get(kind=Kind.INTERCEPTION).subject_id == asked.pk
    assert "INTERCEPT" in [one["kind"] for one in done.consequences]
    shipped.refresh_from_db()
    order.refresh_from_db()
    assert (shipped.address, order.stage) == (before, "ALLOCATED")


def test_what_the_carrier_accepts_stands_on_the_parcel(shipped: Shipment, wang: Person) -> None:
    amend(Order.objects.get(), AnotherPlace(text=PLACE), by=wang)

    accept(Interception.objects.all(), by=wang, now=timezone.now(), words="已改派")

    shipped.refresh_from_db()
    assert shipped.district == "西湖区"
    assert not Item.objects.open().filter(kind=Kind.INTERCEPTION).exists()
    with pytest.raises(AnsweredAlready):
        refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="晚了")


def test_what_the_carrier_refuses_goes_on(shipped: Shipment, wang: Person) -> None:
    amend(Order.objects.get(), Stop(), by=wang)
    before = shipped.address
    with pytest.raises(NothingSaid):
        refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="")

    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="已在派送")

    asked = Interception.objects.get()
    shipped.refresh_from_db()
    assert (asked.aim, asked.state, asked.words) == (Aim.RETURN, "REFUSED", "已在派送")
    assert shipped.address == before


@pytest.mark.parametrize(
    "wanted", [SetQuantity(line=1, quantity=1), SetPrice(line=1, price_fen=1), WishOn(on=None)]
)
def test_goods_and_money_stay_after_leaving(
    shipped: Shipment, zhao: Person, wanted: Action
) -> None:
    with pytest.raises(CannotAmend):
        amend(Order.objects.get(), wanted, by=zhao)
    assert not Interception.objects.exists()


def test_an_invoice_asks_nobody(shipped: Shipment, wang: Person) -> None:
    amend(Order.objects.get(), InvoiceTo(title="山茶记"), by=wang)
    assert not Interception.objects.exists()


def test_what_has_not_left_is_not_stopped(make_orders: OrderMaker, wang: Person) -> None:
    with pytest.raises(CannotAmend):
        amend(make_orders(1).get(), Stop(), by=wang)


def test_the_pages_show_it_and_take_the_answer(
    client: Client, shipped: Shipment, wang: Person
) -> None:
    order = Order.objects.get()
    amend(order, Stop(), by=wang)
    asked = Interception.objects.get()
    client.force_login(wang)
    address = f"/interceptions/{asked.pk}/answer"
    for page in (f"/orders/{order.number}/", f"/parcels/{shipped.number}/"):
        assert address in client.get(page).content.decode()

    client.post(address, {"answer": "no", "words": "已签收"})

    asked.refresh_from_db()
    assert (asked.state, asked.words) == ("REFUSED", "已签收")
    assert "已签收" in client.get(f"/parcels/{shipped.number}/").content.decode()


def test_strangers_answer_for_nobody(client: Client, shipped: Shipment, stranger: Person) -> None:
    amend(Order.objects.get(), Stop(), by=stranger)
    client.force_login(stranger)
    pk = Interception.objects.get().pk
    assert client.post(f"/interceptions/{pk}/answer", {"answer": "yes"}).status_code == 404
