import pytest

from conftest import OrderMaker
from gendan.desk.actions import answer, send
from gendan.desk.models import Channel, Message, State
from gendan.journal.actors import Customer
from gendan.orders.actions.ask_check import RIGHT, WRONG, ask_check
from gendan.orders.actions.correct import correct
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
