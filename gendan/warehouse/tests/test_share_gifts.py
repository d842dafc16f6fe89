"""Gifts that orders earn together: they come with the parcel, and go when it is taken apart."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD, TESTER, GiftRuleMaker, OrderMaker, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders import verify as orders
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.actions.save_gift_rule import NewTier, save_gift_rule, try_gift_rule
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import GiftLine, GiftRule, Line, Order, Reach, Scope
from gendan.people.models import Person, Warehouse
from gendan.screening.rules import install_rules
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive
from gendan.stock.models import Balance, Reservation
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import split_by
from gendan.warehouse.models import Regrouping, Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.queries.foreseen import foresee
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import Stage

NOW = timezone.now()
LIN: dict[str, Any] = {"buyer": "lin", "place_key": "guangzhou-1"}
TOGETHER = 40000  # fen: neither of two orders of ¥256 reaches it alone


@pytest.fixture
def rule(make_gift_rule: GiftRuleMaker, mug: Sku, hangzhou: Warehouse) -> GiftRule:
    """From ¥400 on a mug, for what goes in one parcel; five lie there."""
    receive([Goods(mug.pk, 5)], hangzhou, by=TESTER)
    return make_gift_rule(NewTier(TOGETHER, mug.pk), scope=Scope.PARCEL)


def say(rule: GiftRule, by: Person, *tiers: NewTier, **more: Any) -> None:
    """Let the rule say something else."""
    for name, value in more.items():
        setattr(rule, name, value)
    said = tiers or [NewTier(tier.mark, tier.sku_id, tier.quantity) for tier in rule.tiers.all()]
    save_gift_rule(rule, said, by=by)


def apart(make_allocated: OrderMaker) -> ShipmentQuerySet:
    """Two parcels of one buyer: the first was in a wave when the second was planned."""
    first = plan(make_allocated(1, **LIN), by=TESTER).get()
    release(Shipment.objects.numbered([first.pk]), by=TESTER)
    second = plan(make_allocated(1, **LIN), by=TESTER).get()
    return Shipment.objects.numbered([first.pk, second.pk]).order_by("pk")


def together(shipments: ShipmentQuerySet) -> Shipment:
    return combine(shipments, by=TESTER, now=NOW).get()


def mugs() -> list[tuple[str, int]]:
    """What of gifts is in which stage of parcel."""
    inside = ShipmentLine.objects.filter(line__is_gift=True, line__is_set=False)
    return sorted(inside.values_list("shipment__stage", "quantity"))


def all_is_well() -> bool:
    found = [*orders.differences(), *stock.differences(), *warehouse.differences()]
    return not [one for one in found if "paid" not in one.what]


def nothing_is_given() -> bool:
    rule = GiftRule.objects.get()
    standing = GiftLine.objects.filter(taken_back_at=None)
    promised = Reservation.objects.filter(line__is_gift=True)
    return rule.given == 0 and not standing.exists() and not promised.exists() and not mugs()


def test_planned_together_they_get_what_neither_earns_alone(
    make_allocated: OrderMaker, rule: GiftRule
) -> None:
    chosen = make_allocated(2, **LIN)
    parcel = plan(chosen, by=TESTER).get()
    gift = GiftLine.objects.get()
    assert (gift.rule, gift.quantity, gift.mark) == (rule, 1, TOGETHER)
    assert set(gift.counted_with) == set(chosen.values_list("pk", flat=True))
    assert (parcel.pieces, parcel.kinds) == (5, 2)
    assert Balance.objects.get(sku__code="MUG-01").reserved == 1
    assert all_is_well()


def test_what_each_earns_alone_is_not_given_twice(
    make_allocated: OrderMaker, rule: GiftRule, zhao: Person, mug: Sku
) -> None:
    say(rule, zhao, NewTier(20000, mug.pk))
    plan(make_allocated(2, **LIN), by=TESTER)
    assert not GiftLine.objects.exists()


def test_orders_that_go_alone_get_nothing(make_allocated: OrderMaker, rule: GiftRule) -> None:
    plan(make_allocated(2), by=TESTER)
    assert nothing_is_given()


def test_a_rule_for_each_order_gives_nothing_together(
    make_allocated: OrderMaker, rule: GiftRule, zhao: Person
) -> None:
    say(rule, zhao, scope=Scope.ORDER)
    plan(make_allocated(2, **LIN), by=TESTER)
    assert nothing_is_given()


def test_combined_by_hand_they_get_it_and_undone_they_lose_it(
    make_allocated: OrderMaker, rule: GiftRule, chen: Person
) -> None:
    parcel = together(apart(make_allocated))
    assert mugs() == [("PLANNED", 1)]
    assert Shipment.objects.get(pk=parcel.pk).pieces == 5
    assert Entry.objects.filter(verb="order.gifts_together").exists()
    undo(Regrouping.objects.all(), by=chen, now=NOW)
    assert nothing_is_given()
    assert Line.objects.get(is_gift=True).is_cancelled
    living = Shipment.objects.filter(stage=Stage.PLANNED)
    assert sorted(living.values_list("pieces", flat=True)) == [2, 2]
    assert all_is_well()


def test_the_preview_names_what_comes_and_what_goes(
    make_allocated: OrderMaker, rule: GiftRule, chen: Person
) -> None:
    parcels = apart(make_allocated)
    ids = list(parcels.values_list("pk", flat=True))
    chosen = Shipment.objects.numbered(ids)
    seen = foresee(lambda: combine(chosen, by=chen, now=NOW), ids)
    assert [part.context["come"] for part in seen.parts if "come" in part.context]
    assert nothing_is_given()


def test_the_order_says_with_whom_it_was_earned(
    make_allocated: OrderMaker, rule: GiftRule, admin: Person
) -> None:
    plan(make_allocated(2, **LIN), by=TESTER)
    gift = GiftLine.objects.select_related("order").get()
    client = Client()
    client.login(username=admin.username, password=PASSWORD)
    page = client.get(reverse("order", args=[gift.order.number])).content.decode()
    assert gift.company.get().number in page
    assert gift.why in page


def test_split_they_lose_it_and_put_back_they_have_it_again(
    make_allocated: OrderMaker, rule: GiftRule, chen: Person
) -> None:
    parcel = plan(make_allocated(2, **LIN), by=TESTER)
    split_by(Way.ORDER, parcel, by=chen, now=NOW)
    assert nothing_is_given()
    undo(Regrouping.objects.all(), by=chen, now=NOW)
    assert mugs() == [("PLANNED", 1)]
    assert GiftLine.objects.filter(taken_back_at=None).count() == 1
    assert all_is_well()


def test_while_they_share_one_parcel_they_keep_it(
    make_allocated: OrderMaker, rule: GiftRule, chen: Person
) -> None:
    parcel = plan(make_allocated(2, **LIN), by=TESTER)
    split_by(Way.GOODS, parcel, by=chen, now=NOW)
    assert mugs() == [("PLANNED", 1)]
    undo(Regrouping.objects.all(), by=chen, now=NOW)
    assert Shipment.objects.get(stage=Stage.PLANNED).pieces == 5
    assert all_is_well()


def test_a_third_that_joins_changes_nothing_of_it(
    make_allocated: OrderMaker, rule: GiftRule
) -> None:
    plan(make_allocated(2, **LIN), by=TESTER)
    plan(make_allocated(1, **LIN), by=TESTER)
    assert Shipment.objects.get().pieces == 7
    assert GiftLine.objects.count() == 1
    assert all_is_well()


def test_for_every_full_amount_only_what_is_more_comes_on_top(
    make_allocated: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(mug.pk, 9)], hangzhou, by=TESTER)
    make_gift_rule(NewTier(15000, mug.pk), scope=Scope.PARCEL, reach=Reach.EVERY)
    plan(make_allocated(2, **LIN), by=TESTER)  # one each for ¥256, three for ¥512
    assert GiftLine.objects.get().quantity == 1


def test_what_does_not_lie_there_is_not_given(
    make_allocated: OrderMaker, make_gift_rule: GiftRuleMaker, mug: Sku, foshan: Warehouse
) -> None:
    receive([Goods(mug.pk, 5)], foshan, by=TESTER)
    make_gift_rule(NewTier(TOGETHER, mug.pk), scope=Scope.PARCEL)
    plan(make_allocated(2, **LIN), by=TESTER)
    assert nothing_is_given()


def test_no_more_than_the_limit_is_given(
    make_allocated: OrderMaker, rule: GiftRule, zhao: Person
) -> None:
    say(rule, zhao, limit=1)
    plan(make_allocated(2, **LIN), by=TESTER)
    plan(make_allocated(2, buyer="he", place_key="foshan-1"), by=TESTER)
    assert mugs() == [("PLANNED", 1)]
    assert GiftRule.objects.get().given == 1


def test_after_an_exclusive_gift_there_is_no_other(
    make_allocated: OrderMaker,
    rule: GiftRule,
    zhao: Person,
    make_gift_rule: GiftRuleMaker,
    tea: Sku,
) -> None:
    say(rule, zhao, is_exclusive=True, position=10)
    make_gift_rule(NewTier(TOGETHER, tea.pk), scope=Scope.PARCEL, position=20)
    plan(make_allocated(2, **LIN), by=TESTER)
    assert GiftLine.objects.get().rule == rule


def test_a_set_is_put_in_as_its_parts(
    make_allocated: OrderMaker,
    rule: GiftRule,
    zhao: Person,
    mug: Sku,
    bag: Sku,
    hangzhou: Warehouse,
) -> None:
    box = make_sku("BOX-01", "茶礼盒", 9900)
    save_sets({box.pk: {mug.pk: 2, bag.pk: 1}}, by=TESTER)
    receive([Goods(bag.pk, 9)], hangzhou, by=TESTER)
    say(rule, zhao, NewTier(TOGETHER, box.pk))
    parcels = plan(make_allocated(2, **LIN), by=TESTER)
    assert mugs() == [("PLANNED", 1), ("PLANNED", 2)]
    assert all_is_well()
    split_by(Way.ORDER, parcels, by=TESTER, now=NOW)
    assert nothing_is_given()
    assert all_is_well()


@pytest.mark.parametrize("place", [0, 1])
def test_when_one_is_changed_nobody_keeps_what_it_helped_to_earn(
    make_allocated: OrderMaker, rule: GiftRule, wang: Person, place: int
) -> None:
    install_rules(by=TESTER)
    chosen = make_allocated(2, **LIN)
    plan(chosen, by=TESTER)
    one = chosen.order_by("pk")[place]
    asked = request([NewAmendment(one.pk, [SetQuantity(line=1, quantity=1)])], by=wang, now=NOW)
    confirm(asked, by=wang, now=NOW)
    assert nothing_is_given()
    assert all_is_well()


def test_who_is_planned_anew_without_the_other_loses_it(
    make_allocated: OrderMaker, rule: GiftRule, wang: Person
) -> None:
    install_rules(by=TESTER)
    chosen = make_allocated(2, **LIN)
    release(plan(chosen, by=TESTER), by=TESTER)
    has, helped = chosen.order_by("pk")
    wanted = [SetQuantity(line=1, quantity=1)]
    asked = request([NewAmendment(helped.pk, wanted)], by=wang, now=NOW)
    confirm(asked, by=wang, now=NOW)
    assert Reservation.objects.filter(line__is_gift=True).exists()
    plan(Order.objects.numbered([has.pk]), by=TESTER)
    living = ShipmentLine.objects.exclude(shipment__stage=Stage.RECALLED)
    assert not living.filter(line__is_gift=True).exists()
    assert GiftRule.objects.get().given == 0
    assert all_is_well()


def test_what_is_in_a_wave_stays(make_allocated: OrderMaker, rule: GiftRule) -> None:
    release(plan(make_allocated(2, **LIN), by=TESTER), by=TESTER)
    plan(make_allocated(1, **LIN), by=TESTER)
    assert mugs() == [("RELEASED", 1)]


@pytest.mark.parametrize("number", [1, 150])
def test_one_parcel_costs_as_many_statements_as_150(
    number: int,
    make_allocated: OrderMaker,
    rule: GiftRule,
    hangzhou: Warehouse,
    mug: Sku,
    django_assert_max_num_queries: Any,
) -> None:
    receive([Goods(mug.pk, 200)], hangzhou, by=TESTER)
    for n in range(number):
        make_allocated(2, buyer=f"b{n}", place_key=f"place-{n}")
    chosen = list(Order.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(70):
        plan(Order.objects.numbered(chosen), by=TESTER)
    assert GiftLine.objects.count() == number


def test_the_trial_counts_what_went_in_one_parcel_together(
    make_allocated: OrderMaker,
    make_gift_rule: GiftRuleMaker,
    mug: Sku,
    hangzhou: Warehouse,
    admin: Person,
) -> None:
    receive([Goods(mug.pk, 5)], hangzhou, by=TESTER)
    plan(make_allocated(2, **LIN), by=TESTER)
    plan(make_allocated(1), by=TESTER)
    rule, tiers = make_gift_rule(scope=Scope.PARCEL, is_on=False), [NewTier(TOGETHER, mug.pk)]
    trial = try_gift_rule(rule, tiers, by=admin, now=NOW)
    assert (trial.orders, trial.pieces, trial.companies, trial.shared_pieces) == (1, 1, 1, 1)
    rule.scope = Scope.ORDER
    trial = try_gift_rule(rule, tiers, by=admin, now=NOW)
    assert (trial.orders, trial.pieces, trial.companies, trial.shared_pieces) == (0, 0, None, 0)
    assert not GiftLine.objects.exists()
