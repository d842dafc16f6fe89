"""Exchanging goods that are short leaves the order before readable, as an amendment does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.actors import Customer
from gendan.orders.actions.amend import ChangedMeanwhile, NewAmendment, confirm, request
from gendan.orders.actions.change_back import change_back
from gendan.orders.actions.swap import CannotSwap, Swap, swap
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import Amendment, Order, OrderQuerySet
from gendan.orders.queries.amendments import version_of, wishes_of
from gendan.orders.stages import Stage
from gendan.orders.verify import differences
from gendan.people.models import Person, Shop
from gendan.worklist.models import Item, Kind

WHY = "换货"


@pytest.fixture
def bag(db: None) -> Sku:
    return make_sku("BAG-01", "亚麻茶席", 5000)


@pytest.fixture
def short(make_orders: OrderMaker) -> Order:
    """Two pieces of 128 yuan, not there."""
    return make_orders(1, stage=Stage.SHORT).get()


def exchange(orders: OrderQuerySet, sku: Sku | None, quantity: int = 2) -> None:
    swaps = [
        Swap(line.pk, quantity, sku.pk if sku else None, 5000)
        for order in orders
        for line in order.lines.all()
    ]
    swap(swaps, by=Customer("林一诺"), now=timezone.now(), why=WHY)


def test_the_order_before_and_after_stays_readable(short: Order, bag: Sku) -> None:
    before = short.lines.get().sku

    exchange(Order.objects.all(), bag)

    first, second = version_of(short, 1), version_of(short, 2)
    assert first
    assert second
    assert before
    assert [line["sku"] for line in first.said["lines"]] == [before.code]
    assert [line["sku"] for line in second.said["lines"]] == ["BAG-01"]
    made = Amendment.objects.get()
    assert (made.state, made.cause, made.asked_by) == ("CONFIRMED", "GOODS", "CUSTOMER")
    assert (made.words, made.requested_by) == (WHY, "林一诺")
    assert made.difference_fen == 10000 - 25600
    assert not [one for one in differences() if one.subject == "amendment"]


@pytest.mark.parametrize(
    ("goods", "quantity", "actions"),
    [
        ("BAG-01", 2, ["REPLACE_SKU"]),
        ("BAG-01", 1, ["SET_QUANTITY", "ADD_LINE"]),
        ("", 1, ["SET_QUANTITY"]),
        ("", 2, ["DROP_LINE"]),
    ],
)
def test_it_is_told_as_an_amendment_is(
    short: Order, bag: Sku, goods: str, quantity: int, actions: list[str]
) -> None:
    exchange(Order.objects.all(), bag if goods else None, quantity)

    made = Amendment.objects.get()
    assert [action["action"] for action in made.wanted] == actions
    assert len(wishes_of(made)) == len(actions)


def test_the_platform_is_told_of_its_order_alone(
    make_orders: OrderMaker, bag: Sku, store: Shop
) -> None:
    theirs = make_orders(1, stage=Stage.SHORT).get()
    make_orders(1, stage=Stage.SHORT, shop=store, platform_order="")

    exchange(Order.objects.all(), bag)

    item = Item.objects.open().get(kind=Kind.TELL_PLATFORM)
    assert item.facts["order"] == theirs.number


def test_who_asked_before_looks_again(short: Order, bag: Sku, wang: Person) -> None:
    now = timezone.now()
    asked = request([NewAmendment(short.pk, [SetQuantity(line=1, quantity=1)])], by=wang, now=now)
    exchange(Order.objects.all(), bag)
    with pytest.raises(ChangedMeanwhile):
        confirm(asked, by=wang, now=now)


def test_it_can_be_changed_back(short: Order, bag: Sku, zhao: Person) -> None:
    before = short.lines.get().sku
    exchange(Order.objects.all(), bag)

    asked = change_back(Amendment.objects.all(), by=zhao, now=timezone.now())
    confirm(asked, by=zhao, now=timezone.now())

    line = short.lines.get()
    assert (line.sku, line.quantity, line.total_fen) == (before, 2, 25600)


def test_what_is_refused_leaves_no_version(short: Order, bag: Sku) -> None:
    with pytest.raises(CannotSwap):
        exchange(Order.objects.all(), bag, 9)
    assert not Amendment.objects.exists()


def test_one_and_three_hundred_take_the_same_statements(make_orders: OrderMaker, bag: Sku) -> None:
    _first, one, many = (_statements(make_orders, number, bag) for number in (1, 1, 300))
    assert one == many


def _statements(make_orders: OrderMaker, number: int, bag: Sku) -> int:
    orders = make_orders(number, stage=Stage.SHORT)
    lines = [line.pk for order in orders for line in order.lines.all()]
    with CaptureQueriesContext(connection) as found:
        swaps = [Swap(pk, 2, bag.pk, 5000) for pk in lines]
        swap(swaps, by=TESTER, now=timezone.now(), why=WHY)
    return len(found)


def test_the_page_leads_to_both_versions(
    client: Client, short: Order, bag: Sku, wang: Person
) -> None:
    exchange(Order.objects.all(), bag)
    client.force_login(wang)
    number = Amendment.objects.get().number
    assert number in client.get(f"/orders/{short.number}/").content.decode()
    for version, code in ((1, "TEA-01"), (2, "BAG-01")):
        page = client.get(f"/orders/{short.number}/versions/{version}/").content.decode()
        assert code in page
