"""Gifts: what the rules say, as long as there is some, and no more when it is not earned."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conftest import TESTER, GiftRuleMaker, OrderMaker, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.actions.explode import explode
from gendan.orders.actions.give import give, take_back
from gendan.orders.actions.save_gift_rule import (
    CannotGive,
    NewTier,
    save_gift_rule,
    switch_gift_rules,
    try_gift_rule,
)
from gendan.orders.models import (
    GiftLine,
    GiftRule,
    Line,
    Measure,
    Order,
    OrderQuerySet,
    Reach,
    WhenOut,
)
from gendan.orders.verify import differences
from gendan.people.models import Person, Warehouse

NOW = timezone.now()


def given(orders: OrderQuerySet) -> int:
    ids = list(orders.values_list("pk", flat=True))
    return give(ids, by=TESTER, now=NOW)


LAY_OUT = """
INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change,
  document, entry_id)
SELECT sku, %s, 'OPENING', number, 0, '', %s FROM unnest(%s::bigint[], %s::int[]) AS n (sku, number)
"""


def lay_out(pieces: dict[int, int], warehouse: Warehouse) -> None:
    """Let pieces of SKUs lie there; stock is a later room."""
    with entry("test.setup", by=TESTER) as opened, connection.cursor() as cursor:
        cursor.execute(LAY_OUT, [warehouse.pk, opened, list(pieces), list(pieces.values())])


def gifts(order: Order) -> dict[str, int]:
    rows = Line.objects.filter(order=order, is_gift=True, is_cancelled=False)
    return dict(rows.values_list("sku__code", "quantity"))


def test_it_adds_a_line_at_no_price_that_knows_its_rule(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    rule, orders = make_gift_rule(), make_orders(1)
    assert given(orders) == 1
    line = Line.objects.get(order=orders.get(), is_gift=True)
    assert (line.price_fen, line.total_fen, line.position) == (0, 0, 2)
    assert line.gift.rule == rule
    rule.refresh_from_db()
    assert rule.given == 1
    assert not [found for found in differences() if found.subject == "gift rule"]


def test_the_highest_tier_counts(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku
) -> None:
    make_gift_rule(NewTier(10000, mug.pk), NewTier(25000, mug.pk, 3), NewTier(90000, mug.pk, 9))
    orders = make_orders(1)  # two tins at ¥128
    given(orders)
    assert gifts(orders.get()) == {"MUG-01": 3}


def test_pieces_count_of_the_goods_that_are_meant(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, bag: Sku
) -> None:
    make_gift_rule(NewTier(2, mug.pk), measure=Measure.PIECES, counts=["TEA-01"])
    tea, bags = make_orders(1), make_orders(1, sku=bag)
    assert given(tea) == 1
    assert given(bags) == 0


def test_for_every_full_amount_there_is_one(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku
) -> None:
    make_gift_rule(NewTier(10000, mug.pk), reach=Reach.EVERY)
    orders = make_orders(1)  # ¥256
    given(orders)
    assert gifts(orders.get()) == {"MUG-01": 2}


def test_but_no_oftener_than_the_rule_says(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, bag: Sku
) -> None:
    tiers = [NewTier(2, mug.pk, 3), NewTier(5, bag.pk)]
    make_gift_rule(*tiers, measure=Measure.PIECES, reach=Reach.EVERY, most_times=4)
    many, few, none = (make_orders(1, quantity=number) for number in (12, 5, 1))
    given(Order.objects.all())
    assert gifts(many.get()) == {"MUG-01": 12, "BAG-01": 2}
    assert gifts(few.get()) == {"MUG-01": 6, "BAG-01": 1}
    assert gifts(none.get()) == {}


def test_a_rule_says_for_every_how_much(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku
) -> None:
    with pytest.raises(CannotGive):
        make_gift_rule(NewTier(0, mug.pk), reach=Reach.EVERY)
    with pytest.raises(CannotGive):
        make_gift_rule(most_times=3)
    assert not GiftRule.objects.exists()


def test_a_set_is_given_as_its_parts(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, tea: Sku
) -> None:
    box = make_sku("BOX-01", "茶礼盒", 49900)
    save_sets({box.pk: {tea.pk: 2, mug.pk: 1}}, by=TESTER)
    make_gift_rule(NewTier(10000, box.pk), reach=Reach.EVERY)
    orders = make_orders(1)
    given(orders)
    order = orders.get()
    assert gifts(order) == {"BOX-01": 2, "TEA-01": 4, "MUG-01": 2}
    line = Line.objects.get(order=order, is_set=True)
    assert line.gift.quantity == 2
    assert {part.position for part in line.parts.all()} == {3, 4}
    assert not explode([order.pk], by=TESTER)
    with entry("test.refunded", by=TESTER):
        Line.objects.filter(order=order, is_gift=False).update(refund_state="REFUNDED")
    assert given(orders) == 1
    assert gifts(order) == {}
    assert not [found for found in differences() if "paid" not in found.what]


def test_a_set_is_given_as_far_as_its_parts_lie_there(
    make_orders: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    mug: Sku,
    tea: Sku,
    hangzhou: Warehouse,
) -> None:
    box = make_sku("BOX-01", "茶礼盒", 49900)
    save_sets({box.pk: {tea.pk: 2, mug.pk: 1}}, by=TESTER)
    lay_out({tea.pk: 5, mug.pk: 9}, hangzhou)
    make_gift_rule(NewTier(10000, box.pk), when_out=WhenOut.SKIP)
    make_orders(3)
    assert given(Order.objects.all()) == 2


def test_only_orders_that_meet_the_condition_get_it(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    make_gift_rule(expression="province = 广东省 and total > 1000")
    assert given(make_orders(1)) == 0


def test_only_orders_of_its_time_get_it(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    make_gift_rule()
    assert given(make_orders(1, paid_at=NOW - timedelta(days=3))) == 0


def test_after_an_exclusive_rule_there_is_nothing_more(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, bag: Sku
) -> None:
    make_gift_rule(position=10, is_exclusive=True)
    make_gift_rule(NewTier(1, bag.pk), position=20)
    orders = make_orders(1)
    given(orders)
    assert gifts(orders.get()) == {"MUG-01": 1}


def test_first_come_first_served_until_the_limit(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    rule = make_gift_rule(limit=2)
    late = make_orders(2, paid_at=NOW)
    early = make_orders(1, paid_at=NOW - timedelta(hours=2))
    assert given(Order.objects.all()) == 2
    assert gifts(early.get())
    assert sum(bool(gifts(order)) for order in late) == 1
    rule.refresh_from_db()
    assert rule.given == rule.limit


def test_without_stock_the_order_goes_without_it(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    make_gift_rule(when_out=WhenOut.SKIP)
    assert given(make_orders(1)) == 0


def test_twice_is_the_same_as_once_and_writes_nothing(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    make_gift_rule()
    orders = make_orders(3)
    given(orders)
    entries = Entry.objects.count()
    assert given(orders) == 0
    assert Entry.objects.count() == entries


def test_what_is_not_earned_any_more_goes(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    rule, orders = make_gift_rule(), make_orders(1)
    given(orders)
    with entry("test.refunded", by=TESTER):
        Line.objects.filter(order=orders.get(), is_gift=False).update(refund_state="REFUNDED")
    assert given(orders) == 1
    assert gifts(orders.get()) == {}
    rule.refresh_from_db()
    assert rule.given == 0
    assert not [found for found in differences() if found.subject == "gift rule"]


def test_what_was_given_stays_when_the_rule_is_switched_off(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, zhao: Person
) -> None:
    make_gift_rule()
    orders = make_orders(1)
    given(orders)
    assert switch_gift_rules(GiftRule.objects.all(), False, by=zhao) == 1
    assert given(orders) == 0
    assert gifts(orders.get()) == {"MUG-01": 1}


def test_a_cancelled_order_gives_its_gift_to_others(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    rule, orders = make_gift_rule(limit=1), make_orders(1)
    given(orders)
    cancel(orders, by=TESTER, now=NOW, why="changed her mind")
    assert take_back(by=TESTER, now=NOW) == 1
    assert take_back(by=TESTER, now=NOW) == 0
    rule.refresh_from_db()
    assert rule.given == 0
    assert given(make_orders(1)) == 1


def test_a_rule_that_cannot_be_kept_is_refused(
    make_gift_rule: GiftRuleMaker, make_orders: OrderMaker, mug: Sku, zhao: Person
) -> None:
    with pytest.raises(CannotGive):
        make_gift_rule(expression="colour of the sky = blue")
    rule = make_gift_rule(limit=5)
    given(make_orders(3))
    rule.limit = 2
    with pytest.raises(CannotGive):
        save_gift_rule(rule, [NewTier(20000, mug.pk)], by=zhao)
    with pytest.raises(CannotGive):
        save_gift_rule(rule, [], by=zhao)


def test_trying_a_rule_changes_nothing(
    make_gift_rule: GiftRuleMaker, make_orders: OrderMaker, mug: Sku, zhao: Person
) -> None:
    make_orders(4, paid_at=NOW - timedelta(days=90))
    rule = make_gift_rule(is_on=False, limit=3)
    before = Entry.objects.count()
    trial = try_gift_rule(rule, [NewTier(20000, mug.pk, 1)], by=zhao, now=NOW)
    assert (trial.orders, trial.of, trial.pieces) == (3, 4, 3)
    assert (GiftRule.objects.count(), GiftLine.objects.count()) == (1, 0)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("number", [1, 300])
def test_one_order_costs_as_many_statements_as_300(
    number: int,
    make_orders: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    django_assert_max_num_queries: Any,
) -> None:
    make_gift_rule()
    chosen = list(make_orders(number).values_list("pk", flat=True))
    with django_assert_max_num_queries(13):
        give(chosen, by=TESTER, now=NOW)
    assert GiftLine.objects.count() == number
