import re
from types import SimpleNamespace
from typing import Any, cast

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from gendan.desk import links
from gendan.desk.actions import CannotSend, send, withdraw
from gendan.desk.mailing import TRIES, mail_message
from gendan.desk.models import Channel, Message, State
from gendan.desk.tests.conftest import NOW, Kept, Written
from gendan.journal.models import Entry
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


def deliver(message: Message, attempts: int = 1) -> None:
    """Do what the worker does with the job, at this try."""
    context = cast(Any, SimpleNamespace(job=SimpleNamespace(attempts=attempts)))
    mail_message.func(context, message=message.pk)


def test_a_mail_leaves_a_job(written: Written, wang: Person) -> None:
    message = send(written(), by=wang, now=NOW).get()

    assert (message.state, message.sent_by, message.sent_at) == (State.SENDING, wang, None)
    assert ProcrastinateJob.objects.get(queue_name="mail").args == {"message": message.pk}


def test_what_is_said_is_sent_at_once(written: Written, wang: Person) -> None:
    message = send(written(channel=Channel.PHONE), by=wang, now=NOW).get()

    assert (message.state, message.sent_at) == (State.SENT, NOW)
    assert not ProcrastinateJob.objects.filter(queue_name="mail").exists()


def test_the_mail_brings_the_words_and_a_link(
    written: Written, wang: Person, postman: Kept
) -> None:
    message = send(written(), by=wang, now=NOW).get()

    deliver(message)

    (mail,) = postman.mails
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "您的茶缺货了" in body.decode()
    link = re.search(r"https://shop.example/say/(\S+)/", body.decode())
    assert link
    assert links.message_of(link[1]) == message
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_second_try_sends_nothing_twice(written: Written, wang: Person, postman: Kept) -> None:
    message = send(written(), by=wang, now=NOW).get()
    deliver(message)
    deliver(message)

    assert len(postman.mails) == 1


def test_what_was_taken_back_does_not_leave(written: Written, wang: Person, postman: Kept) -> None:
    message = send(written(), by=wang, now=NOW).get()
    withdraw(Message.objects.all(), by=wang, why="货到了")

    deliver(message)

    assert not postman.mails


def test_after_the_last_try_a_service_agent_is_told(
    written: Written, wang: Person, postman: Kept, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    message = send(written(), by=wang, now=NOW).get()

    with pytest.raises(OSError):
        deliver(message, attempts=TRIES)

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert Item.objects.open().get(kind=Kind.MESSAGE).subject_id == message.pk
    send(Message.objects.all(), by=wang, now=NOW)  # once more, by hand


def test_an_address_that_is_none_is_told_too_and_shown_to_nobody(
    written: Written, wang: Person, postman: Kept
) -> None:
    message = send(written(to="lin@example.com\nBcc: all@example.com"), by=wang, now=NOW).get()

    with pytest.raises(ValueError, match="parsed"):
        deliver(message, attempts=TRIES)

    message.refresh_from_db()
    item = Item.objects.open().get(kind=Kind.MESSAGE)
    failed = Entry.objects.get(verb="message.failed")
    assert message.state == State.FAILED
    assert "lin@" not in f"{item.facts} {failed.facts}"


@pytest.mark.parametrize("again", [{"to": ""}, {"to": "13900000001"}])
def test_a_mail_needs_an_address(written: Written, wang: Person, again: dict[str, str]) -> None:
    with pytest.raises(CannotSend):
        send(written(**again), by=wang, now=NOW)

    assert Message.objects.get().state == State.DRAFT


def test_it_is_sent_once(written: Written, wang: Person) -> None:
    messages = written(2, channel=Channel.CHAT)
    send(messages, by=wang, now=NOW)

    with pytest.raises(CannotSend):
        send(messages, by=wang, now=NOW)
