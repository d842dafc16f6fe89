"""Declaring orders urgent: who may, why, how many a day, and whom it displaces."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.actions.urge import (
    NoReason,
    TooManyUrgent,
    adopt,
    end_urgencies,
    save_lane_rules,
    urge,
)
from gendan.orders.models import LaneRules, Order, OrderQuerySet, Urgency, UrgencyEnd
from gendan.orders.move import WrongStage
from gendan.orders.queries.haste import lane_rules, places_taken
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.models import Person

TODAY = timezone.localdate(NOW)


def only(order: Order) -> OrderQuerySet:
    return Order.objects.numbered([order.pk])


@pytest.fixture
def two_a_day(zhao: Person) -> LaneRules:
    return save_lane_rules(LaneRules(a_day=2), by=zhao)


def test_it_goes_first_and_the_record_says_who_and_why(
    make_orders: OrderMaker, wang: Person
) -> None:
    order = urge(make_orders(1), by=wang, why="customer travels tomorrow", now=NOW).get()

    record = Urgency.objects.get()
    assert (order.priority, record.order_id, record.declared_by) == (10, order.pk, wang)
    assert (record.why, record.at, record.ended_at) == ("customer travels tomorrow", NOW, None)
    assert Entry.objects.get(verb="order.urged").why == "customer travels tomorrow"


def test_without_a_reason_nothing_changes(make_orders: OrderMaker, wang: Person) -> None:
    orders = make_orders(1)

    with pytest.raises(NoReason):
        urge(orders, by=wang, why=" ")
    with pytest.raises(NoReason):
        urge(orders, by=wang, urgent=False)

    assert (orders.get().priority, Urgency.objects.count()) == (0, 0)


def test_what_is_over_cannot_go_first(make_orders: OrderMaker, wang: Person) -> None:
    ids = [make_orders(1, stage=stage).get().pk for stage in (Stage.READY, Stage.CANCELLED)]

    with pytest.raises(WrongStage):
        urge(Order.objects.numbered(ids), by=wang, why="haste")

    assert not Order.objects.filter(priority__gt=0).exists()


def test_who_is_urgent_already_takes_no_second_place(
    make_orders: OrderMaker, wang: Person, two_a_day: LaneRules
) -> None:
    orders = make_orders(2)
    urge(orders, by=wang, why="haste", now=NOW)

    urge(orders, by=wang, why="more haste", now=NOW)

    assert Urgency.objects.count() == 2


def test_a_day_has_so_many_places_and_says_what_to_do(
    make_orders: OrderMaker, wang: Person, two_a_day: LaneRules
) -> None:
    urge(make_orders(2), by=wang, why="haste", now=NOW)
    third = make_orders(1)

    with pytest.raises(TooManyUrgent) as refused:
        urge(third, by=wang, why="haste", now=NOW)

    assert "2" in refused.value.sentence
    assert third.get().priority == 0
    assert urge(third, by=wang, why="haste", now=NOW + timedelta(days=1)).get().priority == 10


def test_a_supervisor_may_exceed_the_day(
    make_orders: OrderMaker, zhao: Person, two_a_day: LaneRules
) -> None:
    urge(make_orders(3), by=zhao, why="flood at the customer's", now=NOW)

    assert Urgency.objects.count() == 3


def test_taking_it_away_ends_the_record_with_the_reason(
    make_orders: OrderMaker, wang: Person
) -> None:
    urge(make_orders(1), by=wang, why="haste", now=NOW)
    later = NOW + timedelta(minutes=5)

    order = urge(Order.objects.all(), by=wang, why="wrong order", urgent=False, now=later).get()

    record = Urgency.objects.get()
    assert (order.priority, record.end, record.ended_at) == (0, UrgencyEnd.TAKEN_AWAY, later)
    assert record.ended_why == "wrong order"


def test_who_is_taken_away_before_work_began_gives_the_place_back(
    make_orders: OrderMaker, wang: Person, two_a_day: LaneRules
) -> None:
    first, second = urge(make_orders(2), by=wang, why="haste", now=NOW)
    urge(only(first), by=wang, why="mixed up", urgent=False, now=NOW)
    cancel(only(second), by=wang, now=NOW, why="no longer wanted")

    assert (places_taken(TODAY), Urgency.objects.filter(gave_back=True).count()) == (0, 2)
    assert set(Urgency.objects.values_list("end", flat=True)) == {"TAKEN_AWAY", "OVER"}
    assert urge(make_orders(2), by=wang, why="haste", now=NOW).count() == 2


def test_who_left_keeps_the_place(make_orders: OrderMaker, wang: Person) -> None:
    urge(make_orders(1), by=wang, why="haste", now=NOW)

    end_urgencies({Urgency.objects.get().pk: (UrgencyEnd.LEFT, NOW)}, by=TESTER)

    assert places_taken(TODAY) == 1


def test_an_order_found_to_be_over_gives_the_place_back(
    make_orders: OrderMaker, wang: Person
) -> None:
    urge(make_orders(1), by=wang, why="haste", now=NOW)

    end_urgencies({Urgency.objects.get().pk: (UrgencyEnd.OVER, NOW)}, by=TESTER)

    assert places_taken(TODAY) == 0


def test_who_asked_with_the_order_had_no_place_to_give_back(
    make_orders: OrderMaker, wang: Person
) -> None:
    orders = make_orders(1, priority=10)
    adopt(by=TESTER, now=NOW)

    urge(orders, by=wang, why="it can wait", urgent=False, now=NOW)

    assert not Urgency.objects.get().gave_back


def test_it_says_whom_it_displaces_at_screening(make_orders: OrderMaker, wang: Person) -> None:
    before = make_orders(3, placed_at=NOW - timedelta(hours=2))
    make_orders(1, placed_at=NOW + timedelta(hours=1))
    late = make_orders(2, placed_at=NOW)

    urge(late, by=wang, why="haste")

    for record in Urgency.objects.all():
        assert (record.queue, record.displaced) == ("SCREENING", 3)
        assert set(record.displaced_numbers) == set(before.values_list("number", flat=True))


def test_who_asked_with_the_order_is_in_the_lane_but_takes_no_place(
    make_orders: OrderMaker, wang: Person, two_a_day: LaneRules
) -> None:
    make_orders(3, priority=10)

    assert (adopt(by=TESTER, now=NOW), adopt(by=TESTER, now=NOW)) == (3, 0)

    assert urge(make_orders(2), by=wang, why="haste", now=NOW).count() == 2


def test_what_has_left_ends_once(make_orders: OrderMaker, wang: Person) -> None:
    urge(make_orders(1), by=wang, why="haste")
    record = Urgency.objects.get()

    end_urgencies({record.pk: (UrgencyEnd.LEFT, NOW)}, by=TESTER)
    end_urgencies({record.pk: (UrgencyEnd.OVER, timezone.now())}, by=TESTER)

    record.refresh_from_db()
    assert (record.end, record.ended_at) == (UrgencyEnd.LEFT, NOW)


def test_the_rules_are_there_before_anybody_wrote_them(db: None) -> None:
    assert (lane_rules().a_day, lane_rules().minutes("WAVE")) == (20, 30)


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_orders: OrderMaker, zhao: Person
) -> None:
    save_lane_rules(LaneRules(), by=zhao)
    spent = []
    for number in (1, 300):
        orders = make_orders(number)
        with CaptureQueriesContext(connection) as queries:
            urge(orders, by=zhao, why="haste")
        spent.append(len(queries))

    assert spent[0] == spent[1]
