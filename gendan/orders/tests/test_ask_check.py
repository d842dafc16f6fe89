import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import OrderMaker
from gendan.desk.actions import answer, send
from gendan.desk.models import Channel, Message, State
from gendan.journal.actors import Customer
from gendan.orders.actions.ask_check import RIGHT, WRONG, ask_check
from gendan.orders.actions.correct import correct
from gendan.orders.actions.send_confirmation import Way, send_confirmation
from gendan.orders.answering import OutdatedDocument
from gendan.orders.models import Answer, Confirmation, Order
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

LIN = Customer("林一诺")


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE).get()


@pytest.fixture
def asked(order: Order, wang: Person) -> Message:
    said = ask_check(Order.objects.all(), Channel.CHAT, by=wang, now=NOW)
    return send(said, by=wang, now=NOW).get()


def test_the_message_says_what_the_order_says(order: Order, asked: Message) -> None:
    assert order.receiver_name in asked.text
    assert [choice["code"] for choice in asked.choices] == [RIGHT, WRONG]


def test_all_right_is_the_customers_word(order: Order, asked: Message) -> None:
    answer(Message.objects.all(), RIGHT, by=LIN, now=NOW, words="没问题")

    order.refresh_from_db()
    assert order.stage == Stage.SCREENING
    word = Confirmation.objects.get()
    assert (word.answer, word.words, word.channel, word.message) == (
        Answer.CONFIRMED,
        "没问题",
        Channel.CHAT,
        asked,
    )


def test_something_wrong_waits_for_a_service_agent(order: Order, asked: Message) -> None:
    answer(Message.objects.all(), WRONG, by=LIN, now=NOW, words="电话换了")

    assert Item.objects.open().get(kind=Kind.OBJECTION).facts["words"] == "电话换了"
    assert Confirmation.objects.get().answer == Answer.OBJECTED


def test_an_answer_to_what_was_changed_since_is_refused(
    order: Order, asked: Message, wang: Person
) -> None:
    correct({order.pk: Receiver(name="林二诺")}, by=wang)

    with pytest.raises(OutdatedDocument):
        answer(Message.objects.all(), RIGHT, by=LIN, now=NOW)

    asked.refresh_from_db()
    assert asked.state == State.SENT
    assert not Confirmation.objects.exists()


def test_a_word_on_a_document_that_waits_names_the_message(asked: Message, wang: Person) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW, way=Way(Channel.CHAT))

    answer(Message.objects.all(), RIGHT, by=LIN, now=NOW)

    assert Confirmation.objects.get().message == asked


@pytest.mark.parametrize("code", [RIGHT, WRONG])
def test_answers_cost_the_same_for_1_and_for_300(
    make_orders: OrderMaker, wang: Person, code: str
) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED, source=Source.PHONE)
        said = send(ask_check(orders, Channel.CHAT, by=wang, now=NOW), by=wang, now=NOW)
        with CaptureQueriesContext(connection) as counted:
            assert answer(said, code, by=LIN, now=NOW).count() == number
        answered = Confirmation.objects.filter(order__in=orders, message__in=said)
        assert answered.count() == number
        return len(counted)

    assert cost(1) == cost(300)
