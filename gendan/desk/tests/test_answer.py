from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER
from gendan.desk.actions import AlreadyAnswered, NotOffered, answer, send, withdraw
from gendan.desk.answers import HANDS, answered
from gendan.desk.models import Channel, Message, State, Topic
from gendan.desk.tests.conftest import NOW, Written
from gendan.journal.actors import Actor, Customer
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.tests.test_race import at_once
from gendan.people.models import Person
from gendan.ui.errors import Refused

LIN = Customer("林一诺")


class NotNow(Refused):
    """The room of the topic refuses."""


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Codes that the room of the topic was told; it marks the orders, and refuses refunds."""
    codes: list[str] = []

    @answered(Topic.OTHER)
    def carry_out(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
        with entry("test.setup", by=TESTER):
            orders = Order.objects.filter(pk__in=[each.subject_id for each in messages])
            orders.update(seller_remark=messages[0].answer)
        codes.extend(each.answer for each in messages)
        if messages[0].answer == "REFUND":
            raise NotNow("")

    yield codes
    del HANDS[Topic.OTHER]


def asked(written: Written, wang: Person, number: int = 1, **more: Any) -> Any:
    return send(written(number, channel=Channel.CHAT, **more), by=wang, now=NOW)


def test_the_answer_is_kept_and_carried_out(
    written: Written, wang: Person, heard: list[str]
) -> None:
    message = answer(asked(written, wang), "WAIT", by=LIN, now=NOW, words="周五前都行").get()

    assert (message.state, message.chosen, message.words) == (
        State.ANSWERED,
        "等到周五",
        "周五前都行",
    )
    assert heard == ["WAIT"]
    assert Order.objects.get().seller_remark == "WAIT"
    assert Entry.objects.get(verb="message.answered").actor_name == "林一诺"


def test_what_the_room_refuses_is_not_answered(
    written: Written, wang: Person, heard: list[str]
) -> None:
    messages = asked(written, wang)

    with pytest.raises(NotNow):
        answer(messages, "REFUND", by=LIN, now=NOW)

    assert Message.objects.get().state == State.SENT
    assert Order.objects.get().seller_remark == ""


def test_only_what_was_offered_is_chosen(written: Written, wang: Person) -> None:
    with pytest.raises(NotOffered):
        answer(asked(written, wang), "GOLD", by=LIN, now=NOW)


def test_after_its_time_nothing_is_chosen(written: Written, wang: Person) -> None:
    messages = asked(written, wang, closes_at=NOW)

    with pytest.raises(AlreadyAnswered):
        answer(messages, "WAIT", by=LIN, now=NOW + timedelta(minutes=1))


def test_a_draft_and_what_was_taken_back_are_not_asked(written: Written, wang: Person) -> None:
    drafts = written()
    with pytest.raises(AlreadyAnswered):
        answer(drafts, "WAIT", by=LIN, now=NOW)

    withdraw(drafts, by=wang, why="货到了")
    with pytest.raises(AlreadyAnswered):
        answer(Message.objects.all(), "WAIT", by=LIN, now=NOW)


def test_it_costs_the_same_for_1_and_for_300(written: Written, wang: Person) -> None:
    def cost(number: int) -> int:
        messages = asked(written, wang, number)
        with CaptureQueriesContext(connection) as counted:
            answer(messages, "WAIT", by=LIN, now=NOW)
        return len(counted)

    assert cost(1) == cost(300)


@pytest.mark.django_db(transaction=True)
def test_of_several_answers_at_once_one_counts(
    written: Written, wang: Person, heard: list[str]
) -> None:
    asked(written, wang)

    done = at_once(lambda: answer(Message.objects.all(), "WAIT", by=LIN, now=NOW))

    assert done.count(True) == 1
    assert heard == ["WAIT"]
