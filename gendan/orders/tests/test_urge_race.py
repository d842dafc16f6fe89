"""The last place of a day in the urgent lane, wanted by two clerks at the same moment."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from conftest import OrderMaker
from gendan.orders.actions import urge
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.models import LaneRules, Order, Urgency
from gendan.orders.tests.test_race import WORKERS, at_once
from gendan.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_an_order_that_all_declare_at_once_takes_one_place(
    make_orders: OrderMaker, wang: Person
) -> None:
    orders = make_orders(1)  # nobody has written any rules yet

    done = at_once(lambda: urge(orders.all(), by=wang, why="haste"))

    assert (done.count(True), Urgency.objects.count()) == (WORKERS, 1)
