"""What customers answer, and taking a question back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.desk.answers import HANDS
from gendan.desk.models import Message, MessageQuerySet, State
from gendan.desk.subjects import lock_subjects
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused

OVER = (State.ANSWERED, State.WITHDRAWN)


class AlreadyAnswered(Refused):
    """The question was answered or taken back before, or its time is over."""


class NotOffered(Refused):
    """Such an answer was not among the choices."""


def answer(
    messages: MessageQuerySet,
    code: str,
    *,
    by: Actor,
    now: datetime,
    words: str = "",
    why: str = "",
) -> MessageQuerySet:
    """Note what the customers chose, and carry it out at once.

    :raises AlreadyAnswered: if any of them is not (or no longer) asked
    :raises NotOffered: if it was not among the choices of any of them
    """
    with entry("message.answered", by=by, why=why or words):
        lock_subjects(messages)
        rows = list(messages.order_by("pk").select_for_update(no_key=True))
        _refuse(rows, code, now)
        chosen = Message.objects.filter(pk__any=[row.pk for row in rows])
        chosen.update(state=State.ANSWERED, answer=code, words=words, answered_at=now)
        for row in rows:
            row.state, row.answer, row.words, row.answered_at = State.ANSWERED, code, words, now
        _carry_out(rows, by, now)
    return chosen


def withdraw(messages: MessageQuerySet, *, by: Actor, why: str) -> int:
    """Take back what was not answered yet: the question is settled otherwise; return how many."""
    with entry("message.withdrawn", by=by, why=why):
        rows = messages.exclude(state__in=OVER).order_by("pk").select_for_update(no_key=True)
        ids = list(rows.values_list("pk", flat=True))
        return Message.objects.filter(pk__any=ids).update(state=State.WITHDRAWN)


def _refuse(rows: Sequence[Message], code: str, now: datetime) -> None:
    for row in rows:
        if not row.is_asked(now):
            raise AlreadyAnswered(_("This question is answered or over. Call us, please."))
        if code not in [choice["code"] for choice in row.choices]:
            raise NotOffered(_("Choose one of the answers."))


def _carry_out(rows: Sequence[Message], by: Actor, now: datetime) -> None:
    for topic in _topics(rows):
        if hand := HANDS.get(topic):
            hand([row for row in rows if row.topic == topic], by=by, now=now)


def _topics(rows: Iterable[Message]) -> list[str]:
    return sorted({row.topic for row in rows})
