"""What happens when a document is answered twice, or while its order is changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from conftest import OrderMaker
from gendan.desk.models import Channel
from gendan.journal.actors import Customer
from gendan.orders.actions import confirm, object_to, send_confirmation
from gendan.orders.actions.ask import NewQuestion, Reply, ask, reply
from gendan.orders.actions.correct import correct
from gendan.orders.actions.send_confirmation import StaleDocument, Way
from gendan.orders.answering import Heard, OutdatedDocument
from gendan.orders.models import Answer, Confirmation, Order
from gendan.orders.queries.documents import editions
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.orders.tests.test_race import at_once
from gendan.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
LIN = Customer("林一诺")


@pytest.fixture
def sent(make_orders: OrderMaker, wang: Person) -> Confirmation:
    orders = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None)
    send_confirmation(orders, by=wang, now=NOW, way=Way(Channel.PRINT))
    return Confirmation.objects.get()


def test_a_document_is_answered_once(sent: Confirmation) -> None:
    heard = Heard(Channel.CHAT, [sent.pk])
    acts: list[Callable[..., Any]] = [confirm, object_to, confirm, object_to, confirm]
    ways = iter(acts)

    done = at_once(
        lambda: next(ways)(Order.objects.all(), by=LIN, now=NOW, words="好", heard=heard)
    )

    assert done.count(True) == 1
    assert Confirmation.objects.get().answer in (Answer.CONFIRMED, Answer.OBJECTED)


def test_a_question_is_answered_once(sent: Confirmation, wang: Person) -> None:
    question = ask([NewQuestion(sent.order_id, "？")], by=LIN, now=NOW).get()

    done = at_once(lambda: reply([Reply(question.pk, "好", Channel.PHONE)], by=wang, now=NOW))

    assert done.count(True) == 1


def meanwhile(change: Event, order: int, by: Person) -> None:
    """Change the order, and let the others wait for it a while before it is done."""
    try:
        with transaction.atomic():
            correct({order: Receiver(name="林二诺")}, by=by)
            change.set()
            sleep(0.3)
    finally:
        connection.close()


def test_what_is_changed_while_it_is_answered_is_not_agreed_to(
    sent: Confirmation, wang: Person
) -> None:
    begun = Event()
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(meanwhile, begun, sent.order_id, wang)
        begun.wait()
        with pytest.raises(OutdatedDocument):
            confirm(Order.objects.all(), by=LIN, now=NOW, heard=Heard(documents=[sent.pk]))
        changed.result()

    assert Confirmation.objects.get().answer == Answer.WAITING


def test_what_is_changed_while_it_is_sent_is_not_sent(sent: Confirmation, wang: Person) -> None:
    seen = editions([sent.order_id])[sent.order_id].digest
    way = Way(Channel.PRINT, digests={sent.order_id: seen})
    begun = Event()
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(meanwhile, begun, sent.order_id, wang)
        begun.wait()
        with pytest.raises(StaleDocument):
            send_confirmation(Order.objects.all(), by=wang, now=NOW, way=way)
        changed.result()

    assert Confirmation.objects.count() == 1
