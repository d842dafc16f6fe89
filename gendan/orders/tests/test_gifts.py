"""Gifts: what the rules say, as long as there is some, and no more when it is not earned."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.actions.give import give, take_back
from gendan.orders.actions.save_gift_rule import (
    CannotGive,
    NewTier,
    save_gift_rule,
    switch_gift_rules,
    try_gift_rule,
)
from gendan.orders.models import GiftLine, GiftRule, Line, Measure, Order, OrderQuerySet, WhenOut
from gendan.orders.verify import differences
from gendan.people.models import Person

NOW = timezone.now()
RuleMaker = Callable[..., GiftRule]


@pytest.fixture
def cup(db: None) -> Sku:
    return make_sku("CUP-01", "随手泡杯", 2900)


@pytest.fixture
def make_rule(cup: Sku, zhao: Person) -> RuleMaker:
    """Return a maker of rules that are on and wait for the gift; by default a cup from ¥200 on."""

    def make(*tiers: NewTier, **more: Any) -> GiftRule:
        said = {
            "name": f"rule {GiftRule.objects.count()}",
            "counts": [],
            "measure": Measure.AMOUNT,
            "from_at": NOW - timedelta(days=1),
            "until_at": NOW + timedelta(days=1),
            "when_out": WhenOut.WAIT,
            "is_on": True,
        }
        return save_gift_rule(
            GiftRule(**{**said, **more}), tiers or (NewTier(20000, cup.pk),), by=zhao
        )

    return make


def given(orders: OrderQuerySet) -> int:
    ids = list(orders.values_list("pk", flat=True))
    return give(ids, by=TESTER, now=NOW)


def gifts(order: Order) -> dict[str, int]:
    rows = Line.objects.filter(order=order, is_gift=True, is_cancelled=False)
    return dict(rows.values_list("sku__code", "quantity"))


def test_it_adds_a_line_at_no_price_that_knows_its_rule(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    rule, orders = make_rule(), make_orders(1)
    assert given(orders) == 1
    line = Line.objects.get(order=orders.get(), is_gift=True)
    assert (line.price_fen, line.total_fen, line.position) == (0, 0, 2)
    assert line.gift.rule == rule
    rule.refresh_from_db()
    assert rule.given == 1
    assert not [found for found in differences() if found.subject == "gift rule"]


def test_the_highest_tier_counts(make_orders: OrderMaker, make_rule: RuleMaker, cup: Sku) -> None:
    make_rule(NewTier(10000, cup.pk), NewTier(25000, cup.pk, 3), NewTier(90000, cup.pk, 9))
    orders = make_orders(1)  # two tins at ¥128
    given(orders)
    assert gifts(orders.get()) == {"CUP-01": 3}


def test_pieces_count_of_the_goods_that_are_meant(
    make_orders: OrderMaker, make_rule: RuleMaker, cup: Sku, bag: Sku
) -> None:
    make_rule(NewTier(2, cup.pk), measure=Measure.PIECES, counts=["TEA-01"])
    tea, bags = make_orders(1), make_orders(1, sku=bag)
    assert given(tea) == 1
    assert given(bags) == 0


def test_only_orders_that_meet_the_condition_get_it(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    make_rule(expression="province = 广东省 and total > 1000")
    assert given(make_orders(1)) == 0


def test_only_orders_of_its_time_get_it(make_orders: OrderMaker, make_rule: RuleMaker) -> None:
    make_rule()
    assert given(make_orders(1, paid_at=NOW - timedelta(days=3))) == 0


def test_after_an_exclusive_rule_there_is_nothing_more(
    make_orders: OrderMaker, make_rule: RuleMaker, bag: Sku
) -> None:
    make_rule(position=10, is_exclusive=True)
    make_rule(NewTier(1, bag.pk), position=20)
    orders = make_orders(1)
    given(orders)
    assert gifts(orders.get()) == {"CUP-01": 1}


def test_first_come_first_served_until_the_limit(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    rule = make_rule(limit=2)
    late = make_orders(2, paid_at=NOW)
    early = make_orders(1, paid_at=NOW - timedelta(hours=2))
    assert given(Order.objects.all()) == 2
    assert gifts(early.get())
    assert sum(bool(gifts(order)) for order in late) == 1
    rule.refresh_from_db()
    assert rule.given == rule.limit


def test_without_stock_the_order_goes_without_it(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    make_rule(when_out=WhenOut.SKIP)
    assert given(make_orders(1)) == 0


def test_twice_is_the_same_as_once_and_writes_nothing(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    make_rule()
    orders = make_orders(3)
    given(orders)
    entries = Entry.objects.count()
    assert given(orders) == 0
    assert Entry.objects.count() == entries


def test_what_is_not_earned_any_more_goes(make_orders: OrderMaker, make_rule: RuleMaker) -> None:
    rule, orders = make_rule(), make_orders(1)
    given(orders)
    with entry("test.refunded", by=TESTER):
        Line.objects.filter(order=orders.get(), is_gift=False).update(refund_state="REFUNDED")
    assert given(orders) == 1
    assert gifts(orders.get()) == {}
    rule.refresh_from_db()
    assert rule.given == 0
    assert not [found for found in differences() if found.subject == "gift rule"]


def test_what_was_given_stays_when_the_rule_is_switched_off(
    make_orders: OrderMaker, make_rule: RuleMaker, zhao: Person
) -> None:
    make_rule()
    orders = make_orders(1)
    given(orders)
    assert switch_gift_rules(GiftRule.objects.all(), False, by=zhao) == 1
    assert given(orders) == 0
    assert gifts(orders.get()) == {"CUP-01": 1}


def test_a_cancelled_order_gives_its_gift_to_others(
    make_orders: OrderMaker, make_rule: RuleMaker
) -> None:
    rule, orders = make_rule(limit=1), make_orders(1)
    given(orders)
    cancel(orders, by=TESTER, now=NOW, why="changed her mind")
    assert take_back(by=TESTER, now=NOW) == 1
    assert take_back(by=TESTER, now=NOW) == 0
    rule.refresh_from_db()
    assert rule.given == 0
    assert given(make_orders(1)) == 1


def test_a_rule_that_cannot_be_kept_is_refused(
    make_rule: RuleMaker, make_orders: OrderMaker, cup: Sku, zhao: Person
) -> None:
    with pytest.raises(CannotGive):
        make_rule(expression="colour of the sky = blue")
    rule = make_rule(limit=5)
    given(make_orders(3))
    rule.limit = 2
    with pytest.raises(CannotGive):
        save_gift_rule(rule, [NewTier(20000, cup.pk)], by=zhao)
    with pytest.raises(CannotGive):
        save_gift_rule(rule, [], by=zhao)


def test_trying_a_rule_changes_nothing(
    make_rule: RuleMaker, make_orders: OrderMaker, cup: Sku, zhao: Person
) -> None:
    make_orders(4, paid_at=NOW - timedelta(days=90))
    rule = make_rule(is_on=False, limit=3)
    before = Entry.objects.count()
    trial = try_gift_rule(rule, [NewTier(20000, cup.pk, 1)], by=zhao, now=NOW)
    assert (trial.orders, trial.of, trial.pieces) == (3, 4, 3)
    assert (GiftRule.objects.count(), GiftLine.objects.count()) == (1, 0)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("number", [1, 300])
def test_one_order_costs_as_many_statements_as_300(
    number: int,
    make_orders: OrderMaker,
    make_rule: RuleMaker,
    django_assert_max_num_queries: Any,
) -> None:
    make_rule()
    chosen = list(make_orders(number).values_list("pk", flat=True))
    with django_assert_max_num_queries(11):
        give(chosen, by=TESTER, now=NOW)
    assert GiftLine.objects.count() == number
