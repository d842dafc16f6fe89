"""The signed link of a confirmation."""

import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders import links
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.ask import Reply, reply
from gendan.orders.actions.correct import correct
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.models import Answer, Confirmation, Question
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Source, Stage
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


@pytest.fixture
def asked(make_orders: OrderMaker) -> Confirmation:
    order = make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE).get()
    with entry("test.setup", by=TESTER):
        return Confirmation.objects.create(order=order, mail="lin@example.com")


def page(asked: Confirmation) -> str:
    return reverse("confirm", args=[links.token(asked)])


def test_the_customer_sees_the_order(client: Client, asked: Confirmation) -> None:
    answer = client.get(page(asked))

    assert answer.status_code == 200
    assert asked.order.number in answer.content.decode()


def test_all_right_moves_the_order_on(client: Client, asked: Confirmation) -> None:
    answer = client.post(page(asked), {"answer": "right"})

    assert answer.status_code == 302
    asked.refresh_from_db()
    asked.order.refresh_from_db()
    assert (asked.answer, asked.order.stage) == (Answer.CONFIRMED, Stage.SCREENING)
    assert Entry.objects.get(verb="order.confirmed").actor_kind == "CUSTOMER"


def test_what_is_wrong_becomes_a_work_item(client: Client, asked: Confirmation) -> None:
    client.post(page(asked), {"answer": "wrong", "words": "地址写错了"})

    asked.refresh_from_db()
    assert (asked.answer, asked.words) == (Answer.OBJECTED, "地址写错了")
    assert Item.objects.open().get(kind=Kind.OBJECTION).subject_id == asked.order_id


def test_it_asks_what_is_wrong(client: Client, asked: Confirmation) -> None:
    assert client.post(page(asked), {"answer": "wrong"}).status_code == 422


@pytest.mark.parametrize("answer", [{}, {"answer": "maybe"}])
def test_what_is_no_answer_is_no_yes(
    client: Client, asked: Confirmation, answer: dict[str, str]
) -> None:
    assert client.post(page(asked), answer).status_code == 422

    asked.refresh_from_db()
    assert asked.answer == Answer.WAITING


def test_a_second_answer_changes_nothing(client: Client, asked: Confirmation) -> None:
    client.post(page(asked), {"answer": "right"})

    again = client.post(page(asked), {"answer": "wrong", "words": "又不对了"}, follow=True)

    asked.refresh_from_db()
    assert (again.status_code, asked.answer) == (200, Answer.CONFIRMED)
    assert not Item.objects.exists()


def test_a_tampered_link_opens_nothing(client: Client, asked: Confirmation) -> None:
    token = links.token(asked)

    assert client.get(reverse("confirm", args=[token[:-1] + "~"])).status_code == 404
    assert client.post(reverse("confirm", args=["1" + token])).status_code == 404


def test_a_link_ends_after_a_week(
    client: Client, asked: Confirmation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = page(asked)
    begin = time.time()

    monkeypatch.setattr("django.core.signing.time.time", lambda: begin + 6 * 86_400)
    assert client.get(made).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: begin + 8 * 86_400)
    assert client.get(made).status_code == 404


@pytest.fixture
def sent(make_orders: OrderMaker, wang: Person) -> Confirmation:
    """A document that knows which version of its order it is."""
    orders = make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE)
    send_confirmation(orders, by=wang, now=timezone.now(), way=Way("CHAT"))
    return Confirmation.objects.get()


def test_a_changed_order_is_not_shown_for_confirming(
    client: Client, sent: Confirmation, wang: Person
) -> None:
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)

    shown = client.get(page(sent)).content.decode()
    answer = client.post(page(sent), {"answer": "right"})

    assert 'value="newest"' in shown
    assert 'value="right"' not in shown
    assert answer.status_code == 422
    sent.refresh_from_db()
    assert sent.answer == Answer.WAITING


def test_the_newest_version_is_offered_and_confirmed(
    client: Client, sent: Confirmation, wang: Person
) -> None:
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)

    newer = client.post(page(sent), {"answer": "newest"})
    client.post(newer["Location"], {"answer": "right"})

    old, new = Confirmation.objects.order_by("pk")
    assert (old.answer, new.answer, new.version) == (Answer.REPLACED, Answer.CONFIRMED, 2)
    assert "林二诺" in client.get(newer["Location"]).content.decode()


def test_a_question_is_asked_and_its_answer_shown(
    client: Client, sent: Confirmation, wang: Person
) -> None:
    client.post(page(sent), {"answer": "question", "words": "能开专票吗？"})
    question = Question.objects.get()
    assert (question.confirmation, question.channel) == (sent, "CHAT")
    assert Item.objects.open().get(kind=Kind.QUESTION).subject_id == sent.order_id

    reply([Reply(question.pk, "可以的", "PHONE")], by=wang, now=timezone.now())

    assert "可以的" in client.get(page(sent)).content.decode()
    sent.refresh_from_db()
    assert sent.answer == Answer.WAITING
