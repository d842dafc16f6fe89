"""Noting what customers said of their orders: on the document they got, or in so many words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from gendan.desk.models import Channel, Message
from gendan.journal.actors import Actor
from gendan.orders.models import Answer, Confirmation
from gendan.orders.queries.documents import editions
from gendan.people.models import Person
from gendan.ui.errors import Refused


class AlreadyAnswered(Refused):
    """The document was answered before, or replaced by a newer one."""


class OutdatedDocument(Refused):
    """The order was changed since the document was made."""


@dataclass(frozen=True)
class Heard:
    """How the customer's word came.

    `documents` are the confirmations (by id) they had before them; without any it is the order as
    it is now that they speak of. `messages` (ids) are what they answered, by the order's id.
    """

    channel: str = Channel.PHONE
    documents: Sequence[int] = ()
    messages: Mapping[int, int] = field(default_factory=dict)


ON_THE_PHONE = Heard()


def note_answers(
    ids: Sequence[int], answer: Answer, words: str, heard: Heard, *, by: Actor, now: datetime
) -> None:
    """Answer the documents of locked orders (by id); what was never sent is noted as told.

    :raises AlreadyAnswered: if one of the documents no longer waits for an answer
    :raises OutdatedDocument: if one of them says something else than its order
    """
    asked = Confirmation.objects.filter(order_id__any=list(ids), answer=Answer.WAITING)
    waiting = {each.pk: each for each in asked.order_by("pk").select_for_update(no_key=True)}
    now_said = editions(ids)
    current = {
        pk: each.order_id
        for pk, each in waiting.items()
        if each.digest in ("", now_said[each.order_id].digest)
    }
    _refuse(heard.documents, waiting, current)
    chosen = list(heard.documents) or list(current)
    Confirmation.objects.filter(pk__any=chosen).update(
        answer=answer, answered_at=now, words=words, message=_answered(heard)
    )
    answered = {current[pk] for pk in chosen}
    Confirmation.objects.bulk_create(
        Confirmation(
            order_id=pk,
            channel=heard.channel,
            digest=now_said[pk].digest,
            version=now_said[pk].version,
            made_at=now,
            made_by=by if isinstance(by, Person) else None,
            answer=answer,
            answered_at=now,
            words=words,
            message_id=heard.messages.get(pk),
        )
        for pk in ids
        if pk not in answered
    )


def agreed_to(ids: Sequence[int]) -> set[int]:
    """Return those of the orders (by id) that their customers agreed to as they are now."""
    agreed = Confirmation.objects.filter(order_id__any=list(ids), answer=Answer.CONFIRMED)
    return set(agreed.current().values_list("order_id", flat=True))


def _answered(heard: Heard) -> "QuerySet[Message, Any] | None":
    """Return the message that an order's customer answered, for use in an update of documents."""
    if not heard.messages:
        return None
    answered = Message.objects.filter(pk__any=[*heard.messages.values()])
    return answered.filter(subject_id=OuterRef("order_id")).values("pk")[:1]


def _refuse(documents: Iterable[int], waiting: Iterable[int], current: Iterable[int]) -> None:
    for pk in documents:
        if pk not in waiting:
            raise AlreadyAnswered(_("This document was answered already, or replaced."))
        if pk not in current:
            raise OutdatedDocument(
                _("The order was changed since this document was made. Ask for the new one.")
            )
