import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import OrderMaker
from gendan.desk.models import Channel, Message, State
from gendan.journal.actors import Customer
from gendan.journal.models import Entry
from gendan.orders.actions.ask import (
    AlreadyReplied,
    NewQuestion,
    NothingAsked,
    Reply,
    ask,
    draft_of,
    reply,
)
from gendan.orders.models import Order, Question
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.worklist.models import Item, Kind

LIN = Customer("林一诺")


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1, stage=Stage.UNCONFIRMED).get()


@pytest.fixture
def question(order: Order) -> Question:
    return ask([NewQuestion(order.pk, "能开专票吗？", Channel.CHAT)], by=LIN, now=NOW).get()


def test_a_question_waits_for_a_service_agent(question: Question) -> None:
    item = Item.objects.open().get()

    assert (item.kind, item.role, item.detail) == (Kind.QUESTION, "SERVICE", "能开专票吗？")
    assert Entry.objects.get(verb="order.asked").actor_name == "林一诺"


def test_a_question_needs_words(order: Order) -> None:
    with pytest.raises(NothingAsked):
        ask([NewQuestion(order.pk, "  ")], by=LIN, now=NOW)

    assert not Question.objects.exists()


def test_the_answer_is_sent_and_nobody_waits(question: Question, wang: Person) -> None:
    reply([Reply(question.pk, "可以", to="lin@example.com")], by=wang, now=NOW)

    question.refresh_from_db()
    assert question.answered_at == NOW
    said = Message.objects.get()
    assert (said.text, said.state, question.answer) == ("可以", State.SENDING, said)
    assert not Item.objects.open().exists()


def test_a_second_question_keeps_waiting(question: Question, order: Order, wang: Person) -> None:
    ask([NewQuestion(order.pk, "什么时候发货？")], by=LIN, now=NOW)

    reply([Reply(question.pk, "可以", Channel.PHONE)], by=wang, now=NOW)

    assert Item.objects.open().filter(kind=Kind.QUESTION).exists()


def test_it_is_answered_once(question: Question, wang: Person) -> None:
    reply([Reply(question.pk, "可以", Channel.PHONE)], by=wang, now=NOW)

    with pytest.raises(AlreadyReplied):
        reply([Reply(question.pk, "不可以", Channel.PHONE)], by=wang, now=NOW)

    assert Message.objects.count() == 1


def test_a_mail_without_an_address_leaves_it_open(question: Question, wang: Person) -> None:
    with pytest.raises(Refused):
        reply([Reply(question.pk, "可以")], by=wang, now=NOW)

    assert Question.objects.open().exists()
    assert not Message.objects.exists()


def test_the_script_names_the_question(question: Question, wang: Person) -> None:
    assert "能开专票吗？" in draft_of(question, by=wang)


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED)
        with CaptureQueriesContext(connection) as counted:
            asked = ask([NewQuestion(pk.pk, "？") for pk in orders], by=LIN, now=NOW)
            replies = [Reply(each.pk, "好", Channel.PHONE) for each in asked]
            reply(replies, by=wang, now=NOW)
        return len(counted)

    cost(1)
    assert cost(1) == cost(300)
