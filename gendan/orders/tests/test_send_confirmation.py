import re
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import OrderMaker
from gendan.catalog.models import Product
from gendan.desk.models import Channel
from gendan.journal.writing import entry
from gendan.orders import links
from gendan.orders.actions import place, read_again, send_confirmation, tend
from gendan.orders.actions.correct import correct
from gendan.orders.actions.send_confirmation import CannotSend, StaleDocument, Way
from gendan.orders.mailing import give_up, is_outdated, send
from gendan.orders.models import Answer, Confirmation, Order
from gendan.orders.move import move
from gendan.orders.paper import document_pdf
from gendan.orders.paper.sheets import sheets_of
from gendan.orders.queries.documents import editions
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


class Kept:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it so)
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
    assert item.facts["mail"] == "li***@example.com"
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
    with entry("test.setup", by=wang):
        move(orders, Stage.READY)

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


def test_a_document_keeps_what_it_said(unheard: Order, wang: Person) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW)

    made = Confirmation.objects.get()
    assert made.sheet is not None
    assert made.sheet["lines"] == [["汝窑品茗杯", "", "2", "¥100.00", "¥200.00"]]
    assert (made.version, made.channel, made.made_by) == (1, Channel.MAIL, wang)
    assert Confirmation.objects.current().exists()


def test_a_changed_order_makes_a_new_version(unheard: Order, wang: Person) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW)
    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    assert Confirmation.objects.outdated().exists()
    send_confirmation(Order.objects.all(), by=wang, now=NOW)

    old, new = Confirmation.objects.order_by("pk")
    assert (old.answer, old.version) == (Answer.REPLACED, 1)
    assert (new.answer, new.version) == (Answer.WAITING, 2)


def test_the_same_content_again_is_the_same_version(unheard: Order, wang: Person) -> None:
    for _time in range(2):
        send_confirmation(Order.objects.all(), by=wang, now=NOW)

    assert [each.version for each in Confirmation.objects.all()] == [1, 1]
    assert not Confirmation.objects.exclude(answer=Answer.WAITING).exists()


def test_what_was_compared_must_still_be_so(unheard: Order, wang: Person) -> None:
    seen = editions([unheard.pk])[unheard.pk].digest
    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    way = Way(digests={unheard.pk: seen})
    with pytest.raises(StaleDocument):
        send_confirmation(Order.objects.all(), by=wang, now=NOW, way=way)

    assert not Confirmation.objects.exists()


def test_a_change_before_the_mail_leaves_keeps_it_back(
    unheard: Order, wang: Person, postman: Kept
) -> None:
    send_confirmation(Order.objects.all(), by=wang, now=NOW)
    correct({unheard.pk: Receiver(name="林二诺")}, by=wang)

    assert is_outdated(Confirmation.objects.get())

    assert not postman.mails
    assert Confirmation.objects.get().answer == Answer.REPLACED
    assert Item.objects.open().get(kind=Kind.MESSAGE).subject_id == unheard.pk


def test_a_link_a_print_and_a_fax_leave_at_once(unheard: Order, wang: Person) -> None:
    for channel in (Channel.CHAT, Channel.PRINT, Channel.FAX):
        way = Way(channel, to={unheard.pk: "0571-88880000"})
        send_confirmation(Order.objects.all(), by=wang, now=NOW, way=way)

    assert set(Confirmation.objects.values_list("sent_at", flat=True)) == {NOW}
    assert not ProcrastinateJob.objects.filter(queue_name="mail").exists()


def test_a_fax_needs_a_number(unheard: Order, wang: Person) -> None:
    with pytest.raises(CannotSend):
        send_confirmation(Order.objects.all(), by=wang, now=NOW, way=Way(Channel.FAX))


def test_a_fax_begins_with_a_cover(unheard: Order, wang: Person) -> None:
    way = Way(Channel.FAX, to={unheard.pk: "0571-88880000"})
    send_confirmation(Order.objects.all(), by=wang, now=NOW, way=way)
    made = Confirmation.objects.get()

    plain, covered = document_pdf(made), document_pdf(made, cover=True)

    assert b"/Count 1" in plain
    assert b"/Count 2" in covered


def test_care_instructions_stand_on_it(unheard: Order, wang: Person) -> None:
    with entry("test.setup", by=wang):
        Product.objects.update(care="温水手洗，勿用钢丝球")

    assert sheets_of([unheard])[unheard.pk]["care"] == [["汝窑品茗杯", "温水手洗，勿用钢丝球"]]


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED, source=Source.PHONE)
        with CaptureQueriesContext(connection) as counted:
            send_confirmation(orders, by=wang, now=NOW, way=Way(Channel.PRINT))
        return len(counted)

    cost(1)
    assert cost(1) == cost(300)
