"""Sending messages: mail by a job, everything else by the colleague who says it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.types import JSONValue

from gendan.desk.leaving import EYES
from gendan.desk.mailing import mail_message
from gendan.desk.models import Channel, Message, MessageQuerySet, State
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused

SENT_FROM = (State.DRAFT, State.FAILED)


class CannotSend(Refused):
    """A message was sent already, or there is nobody to send it to."""


def send(messages: MessageQuerySet, *, by: Actor, now: datetime, why: str = "") -> MessageQuerySet:
    """Send mails; note of all others that the colleague has said, printed or faxed them.

    :raises CannotSend: if any of them was sent already, or has no mail address
    :raises Refused: if the room of the topic refuses it
    """
    with entry("message.sent", by=by, why=why):
        rows = list(messages.order_by("pk").select_for_update(no_key=True))
        for topic in sorted({row.topic for row in rows} & EYES.keys()):
            EYES[topic]([row for row in rows if row.topic == topic], by=by, now=now)
        return let_leave(messages, by=by, now=now, why=why)


def let_leave(
    messages: MessageQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> MessageQuerySet:
    """Send what the room of the topic sends itself, and has looked over.

    :raises CannotSend: if any of them was sent already, or has no mail address
    """
    with entry("message.sent", by=by, why=why):
        rows = list(messages.order_by("pk").select_for_update(no_key=True))
        _refuse(rows)
        person = by if isinstance(by, Person) else None
        mails = [row.pk for row in rows if row.channel == Channel.MAIL]
        said = [row.pk for row in rows if row.channel != Channel.MAIL]
        chosen = Message.objects.filter(pk__any=mails)
        chosen.update(state=State.SENDING, sent_by=person)
        jobs: list[dict[str, JSONValue]] = [{"message": pk} for pk in mails]
        mail_message.batch_defer(*jobs)
        Message.objects.filter(pk__any=said).update(state=State.SENT, sent_by=person, sent_at=now)
    return Message.objects.filter(pk__any=[row.pk for row in rows])


def _refuse(rows: Sequence[Message]) -> None:
    for row in rows:
        if row.state not in SENT_FROM:
            raise CannotSend(
                _("The message about %(number)s was sent or withdrawn already.")
                % {"number": row.number}
            )
        if row.channel == Channel.MAIL and "@" not in row.to:
            raise CannotSend(
                _("There is no mail address for %(number)s. Ask for it, or choose another way.")
                % {"number": row.number}
            )
