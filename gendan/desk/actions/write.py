"""Writing messages: they wait until somebody sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gendan.desk.models import Message, MessageQuerySet, State
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused


class NotADraft(Refused):
    """The message has been sent or withdrawn."""


@dataclass(frozen=True)
class NewMessage:
    """What is to be said; `choices` are what the customer may answer: code and label of each."""

    topic: str
    channel: str
    subject: str
    subject_id: int
    number: str
    shop_id: int
    text: str
    title: str = ""
    to: str = ""
    customer_id: int | None = None
    script_id: int | None = None
    choices: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    closes_at: datetime | None = None


def write(
    news: Sequence[NewMessage], *, by: Actor, now: datetime, why: str = ""
) -> MessageQuerySet:
    """Write messages down; nothing is sent yet."""
    if not news:
        return Message.objects.none()
    with entry("message.written", by=by, why=why, count=len(news)):
        made = Message.objects.bulk_create(
            Message(**{**vars(new), "choices": [*new.choices], "facts": {**new.facts}}, made_at=now)
            for new in news
        )
    return Message.objects.filter(pk__any=[message.pk for message in made])


def rewrite(message: Message, text: str, *, to: str, by: Actor, why: str = "") -> Message:
    """Change what a message that was not sent yet says, and to whom.

    :raises NotADraft: if it was
    """
    with entry("message.rewritten", by=by, why=why):
        drafts = Message.objects.filter(pk=message.pk, state__in=(State.DRAFT, State.FAILED))
        if not drafts.update(text=text, to=to):
            raise NotADraft(_("The message was sent meanwhile. Write another one."))
        message.refresh_from_db()
    return message
