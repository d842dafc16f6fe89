"""Chasing payment by plan: what becomes due, what never does, and when it ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker
from gendan.customers.models import Customer
from gendan.desk.models import Channel, Message, State
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, cancel, pay, place, tend
from gendan.orders.actions.chase import NewStep, chase_now, install_chasing, save_plan, see
from gendan.orders.actions.chase.due import make_due
from gendan.orders.chasing import is_held_out, next_allowed
from gendan.orders.models import (
    Chase,
    ChasePlan,
    ChaseRules,
    ChaseTouch,
    Order,
    OrderQuerySet,
)
from gendan.orders.newcomers import NewOrder
from gendan.orders.queries.chase_gain import gains
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import UNPAID
from gendan.orders.verify import differences
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

TEN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in China
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def unpaid(
    make_orders: OrderMaker, number: int = 1, at: datetime = TEN, **more: Any
) -> OrderQuerySet:
    return make_orders(number, **{**UNPAID, "stage_since": at, "placed_at": at, **more})


def chased(orders: OrderQuerySet) -> int:
    return ChaseTouch.objects.filter(chase__order__in=orders).count()


def test_nothing_is_chased_before_it_is_set_up(make_orders: OrderMaker) -> None:
    unpaid(make_orders)

    assert chase_now(by=TESTER, now=TEN + HOUR) == 0
    assert not Chase.objects.exists()


def test_a_step_becomes_work_with_the_words_ready(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    order = unpaid(make_orders).get()

    assert chase_now(by=TESTER, now=TEN + 19 * MINUTE) == 0
    assert chase_now(by=TESTER, now=TEN + 20 * MINUTE) == 1

    draft = Message.objects.get(topic="CHASE")
    assert (draft.state, draft.subject_id) == (State.DRAFT, order.pk)
    assert "{" not in draft.text
    assert "¥256.00" in draft.text
    assert Item.objects.open().filter(kind=Kind.CHASE, subject_id=order.pk).exists()
    assert Entry.objects.filter(verb="chase.made").count() == 1


def test_the_same_step_is_made_once(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    orders = unpaid(make_orders)

    for minutes in (20, 21, 120):
        chase_now(by=TESTER, now=TEN + minutes * MINUTE)

    assert chased(orders) == 1


def test_of_two_steps_that_are_due_the_later_is_made(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    orders = unpaid(make_orders)

    chase_now(by=TESTER, now=TEN + 4 * HOUR)

    assert ChaseTouch.objects.get(chase__order__in=orders).channel == Channel.PHONE


def test_the_night_is_quiet_and_the_step_waits_for_the_morning(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    evening = TEN + timedelta(hours=11, minutes=50)  # 21:50 in China
    orders = unpaid(make_orders, at=evening)

    assert chase_now(by=TESTER, now=evening + 20 * MINUTE) == 0
    assert chase_now(by=TESTER, now=evening + 10 * HOUR) == 0
    assert chase_now(by=TESTER, now=evening + timedelta(hours=10, minutes=10)) == 1
    assert chased(orders) == 1


def test_quiet_hours_end_in_the_morning() -> None:
    rules = ChaseRules()
    night = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 23:00

    assert next_allowed(rules, TEN) == TEN
    assert next_allowed(rules, night) == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert next_allowed(rules, night + 5 * HOUR) == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)


def test_a_platform_s_order_that_closes_in_the_night_is_left_alone(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    evening = TEN - timedelta(hours=12, minutes=10)  # 21:50 in China, the day before
    with entry("test.setup", by=TESTER):
        install = "UPDATE orders_closingterm SET hours = 2 WHERE platform = 'TAOBAO'"
        with connection.cursor() as cursor:
            cursor.execute(install)
    orders = unpaid(make_orders, source=Source.FILE, at=evening)

    chase_now(by=TESTER, now=evening + 5 * MINUTE)
    chase_now(by=TESTER, now=TEN)

    assert chased(orders) == 0
    assert Chase.objects.get().closes_at == evening + 2 * HOUR


def test_a_customer_hears_from_us_three_times_a_day_however_many_orders(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    early = TEN - 2 * HOUR
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺")
    unpaid(make_orders, 5, at=early - HOUR, customer=customer)

    for hours in range(12):
        chase_now(by=TESTER, now=early + hours * HOUR + MINUTE)

    assert sorted(ChaseTouch.objects.values_list("slot", flat=True)) == [1, 2, 3]


def test_two_words_to_one_customer_stand_an_hour_apart(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺")
    unpaid(make_orders, 2, customer=customer)

    made = [chase_now(by=TESTER, now=TEN + minutes * MINUTE) for minutes in (20, 21, 60, 81)]

    assert made == [1, 0, 0, 1]


def test_known_buyers_have_their_own_plan(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺")
    make_orders(1, customer=customer)
    known, new = unpaid(make_orders, customer=customer), unpaid(make_orders)

    see(by=TESTER, now=TEN)

    assert ChasePlan.objects.get(chases__order__in=known).code == "KNOWN"
    assert ChasePlan.objects.get(chases__order__in=new) == set_up


def test_whoever_is_held_out_is_never_chased(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    with entry("test.setup", by=TESTER):
        ChasePlan.objects.update(holdout_percent=50)
    unpaid(make_orders, 40)

    see(by=TESTER, now=TEN)
    for hours in (1, 4, 71):
        chase_now(by=TESTER, now=TEN + hours * HOUR - 12 * HOUR * (hours > 24))

    held = Chase.objects.filter(is_held_out=True)
    assert 5 < held.count() < 35
    assert not ChaseTouch.objects.filter(chase__in=held).exists()


def test_the_draw_is_the_same_whoever_asks() -> None:
    plan = ChasePlan(salt="s", holdout_percent=10)

    drawn = [is_held_out(plan, pk) for pk in range(10_000)]

    assert drawn == [is_held_out(plan, pk) for pk in range(10_000)]
    assert 900 < sum(drawn) < 1100


def mail_step(plan: ChasePlan) -> None:
    step = NewStep("AFTER", 20, Channel.MAIL, is_automatic=True)
    save_plan(plan, [step], by=TESTER)


def test_mail_goes_out_by_itself(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺", mail="lin@example.com")
    unpaid(make_orders, customer=customer)
    mail_step(set_up)

    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    sent = Message.objects.get()
    assert (sent.state, sent.to) == (State.SENDING, "lin@example.com")
    assert not Item.objects.open().filter(kind=Kind.CHASE).exists()


def test_without_an_address_a_colleague_says_it(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    unpaid(make_orders)
    mail_step(set_up)

    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    assert Message.objects.get().channel == Channel.CHAT
    assert Item.objects.open().filter(kind=Kind.CHASE).exists()


@pytest.mark.parametrize("ends", ["paid", "closed"])
def test_it_stops_in_the_act_by_which_the_order_is_paid_or_closed(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person, ends: str
) -> None:
    orders = unpaid(make_orders)
    order = orders.get()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    if ends == "paid":
        pay([NewPayment(order.pk, "CASH", order.total_fen)], by=wang, now=TEN + HOUR)
    else:
        cancel(orders, by=wang, now=TEN + HOUR, why="客户不要了")

    assert Message.objects.get(topic="CHASE").state == State.WITHDRAWN
    assert not Item.objects.open().filter(kind=Kind.CHASE).exists()
    assert chase_now(by=TESTER, now=TEN + 4 * HOUR) == 0


def test_what_the_platform_says_is_paid_is_chased_no_more(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    orders = unpaid(make_orders, source=Source.FILE)
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    with entry("test.setup", by=TESTER):
        orders.update(stage=Stage.SCREENING)

    chase_now(by=TESTER, now=TEN + 4 * HOUR)

    assert chased(orders) == 1
    assert Message.objects.get().state == State.WITHDRAWN


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    def cost(number: int) -> int:
        unpaid(make_orders, number)
        see(by=TESTER, now=TEN)
        with CaptureQueriesContext(connection) as counted:
            made = make_due(by=TESTER, now=TEN + 20 * MINUTE)
        assert made == number
        return len(counted)

    assert cost(1) == cost(300)


def test_first_sight_costs_the_same_for_1_and_for_300(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    def cost(number: int) -> int:
        unpaid(make_orders, number)
        with CaptureQueriesContext(connection) as counted:
            assert see(by=TESTER, now=TEN) == number
        return len(counted)

    assert cost(1) == cost(300)


def test_a_step_that_was_used_is_retired_not_deleted(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    unpaid(make_orders)
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    mail_step(set_up)

    assert set_up.steps.filter(is_retired=False).count() == 1
    assert ChaseTouch.objects.filter(step__plan=set_up).count() == 1
    assert Order.objects.count() == 1


def test_verify_finds_who_was_chased_although_held_out(
    make_orders: OrderMaker, set_up: ChasePlan
) -> None:
    order = unpaid(make_orders).get()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    assert not [found for found in differences() if "held out" in str(found)]

    with entry("test.setup", by=TESTER):
        Chase.objects.update(is_held_out=True)

    found = next(found for found in differences() if "held out" in str(found))
    assert order.number in str(found)


def held_out_half(number: int, make_orders: OrderMaker, at: datetime = TEN) -> OrderQuerySet:
    with entry("test.setup", by=TESTER):
        ChasePlan.objects.update(holdout_percent=50)
    return unpaid(make_orders, number, at=at)


def unpaid_items() -> set[int]:
    return set(Item.objects.open().filter(kind=Kind.UNPAID).values_list("subject_id", flat=True))


def test_no_work_opens_about_who_is_held_out(make_orders: OrderMaker, set_up: ChasePlan) -> None:
    orders = held_out_half(40, make_orders)

    tend(by=TESTER, now=TEN)
    assert not unpaid_items()  # nobody knows yet who is held out
    see(by=TESTER, now=TEN)
    tend(by=TESTER, now=TEN + MINUTE)

    held = set(Chase.objects.filter(is_held_out=True).values_list("order_id", flat=True))
    assert held
    assert unpaid_items() == set(orders.values_list("pk", flat=True)) - held


def test_work_that_was_open_before_the_draw_ends_with_it(
    make_orders: OrderMaker, wang: Person
) -> None:
    orders = unpaid(make_orders, 40)
    tend(by=TESTER, now=TEN)
    assert unpaid_items() == set(orders.values_list("pk", flat=True))

    install_chasing(by=TESTER, now=TEN)
    with entry("test.setup", by=TESTER):
        ChasePlan.objects.update(holdout_percent=50)
    see(by=TESTER, now=TEN)

    held = set(Chase.objects.filter(is_held_out=True).values_list("order_id", flat=True))
    assert held
    assert not unpaid_items() & held


def test_an_order_that_is_placed_unpaid_waits_for_the_draw(
    asked: Callable[..., NewOrder], set_up: ChasePlan, wang: Person
) -> None:
    (order,) = place([asked(is_final=True)], by=wang, now=TEN)
    assert (order.stage, unpaid_items()) == (Stage.UNPAID, set())

    see(by=TESTER, now=TEN)

    assert unpaid_items() == {order.pk}


def test_the_draw_alone_decides_between_the_groups_that_are_compared(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    """Whoever works through all that is open reaches all who are chased, and nobody else."""
    orders = held_out_half(60, make_orders)
    chase_now(by=TESTER, now=TEN)
    worked = Order.objects.numbered(unpaid_items())
    money = [NewPayment(order.pk, "CASH", order.total_fen) for order in worked]

    pay(money, by=wang, now=TEN + HOUR)

    brought = gains(wang, since=TEN - HOUR, now=TEN + 100 * HOUR).whole
    assert (brought.chased.paid, brought.chased.orders) == (len(money), len(money))
    assert (brought.held.paid, brought.held.orders) == (0, orders.count() - len(money))


def test_who_paid_once_is_held_out_no_longer(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    orders = held_out_half(20, make_orders)
    see(by=TESTER, now=TEN)
    held = orders.filter(chase__is_held_out=True)
    with entry("test.setup", by=TESTER):  # paid, then changed: it costs more
        held.update(paid_fen=100, paid_at=TEN)

    tend(by=TESTER, now=TEN + HOUR)

    assert set(held.values_list("pk", flat=True)) <= unpaid_items()
