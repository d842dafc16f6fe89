"""A day on which more orders are late than people can look at one by one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.actions import tell_late
from gendan.delivery.actions.forecast import forecast
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.worklist.actions import claim, finish
from gendan.worklist.models import Item, Kind
from gendan.worklist.subjects import page_of

NOW = timezone.now()
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tell_late, "AT_ONCE", 3)


@pytest.fixture
def late(make_orders: OrderMaker) -> OrderQuerySet:
    """Five orders that are late; each is worth more than the one before."""
    orders = make_orders(5, promise_at=NOW - timedelta(hours=1))
    with entry("test.setup", by=TESTER):
        for number, order in enumerate(orders.order_by("pk")):
            worth(order.pk, 10_000 * (number + 1))
    forecast(by=TESTER, now=NOW)
    return orders.order_by("pk")


def worth(order: int, fen: int) -> None:
    Order.objects.filter(pk=order).update(goods_fen=fen, total_fen=fen)


def told() -> set[int]:
    items = Item.objects.open().filter(kind=Kind.LATE, subject="order")
    return set(items.values_list("subject_id", flat=True))


def test_the_most_money_is_told_and_one_item_leads_to_all_the_others(late: OrderQuerySet) -> None:
    assert told() == {order.pk for order in late[2:]}
    rest = Item.objects.open().exclude(subject="order").get()
    assert page_of(rest) == "/promises/"
    forecast(by=TESTER, now=NOW)
    assert Item.objects.count() == 4


def test_what_is_finished_makes_room(late: OrderQuerySet) -> None:
    done = Item.objects.filter(subject_id=late[4].pk)
    finish(done, by=TESTER, now=NOW, why="called")
    forecast(by=TESTER, now=NOW)
    assert told() == {order.pk for order in late[1:4]}


def test_who_risks_more_takes_the_place_of_who_risks_less(
    late: OrderQuerySet, zhao: Person
) -> None:
    with entry("test.setup", by=TESTER):
        worth(late[0].pk, 99_900)
    forecast(by=TESTER, now=NOW)
    assert told() == {late[0].pk, late[3].pk, late[4].pk}


def test_what_somebody_has_in_hand_stays(late: OrderQuerySet, zhao: Person) -> None:
    claim(Item.objects.filter(subject_id=late[2].pk), by=zhao)
    with entry("test.setup", by=TESTER):
        worth(late[0].pk, 99_900)
    forecast(by=TESTER, now=NOW)
    assert told() == {late[0].pk, late[2].pk, late[3].pk, late[4].pk}


def test_when_fewer_are_late_the_item_of_all_is_over(late: OrderQuerySet) -> None:
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk__in=[late[3].pk, late[4].pk, late[2].pk]).update(
            stage=Stage.CANCELLED
        )
    forecast(by=TESTER, now=NOW)
    forecast(by=TESTER, now=NOW)
    assert not Item.objects.open().exclude(subject="order").exists()
    assert told() == {late[0].pk, late[1].pk}


def test_it_costs_the_same_for_many(make_orders: OrderMaker) -> None:
    counts = []
    for number in (4, 100):
        make_orders(
            number,
            promise_at=NOW - timedelta(hours=1),
            goods_fen=99 * number,
            total_fen=99 * number,
        )
        with CaptureQueriesContext(connection) as queries:
            forecast(by=TESTER, now=NOW)
        counts.append(len(queries))
    assert abs(counts[0] - counts[1]) <= 6  # the first that are outrun are taken back
