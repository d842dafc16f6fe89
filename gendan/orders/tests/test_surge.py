"""Big days: one at a time, begun by hand or by how many orders come in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.orders.actions.surge import WrongDay, begin, end, follow_thresholds, save_big_day
from gendan.orders.models.surge import BigDay
from gendan.orders.queries.surge import big_day
from gendan.people.models import Person

NOW = timezone.now()


@pytest.fixture
def day(zhao: Person) -> BigDay:
    return save_big_day(BigDay(name="双11", starts_above=5, ends_below=2), by=zhao)


def test_it_is_on_until_it_is_ended(day: BigDay, zhao: Person) -> None:
    begin(day, by=zhao, now=NOW, why="零点开卖")
    assert big_day() == day
    end(day, by=zhao, now=NOW + timedelta(hours=20))
    assert big_day() is None
    assert Entry.objects.get(verb="big_day.began").why == "零点开卖"


def test_only_one_is_on_at_a_time(day: BigDay, zhao: Person) -> None:
    other = save_big_day(BigDay(name="年货节"), by=zhao)
    begin(day, by=zhao, now=NOW)
    with pytest.raises(WrongDay):
        begin(other, by=zhao, now=NOW)
    assert big_day() == day


def test_one_that_is_over_does_not_begin_again(day: BigDay, zhao: Person) -> None:
    with pytest.raises(WrongDay):
        end(day, by=zhao, now=NOW)
    begin(day, by=zhao, now=NOW)
    end(day, by=zhao, now=NOW)
    with pytest.raises(WrongDay):
        begin(day, by=zhao, now=NOW)


def test_it_can_not_end_above_where_it_begins(zhao: Person) -> None:
    with pytest.raises(WrongDay):
        save_big_day(BigDay(name="双12", starts_above=5, ends_below=5), by=zhao)
    assert not BigDay.objects.exists()


def test_it_follows_how_many_orders_come_in(day: BigDay, make_orders: OrderMaker) -> None:
    make_orders(5)
    assert follow_thresholds(by=TESTER, now=timezone.now()) is None
    make_orders(1)
    assert follow_thresholds(by=TESTER, now=timezone.now()) == day
    assert follow_thresholds(by=TESTER, now=timezone.now()) is None  # it is on already
    assert follow_thresholds(by=TESTER, now=timezone.now() + timedelta(hours=2)) == day
    assert big_day() is None


def test_it_stays_on_for_an_hour_although_the_rush_is_still_to_come(
    day: BigDay, zhao: Person
) -> None:
    begin(day, by=zhao, now=NOW, why="八点开播")
    assert follow_thresholds(by=TESTER, now=NOW + timedelta(minutes=59)) is None
    assert big_day() == day
    assert follow_thresholds(by=TESTER, now=NOW + timedelta(minutes=61)) == day


def test_changing_how_it_goes_does_not_switch_it(day: BigDay, zhao: Person) -> None:
    opened = BigDay.objects.get(pk=day.pk)
    begin(day, by=zhao, now=NOW)
    opened.wave_limit = 50
    save_big_day(opened, by=zhao)
    assert big_day() == day
    assert BigDay.objects.get().wave_limit == 50
