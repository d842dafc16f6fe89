"""Planning: reserved goods become shipments, and orders of one buyer go together."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Order
from gendan.orders.stages import PlatformState, Stage
from gendan.people.models import Person
from gendan.warehouse.actions.plan import NotPlannable, plan, plan_waiting
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.separate import separate
from gendan.warehouse.models import CombineRules, Shipment
from gendan.warehouse.move import WrongStage
from gendan.warehouse.stages import Stage as At
from gendan.warehouse.tests.statements import statements

SAME_BUYER: dict[str, Any] = {"buyer": "lin", "place_key": "guangzhou-1"}


def test_it_makes_a_shipment_for_each_order(make_allocated: OrderMaker, chen: Person) -> None:
    shipments = plan(make_allocated(3), by=chen)
    assert (
        sorted(shipments.values_list("stage", "pieces", "kinds", "expected_g"))
        == [("PLANNED", 2, 1, 600)] * 3
    )


def test_it_says_who_and_why(make_allocated: OrderMaker, chen: Person) -> None:
    plan(make_allocated(1), by=chen, why="early")
    said = Entry.objects.filter(verb="shipment.planned").get()
    assert (said.actor_name, said.why) == (chen.name, "early")


def test_orders_of_one_buyer_to_one_place_go_together(
    make_allocated: OrderMaker, chen: Person
) -> None:
    shipment = plan(make_allocated(3, **SAME_BUYER), by=chen).get()
    assert shipment.pieces == 6
    assert shipment.lines.values("order").distinct().count() == 3


def test_a_later_order_joins_what_is_planned_but_not_what_is_in_a_wave(
    make_allocated: OrderMaker, chen: Person
) -> None:
    first = plan(make_allocated(1, **SAME_BUYER), by=chen).get()
    assert plan(make_allocated(1, **SAME_BUYER), by=chen).get() == first
    release(Shipment.objects.filter(pk=first.pk), by=chen)
    assert plan(make_allocated(1, **SAME_BUYER), by=chen).get() != first


@pytest.mark.parametrize(
    "difference",
    [
        {"is_cod": True, "paid_fen": 0},
        {"place_key": ""},
        {"wish_on": "2026-12-01"},
        {"buyer": ""},
    ],
)
def test_some_orders_always_go_alone(
    make_allocated: OrderMaker, chen: Person, difference: dict[str, Any]
) -> None:
    assert plan(make_allocated(2, **{**SAME_BUYER, **difference}), by=chen).count() == 2


def test_another_receiver_or_phone_keeps_orders_apart(
    make_allocated: OrderMaker, chen: Person
) -> None:
    first = make_allocated(1, **SAME_BUYER)
    second = make_allocated(1, **SAME_BUYER, receiver_phone="13900000009")
    assert plan(first | second, by=chen).count() == 2


def test_one_order_without_prices_hides_those_of_the_whole_parcel(
    make_allocated: OrderMaker, chen: Person
) -> None:
    orders = make_allocated(2, **SAME_BUYER)
    with entry("test.setup", by=TESTER):
        Instruction.objects.create(order=orders[0], code="NO_PRICE")
    assert plan(orders, by=chen).get().hides_prices


def test_cash_is_collected_with_the_parcel(make_allocated: OrderMaker, chen: Person) -> None:
    shipment = plan(make_allocated(1, is_cod=True, paid_fen=0), by=chen).get()
    assert shipment.cod_fen == 25_600


@pytest.mark.parametrize(
    "wrong", [{"stage": Stage.READY}, {"platform_state": PlatformState.FORBIDDEN}]
)
def test_it_refuses_all_when_one_may_not_and_changes_nothing(
    make_allocated: OrderMaker, chen: Person, wrong: dict[str, Any]
) -> None:
    orders = make_allocated(2)
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=orders[0].pk).update(**wrong)
    with pytest.raises(NotPlannable):
        plan(orders, by=chen)
    assert not Shipment.objects.exists()


def test_it_plans_nothing_twice(make_allocated: OrderMaker, chen: Person) -> None:
    orders = make_allocated(2)
    plan(orders, by=chen)
    with pytest.raises(NotPlannable):
        plan(orders, by=chen)
    assert Shipment.objects.count() == 2


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_allocated: OrderMaker, chen: Person
) -> None:
    one, many = make_allocated(1), make_allocated(300)
    assert statements(lambda: plan(one, by=chen)) == statements(lambda: plan(many, by=chen))


def test_separating_gives_each_order_its_own_again(
    make_allocated: OrderMaker, chen: Person
) -> None:
    together = plan(make_allocated(3, **SAME_BUYER), by=chen)
    apart = separate(together, by=chen, now=timezone.now(), why="different wishes")
    assert sorted(apart.values_list("pieces", flat=True)) == [2, 2, 2]
    assert len({line.order_id for shipment in apart for line in shipment.lines.all()}) == 3


def test_what_is_in_a_wave_is_not_separated(make_allocated: OrderMaker, chen: Person) -> None:
    together = plan(make_allocated(2, **SAME_BUYER), by=chen)
    release(together, by=chen)
    with pytest.raises(WrongStage):
        separate(together, by=chen, now=timezone.now())
    assert Shipment.objects.get().stage == At.RELEASED


def test_whatever_waits_is_planned_in_several_acts(
    make_allocated: OrderMaker, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gendan.warehouse.actions.plan.BATCH", 2)
    make_allocated(5)
    assert list(plan_waiting(by=chen, now=timezone.now())) == [(2, 2), (2, 2), (1, 1)]
    assert list(plan_waiting(by=chen, now=timezone.now())) == []


def test_a_shipment_is_written_once_when_it_is_planned(
    make_allocated: OrderMaker, chen: Person
) -> None:
    shipments = plan(make_allocated(3), by=chen)
    written = Change.objects.filter(
        subject__name="warehouse_shipment", subject_row__in=shipments.values("pk")
    )
    assert list(written.values_list("operation", flat=True)) == ["I"] * 3


@pytest.mark.parametrize(
    ("rule", "parcels"),
    [
        ({"most_g": 1200}, [2, 4]),
        ({"most_fen": 60_000}, [2, 4]),
        ({"most_g": 400}, [2, 2, 2]),
        ({"is_on": False}, [2, 2, 2]),
        ({"most_g": None, "within_days": 0}, [2, 2, 2]),
        ({"most_g": 5000, "most_fen": 90_000}, [6]),
    ],
)
def test_the_rules_of_the_house_limit_a_parcel(
    make_allocated: OrderMaker, chen: Person, rule: dict[str, Any], parcels: list[int]
) -> None:
    with entry("test.setup", by=TESTER):
        CombineRules.objects.create(**rule)
    orders = make_allocated(3, **SAME_BUYER)
    with entry("test.setup", by=TESTER):
        for days, order in enumerate(orders):
            Order.objects.filter(pk=order.pk).update(
                placed_at=order.placed_at + timedelta(hours=days)
            )
    shipments = plan(orders, by=chen)
    assert sorted(shipments.values_list("pieces", flat=True)) == parcels


def test_a_full_parcel_is_not_joined_but_the_next_one_is(
    make_allocated: OrderMaker, chen: Person
) -> None:
    with entry("test.setup", by=TESTER):
        CombineRules.objects.create(most_g=1000)
    for _order in range(4):
        plan(make_allocated(1, **SAME_BUYER), by=chen)
    assert sorted(Shipment.objects.values_list("pieces", flat=True)) == [4, 4]
