"""Messages to customers over the API: reading, sending, answering, taking back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.desk import actions
from gendan.desk.lists import MESSAGES
from gendan.desk.masking import masked_text, masked_to
from gendan.desk.models import Message, MessageQuerySet
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked

router = Router(tags=["messages"])


class MessageOut(Schema):
    id: int
    topic: str
    channel: str
    state: str
    subject: str
    number: str
    to: str = Field(description="Masked, unless the key may customers.unmask; so is the text.")
    text: str
    choices: list[dict[str, Any]]
    answer: str
    words: str
    sent_at: datetime | None
    answered_at: datetime | None
    closes_at: datetime | None


class ChosenMessages(Schema):
    """A set of messages, and why."""

    ids: list[int] = Field(min_length=1, max_length=1_000)
    why: str = ""


class AnswerIn(ChosenMessages):
    code: str = Field(description="The code of the choice.")
    words: str = Field("", max_length=1000)


class StateOut(Schema):
    id: int
    state: str


@router.get("", response=Page[MessageOut], summary="Find messages")
@needs("desk.see")
def list_messages(request: HttpRequest, asked: Asked) -> Any:
    """Return messages that a search finds, the newest first."""
    in_full = key_of(request).may("customers.unmask")
    return page(_seen(request), asked, MESSAGES.finder, lambda message: _told(message, in_full))


@router.post("/send", response=list[StateOut], summary="Send messages")
@needs("desk.write")
def send(request: HttpRequest, chosen: ChosenMessages) -> Any:
    """Mails go out by a job; of all others it is noted that they were said."""
    rows = _chosen(request, chosen.ids)
    return actions.send(rows, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/answer", response=list[StateOut], summary="The customers chose")
@needs("desk.write")
def answer(request: HttpRequest, chosen: AnswerIn) -> Any:
    """Note the answer; it is carried out at once."""
    return actions.answer(
        _chosen(request, chosen.ids),
        chosen.code,
        by=key_of(request),
        now=timezone.now(),
        words=chosen.words,
        why=chosen.why,
    )


@router.post("/withdraw", response=list[StateOut], summary="Take messages back; `why` is required")
@needs("desk.write")
def withdraw(request: HttpRequest, chosen: ChosenMessages) -> Any:
    rows = _chosen(request, chosen.ids)
    actions.withdraw(rows, by=key_of(request), why=chosen.why)
    return Message.objects.filter(pk__any=chosen.ids)


def _seen(request: HttpRequest) -> MessageQuerySet:
    found: MessageQuerySet = Message.objects.visible_to(key_of(request))
    return found


def _chosen(request: HttpRequest, ids: list[int]) -> MessageQuerySet:
    found: MessageQuerySet = all_of(_seen(request), "pk", ids)
    return found


def _told(message: Message, in_full: bool) -> dict[str, Any]:
    fields = MessageOut.model_fields
    told = {name: getattr(message, name) for name in fields if name not in ("to", "text")}
    to = message.to if in_full else masked_to(message.to)
    return {**told, "to": to, "text": message.text if in_full else masked_text(message.text)}
