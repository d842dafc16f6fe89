import re
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from procrastinate.contrib.django.models import ProcrastinateJob

from gendan.journal.writing import entry
from gendan.orders import links
from gendan.orders.actions import place, read_again, send_confirmation, tend
from gendan.orders.actions.send_confirmation import CannotSend
from gendan.orders.mailing import give_up, send
from gendan.orders.models import Confirmation, Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


class Kept:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.original_content or b""))
        return "250 Kept"


def free_port() -> int:
    with socket.socket() as sought:
        sought.bind(("127.0.0.1", 0))
        return int(sought.getsockname()[1])


@pytest.fixture
def postman(settings: Any) -> Iterator[Kept]:
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.PUBLIC_URL = "https://shop.example"
    yield kept
    controller.stop()


@pytest.fixture
def unheard(asked: Asked, wang: Person) -> Order:
    placed = place([asked(mail="lin@example.com")], by=wang, now=NOW)
    return read_again(placed, by=wang, now=NOW, heard=False).get()


def test_it_leaves_a_job_for_each_order(unheard: Order, wang: Person) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW)

    asked = Confirmation.objects.get()
    assert (asked.mail, asked.sent_at) == ("lin@example.com", None)
    assert ProcrastinateJob.objects.get(queue_name="mail").args == {"confirmation": asked.pk}


def test_the_mail_brings_the_order_and_a_link(unheard: Order, wang: Person, postman: Kept) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW)
    asked = Confirmation.objects.get()

    send(asked)

    _whole, text, pdf = postman.mails[0].walk()
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    link = re.search(r"https://shop.example/confirm/(\S+)/", body.decode())
    assert link
    assert links.confirmation_of(link.group(1)) == asked
    content = pdf.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.startswith(b"%PDF")
    asked.refresh_from_db()
    assert asked.sent_at is not None


def test_without_a_mail_server_somebody_is_told(
    unheard: Order, wang: Person, postman: Kept, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    send_confirmation(Order.objects.all(), by=wang, now=NOW)
    asked = Confirmation.objects.get()

    with pytest.raises(OSError) as failed:
        send(asked)
    give_up(asked, failed.value)

    item = Item.objects.open().get(kind=Kind.JOB)
    assert item.facts["mail"] == "lin@example.com"
    asked.refresh_from_db()
    assert asked.sent_at is None


def test_without_an_address_it_is_refused(asked: Asked, wang: Person) -> None:
    orders = read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW, heard=False)

    with pytest.raises(CannotSend):
        send_confirmation(orders, by=wang, now=NOW)

    assert not Confirmation.objects.exists()


def test_a_final_order_is_not_sent(asked: Asked, wang: Person) -> None:
    placed = place([asked(mail="lin@example.com", is_cod=True)], by=wang, now=NOW)
    orders = read_again(placed, by=wang, now=NOW)

    with pytest.raises(CannotSend):
        send_confirmation(orders, by=wang, now=NOW)


def test_who_was_not_asked_is_asked_by_mail_once(
    asked: Asked, wang: Person, unheard: Order
) -> None:
    place([asked()], by=wang, now=NOW)  # no address: nobody can be asked
    with entry("test.setup", by=wang):
        move(Order.objects.filter(pk=unheard.pk, stage=Stage.UNPAID), Stage.UNCONFIRMED)
    tend(by=wang, now=NOW)
    tend(by=wang, now=NOW)
    assert Confirmation.objects.get().order == unheard
