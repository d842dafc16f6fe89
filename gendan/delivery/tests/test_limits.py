"""What a platform can't take is known before, and is not told afterwards."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.limit_shop import limit_shop
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import WriteBack
from gendan.delivery.queries.telling import tellings
from gendan.delivery.tests.test_hand_over import numbers as numbers
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.people.models import Person, Platform, Shop
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import split
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.tests.conftest import carrier as carrier
from gendan.warehouse.tests.conftest import make_allocated as make_allocated

pytestmark = pytest.mark.usefixtures("numbers")


def in_two(make_allocated: OrderMaker) -> ShipmentQuerySet:
    """One piece of an order's only line in each of two parcels."""
    shipment = plan(make_allocated(1), by=TESTER).get()
    line = shipment.lines.get().line_id
    return split({shipment.pk: [{line: 1}, {line: 1}]}, by=TESTER, now=timezone.now())


def leave(shipments: ShipmentQuerySet) -> None:
    ids = list(shipments.values_list("pk", flat=True))
    chosen = Shipment.objects.numbered(ids)
    release(chosen, by=TESTER)
    pick(chosen, by=TESTER)
    verify_whole(chosen, by=TESTER)
    pack(draw_waybills(chosen, by=TESTER), by=TESTER)
    hand_over(chosen, by=TESTER, now=timezone.now())


def foretold() -> list[Any]:
    orders = Order.objects.values_list("pk", flat=True)
    return [(one.sub_order, one.is_taken) for one in tellings(orders)]


def told() -> list[Any]:
    return [*WriteBack.objects.order_by("shipment").values_list("sub_order", "state", "pieces")]


def of(shop: Shop, platform: str) -> None:
    with entry("test.setup", by=TESTER):
        Shop.objects.filter(pk=shop.pk).update(platform=platform)


def test_a_sub_order_in_two_parcels_is_told_once(make_allocated: OrderMaker, shop: Shop) -> None:
    parcels = in_two(make_allocated)
    sub = Line.objects.get().sub_order
    assert foretold() == [(sub, True), (sub, False)]
    leave(parcels)
    assert told() == [(sub, "WAITING", None), (sub, "IMPOSSIBLE", None)]
    assert WriteBack.objects.get(state="IMPOSSIBLE").why


def test_it_is_the_parcel_that_leaves_first(make_allocated: OrderMaker) -> None:
    first, second = in_two(make_allocated).order_by("pk")
    leave(Shipment.objects.filter(pk=second.pk))
    leave(Shipment.objects.filter(pk=first.pk))
    assert [state for _sub, state, _pieces in told()] == ["IMPOSSIBLE", "WAITING"]


def test_a_shop_that_may_counts_the_pieces(
    make_allocated: OrderMaker, shop: Shop, zhao: Person
) -> None:
    limit_shop(shop, "QUANTITY", by=zhao, why="granted")
    parcels = in_two(make_allocated)
    sub = Line.objects.get().sub_order
    assert foretold() == [(sub, True), (sub, True)]
    leave(parcels)
    assert told() == [(sub, "WAITING", 1), (sub, "WAITING", 1)]
    said = Entry.objects.get(verb="shop.limited")
    assert (said.actor_name, said.why) == (zhao.name, "granted")


def test_a_platform_of_whole_orders_is_told_one_parcel(
    make_allocated: OrderMaker, shop: Shop
) -> None:
    of(shop, Platform.JD)
    parcels = in_two(make_allocated)
    assert foretold() == [("", True), ("", False)]
    leave(parcels)
    assert [state for _sub, state, _pieces in told()] == ["WAITING", "IMPOSSIBLE"]


def test_what_was_foretold_is_what_is_told(make_allocated: OrderMaker, shop: Shop) -> None:
    for platform in (Platform.TAOBAO, Platform.JD, Platform.SHOPIFY, Platform.DOUYIN):
        of(shop, platform)
        parcels = in_two(make_allocated)
        orders = set(parcels.values_list("lines__order", flat=True))
        before = [(one.shipment_id, one.sub_order, one.is_taken) for one in tellings(orders)]
        leave(parcels)
        after = WriteBack.objects.filter(order__in=orders).order_by("shipment")
        assert before == [(row.shipment_id, row.sub_order, row.state == "WAITING") for row in after]


def test_a_whole_order_is_told_as_before(make_allocated: OrderMaker) -> None:
    parcels = plan(make_allocated(2), by=TESTER)
    assert foretold() == [("", True), ("", True)]
    leave(parcels)
    assert told() == [("", "WAITING", None)] * 2


def test_the_usual_limit_comes_back(shop: Shop, make_allocated: OrderMaker, zhao: Person) -> None:
    limit_shop(shop, "WHOLE", by=zhao)
    limit_shop(shop, "", by=zhao)
    in_two(make_allocated)
    assert foretold() == [
        (Line.objects.get().sub_order, True),
        (Line.objects.get().sub_order, False),
    ]
