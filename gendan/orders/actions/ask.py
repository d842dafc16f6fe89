"""Questions that come back about orders, and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.desk.actions import NewMessage, send, write
from gendan.desk.filling import fill
from gendan.desk.models import Channel, MessageQuerySet, Topic
from gendan.desk.scripts import script_for
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, Question, QuestionQuerySet
from gendan.orders.telling import message_about, values_of
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

REASON = "QUESTION"


class NothingAsked(Refused):
    """A question, or an answer, without words."""


class AlreadyReplied(Refused):
    """Somebody has answered the question meanwhile."""


@dataclass(frozen=True)
class NewQuestion:
    """What a customer asks, and where: on the page of a document, or otherwise."""

    order_id: int
    words: str
    channel: str = Channel.PHONE
    confirmation_id: int | None = None


@dataclass(frozen=True)
class Reply:
    """What we answer, and how it reaches them: mail needs an address."""

    question_id: int
    text: str
    channel: str = Channel.MAIL
    to: str = ""


def ask(
    questions: Sequence[NewQuestion], *, by: Actor, now: datetime, why: str = ""
) -> QuestionQuerySet:
    """Keep what customers ask; a service agent must answer within minutes.

    :raises NothingAsked: if one has no words
    """
    if not all(each.words.strip() for each in questions):
        raise NothingAsked(_("Write what you would like to know."))
    with entry("order.asked", by=by, why=why, count=len(questions)):
        made = Question.objects.bulk_create(
            Question(
                order_id=each.order_id,
                confirmation_id=each.confirmation_id,
                channel=each.channel,
                words=each.words.strip(),
                asked_at=now,
            )
            for each in questions
        )
        rows = Order.objects.numbered({each.order_id for each in made}).only("number", "shop")
        orders = {order.pk: order for order in rows}
        open_items([_item(each, orders[each.order_id]) for each in made], by=by, now=now)
    return Question.objects.filter(pk__any=[each.pk for each in made])


def reply(replies: Sequence[Reply], *, by: Actor, now: datetime, why: str = "") -> QuestionQuerySet:
    """Answer questions: the answers are sent, and nobody waits for them any more.

    :raises NothingAsked: if an answer has no words
    :raises AlreadyReplied: if any of them was answered meanwhile
    :raises CannotSend: if an answer by mail has no address
    """
    if not all(each.text.strip() for each in replies):
        raise NothingAsked(_("Write an answer."))
    ids = sorted(each.question_id for each in replies)
    with entry("order.replied", by=by, why=why, count=len(ids)):
        rows = Question.objects.filter(pk__any=ids).select_related("order").order_by("pk")
        asked = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
        if any(row.answered_at for row in asked.values()) or len(asked) != len(ids):
            raise AlreadyReplied(_("A colleague has answered this question meanwhile."))
        said = write([_message(each, asked[each.question_id]) for each in replies], by=by, now=now)
        send(said, by=by, now=now)
        _close(asked, said, by, now)
    return Question.objects.filter(pk__any=ids)


def draft_of(question: Question, *, by: Actor) -> str:
    """Return what could be answered, from the script for questions."""
    script = script_for(Topic.SEND_BACK, REASON, by=by)
    values = dict(values_of([question.order])[question.order_id])
    return fill(script.text, {"question": question.words, "问题": question.words, **values})


def _item(question: Question, order: Order) -> NewItem:
    facts = {"number": order.number, "words": question.words}
    detail = question.words[:120]
    return NewItem(Kind.QUESTION, "order", order.pk, detail, facts=facts, shop_id=order.shop_id)


def _message(each: Reply, question: Question) -> NewMessage:
    facts = {"question": question.pk}
    said = each.text.strip()
    return message_about(
        question.order, Topic.SEND_BACK, each.channel, said, to=each.to, facts=facts
    )


def _close(asked: dict[int, Question], said: MessageQuerySet, by: Actor, now: datetime) -> None:
    messages = {message.facts["question"]: message.pk for message in said}
    for pk, question in asked.items():
        question.answer_id, question.answered_at = messages[pk], now
    Question.objects.bulk_update(asked.values(), ["answer", "answered_at"])
    orders = {question.order_id for question in asked.values()}
    still = Question.objects.open().filter(order_id__any=list(orders))
    done = orders - set(still.values_list("order_id", flat=True))
    close_items([Kind.QUESTION], "order", done, by=by, now=now, why=_("Answered"))
