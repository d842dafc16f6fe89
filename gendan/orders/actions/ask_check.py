"""Asking customers in writing whether their orders are right, and carrying out what they say."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gendan.desk.actions import NewMessage, write
from gendan.desk.answers import answered
from gendan.desk.filling import fill
from gendan.desk.models import Channel, Message, MessageQuerySet, Topic
from gendan.desk.scripts import script_for
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.confirm import confirm, object_to
from gendan.orders.answering import Heard, OutdatedDocument
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.queries.documents import editions
from gendan.orders.telling import values_of

RIGHT, WRONG = "RIGHT", "WRONG"


def ask_check(
    orders: OrderQuerySet, channel: str, *, by: Actor, now: datetime, why: str = ""
) -> MessageQuerySet:
    """Write to the customers what their orders say, and ask whether it is right; not sent yet."""
    rows = list(orders.select_related("shop", "customer").order_by("pk"))
    said, script = editions(order.pk for order in rows), script_for(Topic.CHECK, by=by)
    values = values_of(rows)
    with entry("order.check_asked", by=by, why=why, count=len(rows)):
        return write(
            [
                NewMessage(
                    topic=Topic.CHECK,
                    channel=channel,
                    subject="order",
                    subject_id=order.pk,
                    number=order.number,
                    shop_id=order.shop_id,
                    customer_id=order.customer_id,
                    script_id=script.pk,
                    text=fill(script.text, values[order.pk]),
                    to=_address(order, channel),
                    choices=_choices(),
                    facts={"digest": said[order.pk].digest},
                )
                for order in rows
            ],
            by=by,
            now=now,
        )


def _choices() -> list[dict[str, str]]:
    with override(settings.LANGUAGE_CODE):  # as the script is written
        return [
            {"code": RIGHT, "label": _("All right")},
            {"code": WRONG, "label": _("Something is wrong")},
        ]


def _address(order: Order, channel: str) -> str:
    if channel == Channel.MAIL:
        return order.customer.mail if order.customer else ""
    return order.buyer if channel == Channel.CHAT else order.receiver_phone


@answered(Topic.CHECK)
def carry_out(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Note the customers' answers: each as the word on the order that the message spoke of.

    :raises OutdatedDocument: if an order was changed since its message was written
    """
    for message in sorted(messages, key=lambda each: each.subject_id):
        order = Order.objects.filter(pk=message.subject_id)
        list(order.select_for_update(no_key=True))  # what it says can't change until it is noted
        if editions([message.subject_id])[message.subject_id].digest != message.facts["digest"]:
            raise OutdatedDocument(
                _("The order was changed since this was written. We ask you once more.")
            )
        heard = Heard(message.channel, message_id=message.pk)
        if message.answer == RIGHT:
            confirm(order, by=by, now=now, words=message.words, heard=heard)
        else:
            words = message.words or _("Something is wrong")
            object_to(order, by=by, now=now, words=words, heard=heard)
