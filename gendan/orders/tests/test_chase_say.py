"""What clerks say about payment, what comes of it, and offers within and beyond authority."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER
from gendan.customers.models import Customer
from gendan.desk.actions import send, write
from gendan.desk.models import Channel, Message, State, Topic
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, cancel, pay
from gendan.orders.actions.chase import (
    CannotChase,
    NotOffered,
    Said,
    allow_offer,
    chase_now,
    expire_offers,
    note_outcome,
    offer,
    refuse_offer,
    say,
    withdraw_offer,
)
from gendan.orders.models import Chase, ChaseOffer, ChaseTouch, OfferState, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.orders.telling import message_about
from gendan.orders.tests.conftest import Waiting
from gendan.orders.tests.test_chase import HOUR, MINUTE, TEN
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

pytestmark = pytest.mark.usefixtures("set_up")


def one(orders: OrderQuerySet, **more: Any) -> Said:
    return Said(**{"order_id": orders.get().pk, "channel": "PHONE", "text": "您好", **more})


def test_what_was_said_is_kept_with_what_came_of_it(waiting: Waiting, wang: Person) -> None:
    orders = waiting()

    say([one(orders, reason="PRICE", outcome="NEEDS_HELP", words="要发票")], by=wang, now=TEN)

    touch = ChaseTouch.objects.get()
    assert (touch.reason, touch.outcome, touch.said_by) == ("PRICE", "NEEDS_HELP", wang)
    assert Message.objects.get().state == State.SENT
    assert Entry.objects.get(verb="chase.said").actor_name == wang.name


def test_the_plan_s_draft_is_the_one_that_is_said(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)

    say([one(orders, text="改过的话")], by=wang, now=TEN + 25 * MINUTE)

    assert Message.objects.get().text == "改过的话"
    assert ChaseTouch.objects.get().said_by == wang
    assert not Item.objects.open().filter(kind=Kind.CHASE).exists()


def test_a_promise_keeps_the_plan_quiet_until_it_has_passed(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    promise = {"outcome": "WILL_PAY", "will_pay_at": TEN + 5 * HOUR}
    say([one(orders, **promise)], by=wang, now=TEN + MINUTE)

    assert chase_now(by=TESTER, now=TEN + 4 * HOUR) == 0
    assert chase_now(by=TESTER, now=TEN + 5 * HOUR + MINUTE) == 1
    assert chase_now(by=TESTER, now=TEN + 5 * HOUR + 2 * MINUTE) == 0
    assert ChaseTouch.objects.latest("pk").origin == "FOLLOW_UP"


def test_who_no_longer_wants_it_has_the_order_cancelled(waiting: Waiting, wang: Person) -> None:
    orders = waiting()

    say([one(orders, outcome="NO_INTEREST", words="买了别家")], by=wang, now=TEN)

    assert orders.get().stage == Stage.CANCELLED
    assert Entry.objects.get(verb="order.cancelled").why == "买了别家"


def test_a_fourth_time_a_day_is_refused(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    for _time in range(3):
        say([one(orders)], by=wang, now=TEN)

    with pytest.raises(CannotChase, match="3"):
        say([one(orders)], by=wang, now=TEN)

    assert ChaseTouch.objects.count() == 3


def test_what_was_drafted_yesterday_counts_for_the_day_on_which_it_is_said(
    waiting: Waiting, wang: Person
) -> None:
    orders = waiting()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    tomorrow = TEN + timedelta(days=1)

    say([one(orders)], by=wang, now=tomorrow)

    touch = ChaseTouch.objects.get()
    assert (touch.on_day, touch.slot) == (tomorrow.date(), 1)
    for _time in range(2):
        say([one(orders)], by=wang, now=tomorrow)
    with pytest.raises(CannotChase, match="3"):
        say([one(orders)], by=wang, now=tomorrow)


def test_a_draft_of_yesterday_is_no_fourth_word(waiting: Waiting, wang: Person) -> None:
    tomorrow = TEN + timedelta(days=1)
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺")
    drafted = waiting(customer=customer)
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    others = waiting(3, customer=customer)
    for order in others:
        say([Said(order.pk, "PHONE", "您好")], by=wang, now=tomorrow)

    with pytest.raises(CannotChase, match="3"):
        say([one(drafted)], by=wang, now=tomorrow)

    assert Message.objects.get(subject_id=drafted.get().pk).state == State.DRAFT


def test_who_calls_us_is_noted_however_often(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    for _time in range(4):
        say([one(orders, text="", words="问运费")], by=wang, now=TEN)

    assert ChaseTouch.objects.count() == 4


@pytest.mark.parametrize(
    ("hour", "is_said"), [(21.99, True), (22, False), (3, False), (7.99, False), (8, True)]
)
def test_the_night_is_quiet_for_clerks_too(
    waiting: Waiting, wang: Person, hour: float, is_said: bool
) -> None:
    orders, at = waiting(), TEN + (hour - 10) * HOUR

    if is_said:
        say([one(orders)], by=wang, now=at)
    else:
        with pytest.raises(CannotChase, match="08:00"):
            say([one(orders)], by=wang, now=at)

    assert Message.objects.exists() == is_said


def test_who_calls_in_the_night_is_noted(waiting: Waiting, wang: Person) -> None:
    (touch,) = say([one(waiting(), text="", outcome="NEEDS_HELP")], by=wang, now=TEN + 13 * HOUR)

    assert touch.outcome == "NEEDS_HELP"
    assert not Message.objects.exists()


def test_an_order_is_named_once(waiting: Waiting, wang: Person) -> None:
    orders = waiting()

    with pytest.raises(CannotChase):
        say([one(orders), one(orders)], by=wang, now=TEN)

    assert not ChaseTouch.objects.exists()


def test_a_colleague_who_was_slower_says_nothing(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    say([one(orders, times=0)], by=wang, now=TEN)

    with pytest.raises(CannotChase):
        say([one(orders, times=0)], by=wang, now=TEN)

    assert Message.objects.count() == 1


def test_what_is_paid_is_not_spoken_about(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    pay([NewPayment(orders.get().pk, "CASH", 20000)], by=wang, now=TEN)

    with pytest.raises(CannotChase):
        say([one(orders)], by=wang, now=TEN)

    assert not ChaseTouch.objects.exists()


def test_whoever_is_held_out_is_not_spoken_to(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    with entry("test.setup", by=TESTER):
        Chase.objects.update(is_held_out=True)

    with pytest.raises(CannotChase):
        say([one(orders)], by=wang, now=TEN)


def test_a_promise_wants_a_time_to_come(waiting: Waiting, wang: Person) -> None:
    with pytest.raises(CannotChase):
        say([one(waiting(), outcome="WILL_PAY")], by=wang, now=TEN)


def test_an_outcome_can_be_noted_later(waiting: Waiting, wang: Person) -> None:
    (touch,) = say([one(waiting())], by=wang, now=TEN)

    touch = note_outcome(touch, "UNREACHABLE", by=wang, now=TEN + HOUR, words="没人接")

    assert (touch.outcome, touch.words) == ("UNREACHABLE", "没人接")


def test_it_costs_the_same_for_1_and_for_300(waiting: Waiting, wang: Person) -> None:
    def cost(number: int) -> int:
        said = [Said(o.pk, Channel.CHAT, "您好", "FORGOT") for o in waiting(number)]
        with CaptureQueriesContext(connection) as counted:
            say(said, by=wang, now=TEN)
        return len(counted)

    assert cost(1) == cost(300)


def test_an_offer_within_authority_changes_the_price_at_once(
    waiting: Waiting, wang: Person
) -> None:
    orders = waiting()

    given = offer(Chase.objects.get(), 1000, by=wang, now=TEN, why="老客")

    order = orders.get()
    assert (given.state, order.total_fen, order.discount_fen) == (OfferState.GIVEN, 19000, 1000)
    assert Entry.objects.get(verb="chase.offered").why == "老客"


def test_beyond_authority_a_supervisor_is_asked(
    waiting: Waiting, wang: Person, zhao: Person
) -> None:
    orders = waiting()

    asked = offer(Chase.objects.get(), 1500, by=wang, now=TEN)

    assert (asked.state, orders.get().total_fen) == (OfferState.ASKED, 20000)
    assert Item.objects.open().get(kind=Kind.APPROVAL).subject == "offer"
    chase_now(by=TESTER, now=TEN)
    with pytest.raises(NotOffered):
        allow_offer(asked, by=wang, now=TEN)

    allow_offer(asked, by=zhao, now=TEN)

    assert orders.get().total_fen == 18500
    assert not Item.objects.open().filter(kind=Kind.APPROVAL).exists()


def test_the_floor_is_beyond_a_clerk_however_generous_their_limit(
    waiting: Waiting, wang: Person
) -> None:
    wang.discount_limit = 90
    waiting()

    assert offer(Chase.objects.get(), 2500, by=wang, now=TEN).state == OfferState.ASKED


def test_a_refused_offer_changes_nothing(waiting: Waiting, wang: Person, zhao: Person) -> None:
    orders = waiting()
    asked = offer(Chase.objects.get(), 5000, by=wang, now=TEN)

    assert refuse_offer(asked, by=zhao, now=TEN, why="太多").state == OfferState.REFUSED
    assert orders.get().total_fen == 20000


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_an_offer_that_is_over_restores_the_price(waiting: Waiting, wang: Person, how: str) -> None:
    orders = waiting()
    given = offer(Chase.objects.get(), 1000, by=wang, now=TEN)

    if how == "withdrawn":
        withdraw_offer(given, by=wang, now=TEN)
    else:
        assert expire_offers(by=TESTER, now=TEN + timedelta(days=1)) == 1

    order = orders.get()
    assert (order.total_fen, order.discount_fen) == (20000, 0)
    assert expire_offers(by=TESTER, now=TEN + timedelta(days=1)) == 0


def test_a_paid_offer_is_taken_and_stays(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    offer(Chase.objects.get(), 1000, by=wang, now=TEN)

    pay([NewPayment(orders.get().pk, "CASH", 19000)], by=wang, now=TEN)
    expire_offers(by=TESTER, now=TEN + timedelta(days=2))

    order = orders.get()
    assert (order.stage, order.total_fen) == (Stage.SCREENING, 19000) or order.paid_at
    assert ChaseOffer.objects.get().state == OfferState.TAKEN


def test_an_offer_ends_with_a_cancelled_order(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    asked = offer(Chase.objects.get(), 5000, by=wang, now=TEN)

    cancel(orders, by=wang, now=TEN, why="不要了")

    asked.refresh_from_db()
    assert asked.state == OfferState.CLOSED
    assert not Item.objects.open().filter(kind=Kind.APPROVAL).exists()


def test_a_second_offer_waits_for_the_first(waiting: Waiting, wang: Person) -> None:
    waiting()
    offer(Chase.objects.get(), 100, by=wang, now=TEN)

    with pytest.raises(NotOffered):
        offer(Chase.objects.get(), 100, by=wang, now=TEN)


def test_nothing_must_be_left_to_pay(waiting: Waiting, wang: Person) -> None:
    waiting()

    with pytest.raises(NotOffered):
        offer(Chase.objects.get(), 20000, by=wang, now=TEN)


@pytest.fixture
def drafted(waiting: Waiting) -> OrderQuerySet:
    """An order about which the plan wants a word, from 10:20 on."""
    orders = waiting()
    chase_now(by=TESTER, now=TEN + 20 * MINUTE)
    return orders


def test_a_draft_that_leaves_from_its_own_page_is_a_word_like_any_other(
    drafted: OrderQuerySet, wang: Person
) -> None:
    tomorrow = TEN + timedelta(days=1)

    send(Message.objects.all(), by=wang, now=tomorrow)

    touch = ChaseTouch.objects.get()
    assert (touch.said_at, touch.said_by, touch.on_day) == (tomorrow, wang, tomorrow.date())
    assert not Item.objects.open().filter(kind=Kind.CHASE).exists()
    assert Entry.objects.get(verb="chase.said").actor_name == wang.name


def test_what_a_colleague_writes_about_payment_takes_a_place_of_the_day(
    drafted: OrderQuerySet, wang: Person
) -> None:
    order = drafted.get()
    written = [message_about(order, Topic.CHASE, Channel.CHAT, "您好") for _time in range(4)]
    messages = write(written, by=wang, now=TEN).order_by("pk")

    for message in messages[:2]:  # the plan's draft has the first place
        send(Message.objects.filter(pk=message.pk), by=wang, now=TEN + HOUR)

    assert sorted(ChaseTouch.objects.values_list("slot", flat=True)) == [1, 2, 3]
    with pytest.raises(CannotChase, match="3"):
        send(Message.objects.filter(pk=messages[2].pk), by=wang, now=TEN + HOUR)


@pytest.mark.parametrize("why", ["night", "held out", "paid"])
def test_a_draft_does_not_leave_where_nobody_is_chased(
    drafted: OrderQuerySet, wang: Person, why: str
) -> None:
    at = TEN + (13 if why == "night" else 1) * HOUR
    with entry("test.setup", by=TESTER):
        if why == "held out":
            Chase.objects.update(is_held_out=True)
        if why == "paid":
            drafted.update(stage=Stage.SCREENING)

    with pytest.raises(CannotChase):
        send(Message.objects.all(), by=wang, now=at)

    assert Message.objects.get().state == State.DRAFT
    assert ChaseTouch.objects.get().said_at is None


def test_a_mail_that_failed_takes_no_second_place(drafted: OrderQuerySet, wang: Person) -> None:
    send(Message.objects.all(), by=wang, now=TEN + HOUR)
    with entry("test.setup", by=TESTER):
        Message.objects.update(state=State.FAILED)

    send(Message.objects.all(), by=wang, now=TEN + HOUR)

    assert ChaseTouch.objects.count() == 1
