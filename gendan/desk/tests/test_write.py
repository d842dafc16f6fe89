import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.desk.actions import rewrite, send, withdraw, write
from gendan.desk.actions.write import NotADraft
from gendan.desk.models import Channel, Message, State
from gendan.desk.tests.conftest import NOW, Written
from gendan.journal.models import Entry
from gendan.people.models import Person


def test_what_is_written_waits_to_be_sent(written: Written, wang: Person) -> None:
    message = written().get()

    assert (message.state, message.made_at, message.sent_at) == (State.DRAFT, NOW, None)
    assert Entry.objects.get(verb="message.written").actor_name == wang.name


def test_nothing_to_write_writes_nothing(wang: Person) -> None:
    assert not write([], by=wang, now=NOW)
    assert not Entry.objects.filter(verb="message.written").exists()


def test_a_draft_is_written_anew(written: Written, wang: Person) -> None:
    message = rewrite(written().get(), "换个说法", to="13900000001", by=wang)

    assert (message.text, message.to) == ("换个说法", "13900000001")


def test_what_was_sent_stays_as_it_was(written: Written, wang: Person) -> None:
    messages = written(channel=Channel.PHONE)
    send(messages, by=wang, now=NOW)

    with pytest.raises(NotADraft):
        rewrite(messages.get(), "换个说法", to="", by=wang)

    assert Message.objects.get().text.startswith("您的茶")


def test_it_is_taken_back_with_a_reason(written: Written, wang: Person) -> None:
    assert withdraw(written(), by=wang, why="货到了") == 1
    assert withdraw(Message.objects.all(), by=wang, why="再来一次") == 0

    assert Message.objects.get().state == State.WITHDRAWN
    assert Entry.objects.filter(verb="message.withdrawn", why="货到了").exists()


def test_it_costs_the_same_for_1_and_for_300(written: Written, wang: Person) -> None:
    def cost(number: int) -> int:
        messages = written(number, channel=Channel.CHAT)
        with CaptureQueriesContext(connection) as counted:
            send(messages, by=wang, now=NOW)
            withdraw(messages, by=wang, why="算了")
        return len(counted)

    assert cost(1) == cost(300)
