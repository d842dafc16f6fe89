"""Gifts that are no longer earned go: after a refund, after packing, and of who shared a parcel."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, GiftRuleMaker, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders import verify as orders
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.actions.give import follow_refunds
from gendan.orders.actions.save_gift_rule import NewTier
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import GiftLine, GiftRule, Line, Order, RefundState, Scope
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person, Warehouse
from gendan.screening.actions import screen
from gendan.screening.rules import install_rules
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive, reserve, unreserve
from gendan.stock.models import Reservation
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment, ShipmentQuerySet

NOW = timezone.now()
LIN: dict[str, Any] = {"buyer": "lin", "place_key": "guangzhou-1"}


def all_is_well() -> bool:
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    return not [one for one in found if "paid" not in one.what]


def nothing_is_given() -> bool:
    promised = Reservation.objects.filter(line__is_gift=True)
    standing = GiftLine.objects.filter(taken_back_at=None)
    return GiftRule.objects.get().given == 0 and not standing.exists() and not promised.exists()


def refunded(order: Order) -> None:
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=order, is_gift=False).update(refund_state=RefundState.REFUNDED)


@pytest.fixture
def order(
    make_orders: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    tea: Sku,
    mug: Sku,
    hangzhou: Warehouse,
    wang: Person,
) -> Order:
    """Released: ¥256 of tea, and a mug for it."""
    install_rules(by=TESTER)
    receive([Goods(tea.pk, 50), Goods(mug.pk, 5)], hangzhou, by=TESTER)
    make_gift_rule()
    order = make_orders(1).get()
    screen(Order.objects.numbered([order.pk]), by=TESTER, now=NOW)
    assert GiftRule.objects.get().given == 1
    return order


def packed(order: Order) -> ShipmentQuerySet:
    chosen = Order.objects.numbered([order.pk])
    reserve(chosen, by=TESTER, now=NOW)
    parcels = plan(chosen, by=TESTER)
    release(parcels, by=TESTER)
    return pack(verify_whole(pick(parcels, by=TESTER), by=TESTER), by=TESTER)


def test_it_goes_when_the_amount_falls_after_packing(order: Order, wang: Person) -> None:
    packed(order)
    asked = request([NewAmendment(order.pk, [SetQuantity(line=1, quantity=1)])], by=wang, now=NOW)
    confirm(asked, by=wang, now=NOW)
    assert nothing_is_given()
    order.refresh_from_db()
    assert order.stage == OrderStage.ALLOCATED
    assert plan(Order.objects.numbered([order.pk]), by=TESTER).get().pieces == 1
    assert all_is_well()


def test_it_goes_when_released_goods_are_refunded(order: Order) -> None:
    assert not follow_refunds(by=TESTER, now=NOW)
    refunded(order)
    assert follow_refunds(by=TESTER, now=NOW) == 1
    assert nothing_is_given()
    assert not follow_refunds(by=TESTER, now=NOW)


def test_it_goes_when_promised_goods_are_refunded_and_freed(order: Order) -> None:
    chosen = Order.objects.numbered([order.pk])
    reserve(chosen, by=TESTER, now=NOW)
    refunded(order)
    unreserve(chosen, by=TESTER, why="refunded")
    assert nothing_is_given()
    assert all_is_well()


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_that_shared_a_parcel_one_is_refunded(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    mug: Sku,
    hangzhou: Warehouse,
    place: int,
) -> None:
    receive([Goods(mug.pk, 5)], hangzhou, by=TESTER)
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL)
    chosen = make_allocated(2, **LIN).order_by("pk")
    parcel = plan(chosen, by=TESTER).get()
    gone, stays = chosen[place], chosen[1 - place]
    refunded(gone)
    recall(Shipment.objects.numbered([parcel.pk]), by=TESTER, now=NOW, why="refunded")
    unreserve(Order.objects.numbered([gone.pk]), by=TESTER, why="refunded")
    assert plan(Order.objects.numbered([stays.pk]), by=TESTER).get().pieces == 2
    assert nothing_is_given()
    assert all_is_well()
