"""Messages about an order, and a mail server that keeps what it takes."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from conftest import OrderMaker
from gendan.desk.actions import NewMessage, write
from gendan.desk.models import Channel, MessageQuerySet, Topic
from gendan.people.models import Person

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHOICES = ({"code": "WAIT", "label": "等到周五"}, {"code": "REFUND", "label": "退款"})


class Kept:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it so)
        self.mails.append(message_from_bytes(envelope.original_content or b""))
        return "250 Kept"


@pytest.fixture
def postman(settings: Any) -> Iterator[Kept]:
    with socket.socket() as sought:
        sought.bind(("127.0.0.1", 0))
        port = int(sought.getsockname()[1])
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.PUBLIC_URL = "https://shop.example"
    yield kept
    controller.stop()


Written = Callable[..., MessageQuerySet]


@pytest.fixture
def written(make_orders: OrderMaker, wang: Person) -> Written:
    """Return a maker of messages about orders, with two answers to choose from."""

    def make(number: int = 1, **more: Any) -> MessageQuerySet:
        news = [
            NewMessage(
                **{
                    "topic": Topic.OTHER,
                    "channel": Channel.MAIL,
                    "subject": "order",
                    "subject_id": order.pk,
                    "number": order.number,
                    "shop_id": order.shop_id,
                    "text": "您的茶缺货了，电话 13900000001",
                    "to": "lin@example.com",
                    "choices": CHOICES,
                    **more,
                }
            )
            for order in make_orders(number)
        ]
        return write(news, by=wang, now=NOW)

    return make
