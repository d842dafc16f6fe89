"""Splitting short orders by stock: what is there goes now, the rest waits; and undoing it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage as OrderStands
from gendan.orders.stages import Stage as OrderStage
from gendan.people.actions import make_key
from gendan.people.models import Person, Warehouse
from gendan.stock import verify as stock
from gendan.stock.actions import NothingThere, reserve
from gendan.stock.actions.goods import Goods, receive
from gendan.stock.models import CaseState, Reservation, Rest, ShortageCase
from gendan.stock.tests.conftest import beside
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.split_by_stock import (
    NothingWaits,
    send_all_together,
    split_by_stock,
)
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Carrier, PutBack, Shipment
from gendan.warehouse.move import WrongStage
from gendan.warehouse.tests.parcels import fetched, living
from gendan.warehouse.verify import differences
from gendan.worklist.models import Item, Kind

ShortMaker = OrderMaker


@pytest.fixture
def make_short(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse, carrier: Carrier
) -> ShortMaker:
    """Return a maker of short orders of two tins each, of which one is there."""

    def make(number: int = 1, **more: object) -> OrderQuerySet:
        for order in make_orders(number, stage=OrderStage.READY, **more):
            reserve(Order.objects.numbered([order.pk]), by=TESTER, now=timezone.now())
        receive([Goods(tea.pk, number + tea.safety_stock)], hangzhou, by=TESTER)
        return Order.objects.filter(stage=OrderStage.SHORT)

    return make


def split(orders: OrderQuerySet, by: Person, why: str = "") -> None:
    ids = list(orders.values_list("pk", flat=True))
    split_by_stock(Order.objects.numbered(ids), by=by, now=timezone.now(), why=why)


def together(by: Person) -> None:
    send_all_together(Order.objects.all(), by=by, now=timezone.now(), why="the buyer asked")


def nothing_is_lost() -> bool:
    return not [*differences(), *stock.differences()]


def test_what_is_there_goes_and_the_rest_waits(make_short: ShortMaker, chen: Person) -> None:
    split(make_short(), chen, "the buyer is in a hurry")
    assert living() == [("PLANNED", 1)]
    assert Rest.objects.get().quantity == 1
    assert Order.objects.get().stage == OrderStage.ALLOCATED
    assert Entry.objects.get(verb="order.split_by_stock").why == "the buyer is in a hurry"
    assert nothing_is_lost()


def test_somebody_settles_the_rest_with_the_customer(make_short: ShortMaker, chen: Person) -> None:
    split(make_short(), chen)
    assert ShortageCase.objects.get().state == CaseState.OPEN
    assert Item.objects.open().filter(kind=Kind.SHORT, detail="").count() == 1


def test_it_is_undone_and_waits_for_everything(
    make_short: ShortMaker, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    split(make_short(), chen)
    together(chen)
    order = Order.objects.get()
    assert (order.stage, living()) == (OrderStage.SHORT, [])
    assert not Rest.objects.exists()
    assert not Reservation.objects.exists()
    assert nothing_is_lost()
    receive([Goods(tea.pk, 1)], hangzhou, by=chen)
    assert reserve(Order.objects.all(), by=chen, now=timezone.now()).exists()


def test_what_was_fetched_is_put_back(make_short: ShortMaker, chen: Person) -> None:
    split(make_short(), chen)
    fetched(Shipment.objects.all())
    together(chen)
    assert PutBack.objects.get().quantity == 1
    assert nothing_is_lost()


def test_what_is_packed_is_not_undone(make_short: ShortMaker, chen: Person) -> None:
    split(make_short(), chen)
    pack(verify_whole(fetched(Shipment.objects.all()), by=chen), by=chen)
    with pytest.raises(WrongStage):
        together(chen)
    assert living() == [("PACKED", 1)]


def test_only_short_orders_are_split_by_stock(
    make_short: ShortMaker, make_orders: OrderMaker, chen: Person
) -> None:
    with pytest.raises(OrderStands):
        split(make_orders(1, stage=OrderStage.HELD), chen)
    with pytest.raises(NothingWaits):
        together(chen)


def test_without_a_single_piece_nothing_goes(
    make_orders: OrderMaker, hangzhou: Warehouse, chen: Person
) -> None:
    orders = make_orders(1, stage=OrderStage.READY)
    reserve(orders, by=TESTER, now=timezone.now())
    with pytest.raises(NothingThere):
        split(orders, chen)
    assert orders.get().stage == OrderStage.SHORT


def test_the_page_shows_what_goes_does_it_and_undoes_it(
    client: Client, make_short: ShortMaker, chen: Person
) -> None:
    order = make_short().get()
    client.force_login(chen)
    page = f"/orders/{order.number}/split/"
    assert page in client.get(f"/orders/{order.number}/").content.decode()
    assert "TEA-01" in client.get(page).content.decode()
    assert living() == []
    client.post(f"{page}now", {"why": "hurry"})
    assert living() == [("PLANNED", 1)]
    parcel = Shipment.objects.get()
    assert client.get(page).headers["Location"] == f"/shipments/{parcel.number}/split"
    client.post(f"/orders/{order.number}/together", {"why": "wait"})
    assert living() == []


def test_the_page_says_why_nothing_goes(
    client: Client, make_orders: OrderMaker, chen: Person
) -> None:
    order = make_orders(1, stage=OrderStage.HELD).get()
    client.force_login(chen)
    assert "notice warn" in client.get(f"/orders/{order.number}/split/").content.decode()


def test_who_may_not_split_is_told(client: Client, make_short: ShortMaker, wang: Person) -> None:
    number = make_short().get().number
    client.force_login(wang)
    assert client.get(f"/orders/{number}/split/").status_code == 403
    assert client.post(f"/orders/{number}/split/now").status_code == 403
    assert client.post(f"/orders/{number}/together").status_code == 403


def test_a_program_tries_it_does_it_and_undoes_it(make_short: ShortMaker) -> None:
    number = make_short().get().number
    _key, secret = make_key(by=TESTER, name="ERP", scopes=["warehouse.combine"])
    program = Client(headers={"authorization": f"Bearer {secret}"})

    def post(path: str, **more: object) -> dict[str, Any]:
        body = {"orders": [number], **more}
        answer = program.post(f"/api/regroupings/{path}", body, "application/json")
        return dict(answer.json())

    tried = post("by-stock", preview=True)
    assert tried["waits"] == [{"order": number, "sku": "TEA-01", "quantity": 1}]
    assert [(one["is_new"], one["pieces"]) for one in tried["parcels"]] == [(True, 1)]
    assert living() == []
    post("by-stock")
    assert living() == [("PLANNED", 1)]
    assert post("together") == {"waiting": 1}
    assert living() == []


def test_it_costs_the_same_for_one_and_for_300(
    make_orders: OrderMaker, bag: Sku, hangzhou: Warehouse, carrier: Carrier
) -> None:
    counts = []
    for number in (1, 300):
        orders = make_orders(number, stage=OrderStage.READY)
        beside(orders, bag)
        reserve(orders, by=TESTER, now=timezone.now())
        receive([Goods(bag.pk, number + bag.safety_stock)], hangzhou, by=TESTER)
        with CaptureQueriesContext(connection) as queries:
            split_by_stock(orders, by=TESTER, now=timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1]
