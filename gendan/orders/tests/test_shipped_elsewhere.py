"""Orders that the platform calls shipped although nothing of them left our house."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import shipped_elsewhere
from gendan.orders.actions.shipped_elsewhere import NotShippedElsewhere
from gendan.orders.models import Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import PlatformState, Stage
from gendan.orders.tests.conftest import NOW
from gendan.orders.tests.test_cancel import shipped
from gendan.orders.under_way import UnderWay
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import give_back_cancelled, reserve_next
from gendan.stock.models import Balance, Reservation
from gendan.stock.tests.conftest import *  # noqa: F403 (shelves with goods)
from gendan.stock.tests.conftest import Shelf
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Item, Kind

WHY = "分销商已代发"
TOLD = {"platform_state": PlatformState.SHIPPED}


@pytest.mark.parametrize("stage", [Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT])
def test_it_completes_and_says_who_and_why(
    make_orders: OrderMaker, li: Person, stage: Stage
) -> None:
    orders = shipped_elsewhere(make_orders(2, stage=stage, **TOLD), by=li, now=NOW, why=WHY)
    assert {*orders.values_list("stage", "completed_at")} == {(Stage.COMPLETED, NOW)}
    told = Entry.objects.get(verb="order.shipped_elsewhere")
    assert (told.actor_name, told.why) == (li.name, WHY)


def test_nobody_has_to_look_at_it_any_more(make_orders: OrderMaker, li: Person) -> None:
    order = make_orders(1, stage=Stage.HELD, **TOLD).get()
    items = [NewItem(kind, "order", order.pk) for kind in (Kind.HELD, Kind.PLATFORM)]
    open_items(items, by=TESTER, now=NOW)
    shipped_elsewhere(Order.objects.all(), by=li, now=NOW, why=WHY)
    assert not Item.objects.open().exists()


def test_what_was_reserved_is_given_back_and_never_planned(
    make_orders: OrderMaker, li: Person, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 9)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=timezone.now())
    assert ready_to_plan().exists()
    with entry("test.setup", by=TESTER):
        Order.objects.update(**TOLD)
    assert not ready_to_plan().exists()
    shipped_elsewhere(Order.objects.all(), by=li, now=NOW, why=WHY)
    assert give_back_cancelled(by=TESTER) == 1
    assert not Reservation.objects.exists()
    assert Balance.objects.get().on_hand == 9


def test_it_wants_a_reason_and_the_platforms_word(make_orders: OrderMaker, li: Person) -> None:
    told, untold = make_orders(1, **TOLD), make_orders(1)
    for orders, why in ((told, " "), (untold, WHY), (Order.objects.all(), WHY)):
        with pytest.raises(NotShippedElsewhere):
            shipped_elsewhere(orders, by=li, now=NOW, why=why)
    assert not Order.objects.filter(stage=Stage.COMPLETED).exists()


def test_it_refuses_the_wrong_stage_and_changes_nothing(
    make_orders: OrderMaker, li: Person
) -> None:
    make_orders(1, **TOLD)
    make_orders(1, stage=Stage.CANCELLED, **TOLD)
    with pytest.raises(WrongStage):
        shipped_elsewhere(Order.objects.all(), by=li, now=NOW, why=WHY)
    assert not Order.objects.filter(stage=Stage.COMPLETED).exists()


def test_our_own_shipment_must_be_recalled_first(
    make_orders: OrderMaker, li: Person, hangzhou: Warehouse
) -> None:
    orders = make_orders(1, stage=Stage.ALLOCATED, **TOLD)
    shipped(orders, hangzhou, "PLANNED")
    with pytest.raises(UnderWay):
        shipped_elsewhere(orders, by=li, now=NOW, why=WHY)
    assert orders.get().stage == Stage.ALLOCATED


def test_a_reviewer_does_it_on_the_page_and_others_may_not(
    client: Client, make_orders: OrderMaker, li: Person, wang: Person, stranger: Person
) -> None:
    order = make_orders(1, stage=Stage.HELD, **TOLD).get()
    address = f"/orders/{order.number}/elsewhere"
    for person, status in ((stranger, 404), (wang, 403)):
        client.force_login(person)
        assert client.post(address, {"why": WHY}).status_code == status
    client.force_login(li)
    assert address in client.get(f"/orders/{order.number}/").content.decode()
    client.post(address, {"why": WHY})
    assert Order.objects.get().stage == Stage.COMPLETED


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, li: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, **TOLD)
        with CaptureQueriesContext(connection) as counted:
            shipped_elsewhere(orders, by=li, now=NOW, why=WHY)
        return len(counted)

    assert cost(1) == cost(300)
