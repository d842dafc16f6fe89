"""Asking customers in writing whether their orders are right, and carrying out what they say."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gendan.desk.actions import write
from gendan.desk.answers import answered
from gendan.desk.filling import fill
from gendan.desk.models import Message, MessageQuerySet, Topic
from gendan.desk.scripts import script_for
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.confirm import confirm, object_to
from gendan.orders.answering import Heard, OutdatedDocument
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.queries.documents import editions
from gendan.orders.telling import message_about, values_of

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
                message_about(
                    order,
                    Topic.CHECK,
                    channel,
                    fill(script.text, values[order.pk]),
                    script_id=script.pk,
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


@answered(Topic.CHECK)
def carry_out(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Note the customers' answers: each as the word on the order that its message spoke of.

    :raises OutdatedDocument: if an order was changed since its message was written
    """
    ids = sorted({message.subject_id for message in messages})
    locked = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))  # what they say can't change until it is noted
    said = editions(ids)
    if any(said[one.subject_id].digest != one.facts["digest"] for one in messages):
        raise OutdatedDocument(
            _("The order was changed since this was written. We ask you once more.")
        )
    for group in _alike(messages):
        _note(group, by, now)


def _alike(messages: Sequence[Message]) -> Iterable[list[Message]]:
    """Group what was answered in the same way: a handful of groups, however many messages."""
    groups: dict[tuple[str, str, str], list[Message]] = {}
    for message in messages:
        groups.setdefault((message.channel, message.answer, message.words), []).append(message)
    return groups.values()


def _note(messages: Sequence[Message], by: Actor, now: datetime) -> None:
    first, answered = messages[0], {message.subject_id: message.pk for message in messages}
    orders, heard = Order.objects.numbered(answered), Heard(first.channel, messages=answered)
    if first.answer == RIGHT:
        confirm(orders, by=by, now=now, words=first.words, heard=heard)
    else:
        words = first.words or _("Something is wrong")
        object_to(orders, by=by, now=now, words=words, heard=heard)
