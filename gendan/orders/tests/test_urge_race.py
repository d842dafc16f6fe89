"""The last place of a day in the urgent lane, wanted by two clerks at the same moment."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.utils import timezone

from conftest import OrderMaker
from gendan.journal.models import Entry
from gendan.orders.actions import urge
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.models import LaneRules, Order, OrderQuerySet, Urgency
from gendan.orders.queries.haste import places_taken
from gendan.orders.tests.test_race import WORKERS, at_once
from gendan.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def only(pk: int) -> OrderQuerySet:
    return Order.objects.numbered([pk])


def urge_one_of(orders: OrderQuerySet, by: Person) -> list[int]:
    """Declare the first of them urgent; return all of their keys."""
    ids = sorted(orders.values_list("pk", flat=True))
    urge(only(ids[0]), by=by, why="haste")
    return ids


def test_the_last_place_of_the_day_is_given_once(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    save_lane_rules(LaneRules(a_day=1), by=zhao)
    wanted: Iterator[int] = iter(make_orders(WORKERS).values_list("pk", flat=True))
    now = timezone.now()

    done = at_once(
        lambda: urge(Order.objects.numbered([next(wanted)]), by=wang, why="haste", now=now)
    )

    assert (done.count(True), Urgency.objects.count()) == (1, 1)
    assert Order.objects.filter(priority__gt=0).count() == 1


def test_a_place_that_is_given_back_is_taken_once(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    save_lane_rules(LaneRules(a_day=1), by=zhao)
    now = timezone.now()
    first, *others = urge_one_of(make_orders(WORKERS), wang)
    acts: Iterator[Callable[[], object]] = iter(
        [
            partial(urge, only(first), by=wang, why="mixed up", urgent=False, now=now),
            *(partial(urge, only(pk), by=wang, why="haste", now=now) for pk in others),
        ]
    )

    at_once(lambda: next(acts)())

    assert Urgency.objects.get(order=first).end
    assert Urgency.objects.filter(ended_at=None).count() == places_taken(timezone.localdate(now))
    assert places_taken(timezone.localdate(now)) <= 1


def test_a_place_is_given_back_once_whoever_takes_it_away(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    first, *_others = urge_one_of(make_orders(2), wang)

    at_once(lambda: urge(only(first), by=wang, why="mixed up", urgent=False))

    assert Urgency.objects.filter(gave_back=True).count() == 1
    assert Entry.objects.filter(verb="order.not_urged").exists()


def test_an_order_that_all_declare_at_once_takes_one_place(
    make_orders: OrderMaker, wang: Person
) -> None:
    orders = make_orders(1)  # nobody has written any rules yet

    done = at_once(lambda: urge(orders.all(), by=wang, why="haste"))

    assert (done.count(True), Urgency.objects.count()) == (WORKERS, 1)
