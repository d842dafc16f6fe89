"""What could go together becomes a work item, and stops being one by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.plan import plan, plan_waiting
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.split import split_by
from gendan.warehouse.actions.suggest import suggest
from gendan.warehouse.models import CombineRules, ShipmentQuerySet
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.tests.parcels import LIN, two_parcels
from gendan.worklist.actions import finish
from gendan.worklist.models import Item, Kind


def suggested() -> tuple[int, int]:
    return suggest(by=TESTER, now=timezone.now())


def items() -> Any:
    return Item.objects.open().filter(kind=Kind.COMBINE)


def test_two_parcels_of_one_buyer_are_an_alert_that_closes_itself(
    apart: ShipmentQuerySet,
    chen: Person,
) -> None:
    assert suggested() == (1, 0)
    assert items().get().warehouse_id == apart[0].warehouse_id
    assert suggested() == (0, 0)
    release(apart.filter(stage="PLANNED"), by=chen)
    assert suggested() == (0, 0)
    combine(apart, by=chen, now=timezone.now())
    assert not items().exists()
    assert suggested() == (0, 0)


def test_an_order_that_is_held_while_the_other_could_go_is_a_proposal(
    make_orders: OrderMaker, make_allocated: OrderMaker
) -> None:
    held = make_orders(1, stage=OrderStage.HELD, **LIN)
    make_allocated(1, **LIN)
    assert suggested() == (1, 0)
    assert items().get().warehouse_id is None
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=held.get().pk).update(stage=OrderStage.CANCELLED)
    assert suggested() == (0, 1)


def test_what_will_go_together_by_itself_is_nobodys_work(
    make_orders: OrderMaker, make_allocated: OrderMaker
) -> None:
    make_allocated(1, **LIN)
    make_orders(1, stage=OrderStage.READY, **LIN)
    assert suggested() == (0, 0)


def test_orders_that_wait_on_the_screening_desk_are_named_there(make_orders: OrderMaker) -> None:
    make_orders(2, stage=OrderStage.HELD, **LIN)
    assert suggested() == (0, 0)


def test_what_somebody_left_apart_is_not_asked_again(
    apart: ShipmentQuerySet,
    zhao: Person,
) -> None:
    suggested()
    finish(items(), by=zhao, now=timezone.now(), why="two gifts")
    assert suggested() == (0, 0)


def test_what_was_split_by_hand_is_not_suggested(make_allocated: OrderMaker, chen: Person) -> None:
    split_by(Way.ORDER, plan(make_allocated(2, **LIN), by=chen), by=chen, now=timezone.now())
    assert suggested() == (0, 0)


def test_limits_of_the_house_are_obeyed(make_allocated: OrderMaker) -> None:
    with entry("test.setup", by=TESTER):
        CombineRules.objects.create(most_fen=30_000)
    two_parcels(make_allocated)
    assert suggested() == (0, 0)


def waiting_planned(now: Any) -> int:
    return sum(orders for orders, _parcels in plan_waiting(by=TESTER, now=now))


def test_an_order_waits_a_little_for_its_company(
    make_orders: OrderMaker, make_allocated: OrderMaker
) -> None:
    make_allocated(1, **LIN)
    make_orders(1, stage=OrderStage.HELD, **LIN)
    now = timezone.now()
    assert waiting_planned(now) == 0
    assert waiting_planned(now + timedelta(minutes=11)) == 1


@pytest.mark.parametrize("reason", ["urgent", "promised soon", "no waiting", "another receiver"])
def test_but_not_if_it_is_urgent_or_promised_soon(
    make_orders: OrderMaker, make_allocated: OrderMaker, reason: str
) -> None:
    now = timezone.now()
    ways: dict[str, dict[str, Any]] = {
        "urgent": {"priority": 10},
        "promised soon": {"promise_at": now + timedelta(hours=1)},
        "another receiver": {"receiver_name": "林二"},
    }
    make_allocated(1, **LIN, **ways.get(reason, {}))
    make_orders(1, stage=OrderStage.HELD, **LIN)
    if reason == "no waiting":
        with entry("test.setup", by=TESTER):
            CombineRules.objects.create(wait_minutes=0)
    assert waiting_planned(now) == 1
