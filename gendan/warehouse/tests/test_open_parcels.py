"""Shared gifts go into a parcel that is still open; if none is, the page says so."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD, TESTER, GiftRuleMaker, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders import verify as orders
from gendan.orders.actions.save_gift_rule import NewTier
from gendan.orders.models import GiftLine, GiftRule, Order, Scope
from gendan.people.models import Person, Warehouse
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import split
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.foreseen import foresee
from gendan.warehouse.queries.missed_gifts import Why, missed_gifts
from gendan.warehouse.stages import Stage

NOW = timezone.now()
LIN: dict[str, Any] = {"buyer": "lin", "place_key": "guangzhou-1"}


def all_is_well() -> bool:
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    return not [one for one in found if "paid" not in one.what]


def only(parcel: Shipment) -> Any:
    return Shipment.objects.numbered([parcel.pk])


def in_wave(make_allocated: OrderMaker) -> Shipment:
    """A parcel of one order of Lin's that nothing joins by itself any more."""
    parcel = plan(make_allocated(1, **LIN), by=TESTER).get()
    release(only(parcel), by=TESTER)
    return parcel


def missed(order: Order) -> list[tuple[int, Why]]:
    return [(one.quantity, one.why) for one in missed_gifts([order.pk], now=NOW)]


@pytest.fixture
def tiers(make_gift_rule: GiftRuleMaker, mug: Sku, hangzhou: Warehouse) -> GiftRule:
    """For what goes in one parcel: a mug from ¥400 on, three from ¥700 on."""
    receive([Goods(mug.pk, 9)], hangzhou, by=TESTER)
    return make_gift_rule(NewTier(40000, mug.pk), NewTier(70000, mug.pk, 3), scope=Scope.PARCEL)


def test_what_is_more_goes_into_the_parcel_that_is_open(
    make_allocated: OrderMaker, tiers: GiftRule
) -> None:
    parcel = plan(make_allocated(2, **LIN), by=TESTER).get()
    gift = GiftLine.objects.get()
    tea = list(parcel.lines.exclude(order=gift.order).values_list("line", flat=True))
    rest = dict.fromkeys(tea, 1)
    first = {
        line: number - rest.get(line, 0)
        for line, number in parcel.lines.values_list("line", "quantity")
    }
    split({parcel.pk: [first, rest]}, by=TESTER, now=NOW)
    release(only(parcel), by=TESTER)  # in a wave, with the gift, is the order that got it
    still_open = Shipment.objects.get(stage=Stage.PLANNED)
    third = in_wave(make_allocated)
    combine(Shipment.objects.numbered([still_open.pk, third.pk]), by=TESTER, now=NOW, why="one")
    inside = ShipmentLine.objects.filter(line__is_gift=True)
    assert sorted(inside.values_list("shipment__stage", "quantity")) == [
        ("PLANNED", 2),
        ("RELEASED", 1),
    ]
    assert GiftRule.objects.get().given == 3
    assert not missed(gift.order)
    assert all_is_well()


def test_if_none_is_open_nothing_is_given_and_the_page_says_so(
    make_allocated: OrderMaker, tiers: GiftRule, admin: Person
) -> None:
    parcels = [in_wave(make_allocated), in_wave(make_allocated)]
    chosen = Shipment.objects.numbered([one.pk for one in parcels])
    pick(chosen, by=TESTER)
    seen = foresee(lambda: combine(chosen, by=TESTER, now=NOW), [one.pk for one in parcels])
    told = [part.context["missed"] for part in seen.parts if "missed" in part.context]
    assert [one.why for part in told for one in part] == [Why.CLOSED]
    stays = combine(chosen, by=TESTER, now=NOW).get()
    assert (stays.stage, GiftLine.objects.count()) == (Stage.PICKED, 0)
    order = Order.objects.order_by("pk")[0]
    assert missed(order) == [(1, Why.CLOSED)]
    client = Client()
    client.login(username=admin.username, password=PASSWORD)
    page = client.get(reverse("order", args=[order.number])).content.decode()
    assert tiers.name in page
    assert all_is_well()


@pytest.mark.parametrize(("lying", "limit", "why"), [(0, None, Why.NOT_THERE), (5, 0, Why.GIVEN)])
def test_why_nobody_gets_it_is_said(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    mug: Sku,
    hangzhou: Warehouse,
    lying: int,
    limit: int | None,
    why: Why,
) -> None:
    if lying:
        receive([Goods(mug.pk, lying)], hangzhou, by=TESTER)
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL, limit=limit)
    chosen = make_allocated(2, **LIN)
    plan(chosen, by=TESTER)
    assert missed(chosen[0]) == [(1, why)]


def test_what_came_later_is_told_apart(
    make_allocated: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, hangzhou: Warehouse
) -> None:
    make_gift_rule(NewTier(40000, mug.pk), scope=Scope.PARCEL)
    chosen = make_allocated(2, **LIN)
    plan(chosen, by=TESTER)
    receive([Goods(mug.pk, 5)], hangzhou, by=TESTER)
    assert missed(chosen[0]) == [(1, Why.LATER)]
