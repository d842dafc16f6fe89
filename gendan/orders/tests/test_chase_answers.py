"""What customers answer to a word about payment, and what follows from each answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.customers.models import Customer
from gendan.desk.actions import answer, send
from gendan.desk.actions.answer import AlreadyAnswered
from gendan.desk.models import Channel, Message, MessageQuerySet, State
from gendan.journal.actors import Customer as Themselves
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, cancel, pay
from gendan.orders.actions.chase import NewStep, Said, chase_now, save_plan, say, see
from gendan.orders.actions.chase.due import make_due
from gendan.orders.chase_replies import Reply
from gendan.orders.models import ChasePlan, ChaseTouch, Order, OrderQuerySet
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.test_chase import HOUR, MINUTE, TEN, unpaid
from gendan.people.models import Person
from gendan.worklist.models import Item, ItemQuerySet, Kind

LIN = Themselves("林一诺")
ASKED = TEN + 20 * MINUTE
SOON = ASKED + 5 * MINUTE


@pytest.fixture
def plan(set_up: ChasePlan) -> ChasePlan:
    """A mail after 20 minutes that goes out by itself, and a word after three hours."""
    steps = [
        NewStep("AFTER", 20, Channel.MAIL, is_automatic=True),
        NewStep("AFTER", 180, Channel.CHAT),
        NewStep("BEFORE", 60, Channel.CHAT),
    ]
    return save_plan(set_up, steps, by=TESTER)


@pytest.fixture
def order(make_orders: OrderMaker, plan: ChasePlan) -> OrderQuerySet:
    """An order whose customer has our mail."""
    return mailed(make_orders)


def mailed(make_orders: OrderMaker, number: int = 1, **more: Any) -> OrderQuerySet:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺", mail="lin@example.com")
    orders = unpaid(make_orders, number, customer=customer, **more)
    chase_now(by=TESTER, now=ASKED)
    return orders


def told(code: Reply, *, words: str = "", at: datetime = SOON) -> None:
    answer(Message.objects.filter(topic="CHASE"), code, by=LIN, now=at, words=words)


def waiting(kind: Kind = Kind.CHASE) -> ItemQuerySet:
    return Item.objects.open().filter(kind=kind, subject="order")


def test_the_mail_that_goes_out_by_itself_can_be_answered(order: OrderQuerySet) -> None:
    sent = Message.objects.get()

    assert sent.state == State.SENDING
    assert [choice["code"] for choice in sent.choices] == Reply.values
    assert "取消" in sent.choices[-1]["note"]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (Reply.PAID, "SAYS_PAID"),
        (Reply.HELP, "NEEDS_HELP"),
        (Reply.CHANGE, "WANTS_CHANGE"),
    ],
)
def test_what_needs_a_person_waits_for_one_and_the_plan_is_silent(
    order: OrderQuerySet, wang: Person, code: Reply, outcome: str
) -> None:
    told(code, words="转账付的")

    touch = ChaseTouch.objects.get()
    assert (touch.outcome, touch.words, touch.outcome_at) == (outcome, "转账付的", SOON)
    item = waiting().get()
    assert (item.facts["words"], item.role) == ("转账付的", "SERVICE")
    assert item.due_at - SOON == timedelta(minutes=15)
    assert Entry.objects.get(verb="chase.answered").actor_name == "林一诺"
    assert make_due(by=TESTER, now=TEN + 4 * HOUR) == 0

    say([Said(order.get().pk, "PHONE", "您好")], by=wang, now=TEN + 5 * HOUR)

    assert not waiting().exists()
    assert make_due(by=TESTER, now=TEN + 71 * HOUR + MINUTE) == 1


def test_who_pays_later_today_hears_nothing_before_the_evening(order: OrderQuerySet) -> None:
    told(Reply.LATER)

    touch = ChaseTouch.objects.get()
    assert touch.outcome == "WILL_PAY"
    assert timezone.localtime(touch.will_pay_at).hour == 20
    assert not waiting().exists()
    assert make_due(by=TESTER, now=TEN + 9 * HOUR) == 0
    assert make_due(by=TESTER, now=TEN + 10 * HOUR + MINUTE) == 1
    assert waiting().exists()


def test_later_today_takes_back_what_was_still_to_be_said(order: OrderQuerySet) -> None:
    first = Message.objects.get()
    make_due(by=TESTER, now=TEN + 3 * HOUR)
    assert waiting().exists()

    answer(Message.objects.filter(pk=first.pk), Reply.LATER, by=LIN, now=TEN + 4 * HOUR)

    assert not waiting().exists()
    assert Message.objects.exclude(pk=first.pk).get().state == State.WITHDRAWN
    assert make_due(by=TESTER, now=TEN + 10 * HOUR + MINUTE) == 1


def test_who_pays_later_but_not_in_time_is_reminded_before_it_closes(
    make_orders: OrderMaker, plan: ChasePlan
) -> None:
    with entry("test.setup", by=TESTER), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_closingterm SET hours = 4 WHERE platform = 'TAOBAO'")
    mailed(make_orders, source=Source.FILE)

    told(Reply.LATER, at=TEN + HOUR)

    assert ChaseTouch.objects.get().will_pay_at == TEN + 2 * HOUR + 30 * MINUTE


def test_who_no_longer_wants_it_has_the_order_cancelled(order: OrderQuerySet) -> None:
    told(Reply.NO, words="拍重了")

    found = order.get()
    assert (found.stage, found.cancelled_at) == (Stage.CANCELLED, SOON)
    assert Entry.objects.get(verb="order.cancelled").why == "拍重了"
    assert ChaseTouch.objects.get().outcome == "NO_INTEREST"
    assert not Item.objects.open().exists()


def test_a_platform_s_order_is_closed_there_by_a_person(
    make_orders: OrderMaker, plan: ChasePlan
) -> None:
    order = mailed(make_orders, source=Source.FILE).get()

    told(Reply.NO)

    assert Order.objects.get(pk=order.pk).stage == Stage.UNPAID
    assert waiting().get().subject_id == order.pk


def test_what_is_paid_in_part_is_not_cancelled(order: OrderQuerySet, wang: Person) -> None:
    pay([NewPayment(order.get().pk, "CASH", 100)], by=wang, now=SOON)

    told(Reply.NO, at=SOON + MINUTE)

    assert order.get().stage == Stage.UNPAID
    assert waiting().exists()


@pytest.mark.parametrize("code", [Reply.NO, Reply.CHANGE])
def test_what_was_paid_meanwhile_is_not_cancelled_but_a_person_is_told(
    order: OrderQuerySet, wang: Person, code: Reply
) -> None:
    found = order.get()
    Message.objects.get()
    with entry("test.setup", by=TESTER):
        Message.objects.update(state=State.SENT)
    pay([NewPayment(found.pk, "CASH", found.total_fen)], by=wang, now=SOON)

    told(code, words="不要了", at=SOON + MINUTE)

    assert order.get().stage not in (Stage.UNPAID, Stage.CANCELLED)
    assert waiting(Kind.CUSTOMER).get().facts["words"] == "不要了"
    assert not waiting().exists()


def test_who_still_wants_what_was_closed_is_answered(order: OrderQuerySet, wang: Person) -> None:
    with entry("test.setup", by=TESTER):
        Message.objects.update(state=State.SENT)
    cancel(order, by=wang, now=SOON, why="超时")

    told(Reply.PAID, at=SOON + MINUTE)

    assert waiting(Kind.CUSTOMER).get().detail


def test_who_pays_has_nothing_more_to_answer_while_it_was_not_sent(
    order: OrderQuerySet, wang: Person
) -> None:
    found = order.get()
    pay([NewPayment(found.pk, "CASH", found.total_fen)], by=wang, now=SOON)

    with pytest.raises(AlreadyAnswered):
        told(Reply.NO, at=SOON + MINUTE)


def test_a_clerk_who_may_not_cancel_leaves_it_to_who_may(
    order: OrderQuerySet, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Person, "may", lambda person, permission: permission != "orders.cancel")

    answer(Message.objects.all(), Reply.NO, by=wang, now=SOON)

    assert order.get().stage == Stage.UNPAID
    assert waiting().exists()


def test_a_draft_sent_from_its_own_page_was_said_then(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    unpaid(make_orders)
    chase_now(by=TESTER, now=ASKED)
    send(Message.objects.all(), by=wang, now=SOON)

    told(Reply.HELP, at=SOON + MINUTE)

    assert ChaseTouch.objects.get().said_at == SOON
    assert waiting().count() == 1


def test_what_a_clerk_writes_can_be_answered_too_but_not_what_they_say(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person
) -> None:
    one, two = unpaid(make_orders, 2).order_by("pk")
    see(by=TESTER, now=TEN)

    say([Said(one.pk, "CHAT", "您好"), Said(two.pk, "PHONE", "您好")], by=wang, now=TEN)

    assert Message.objects.get(subject_id=one.pk).choices
    assert not Message.objects.get(subject_id=two.pk).choices


@pytest.mark.parametrize("code", Reply.values)
def test_answers_cost_the_same_for_1_and_for_300(
    make_orders: OrderMaker, set_up: ChasePlan, wang: Person, code: str
) -> None:
    def sent(number: int) -> MessageQuerySet:
        orders = unpaid(make_orders, number)
        see(by=TESTER, now=TEN)
        words = [Said(order.pk, "CHAT", "您好") for order in orders]
        touches = say(words, by=wang, now=TEN)
        return Message.objects.filter(pk__in=[touch.message_id for touch in touches])

    def cost(number: int) -> int:
        messages = sent(number)
        with CaptureQueriesContext(connection) as counted:
            answer(messages, code, by=LIN, now=SOON)
        return len(counted)

    assert cost(1) == cost(300)
