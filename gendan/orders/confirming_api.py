"""Checking orders, sending them back and answering questions, over the API."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.desk.models import Channel
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.ask import NewQuestion, Reply, ask, reply
from gendan.orders.actions.check import NewMark, check, mark
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.answering import Heard
from gendan.orders.api import Brief, Chosen
from gendan.orders.checking import progress_of
from gendan.orders.confirmed import CONFIRMATIONS
from gendan.orders.models import CheckItem, Confirmation, Order, OrderQuerySet, Question
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked
from gendan.ui.wording import masked_address, masked_name, masked_phone

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Now(TypedDict):
    """What the list asks for along with each document."""

    now_said: str  # the digest of its order


router = Router(tags=["confirmations"])
MASKS = {"RECEIVER": masked_name, "PHONE": masked_phone, "ADDRESS": masked_address}


class ConfirmationOut(Schema):
    id: int
    order: str
    channel: str
    version: int
    is_current: bool = Field(description="Whether the order still says what the document says.")
    sent_at: datetime | None
    answer: str
    answered_at: datetime | None
    words: str


class SendIn(Chosen):
    channel: Channel = Field(Channel.MAIL, description="MAIL, CHAT (a link), PRINT or FAX.")
    to: dict[str, str] = Field(
        default_factory=dict, description="Mail address or fax number, by the order's number."
    )


class ItemOut(Schema):
    item: str
    content: str = Field(description="Receiver, phone and address are masked.")
    say: str
    mark: str
    words: str


class CheckOut(Schema):
    order: str
    round: int = Field(description="The check that is due; 0: none.")
    rounds: int
    items: list[ItemOut]


class MarkIn(Schema):
    order: str
    item: str = Field(description="The item's code.")
    is_right: bool = True
    words: str = Field("", max_length=500)


class MarksIn(Schema):
    marks: list[MarkIn] = Field(min_length=1, max_length=5_000)
    why: str = ""


class AgreedIn(Chosen):
    channel: Channel = Field(Channel.PHONE, description="By what the customers answered.")
    words: str = Field("", max_length=1000)


class QuestionIn(Schema):
    order: str
    words: str = Field(max_length=1000)
    channel: Channel = Channel.PHONE


class QuestionOut(Schema):
    id: int
    order: str
    words: str
    asked_at: datetime
    answered_at: datetime | None


class ReplyIn(Schema):
    question: int
    text: str
    channel: Channel = Channel.MAIL
    to: str = Field("", max_length=254)


@router.get("", response=Page[ConfirmationOut], summary="Find documents that were sent")
@needs("orders.see")
def list_confirmations(request: HttpRequest, asked: Asked) -> Any:
    """Return documents that a search finds, the newest first."""
    rows = CONFIRMATIONS.rows(key_of(request))
    return page(rows, asked, CONFIRMATIONS.finder, _told)


@router.post("/send", response=list[Brief], summary="Send orders back to be confirmed")
@needs("orders.confirm")
def send(request: HttpRequest, wanted: SendIn) -> Any:
    orders = _chosen(request, wanted.numbers)
    ids = dict(orders.values_list("number", "pk"))
    to = {ids[number]: where for number, where in wanted.to.items() if number in ids}
    way = Way(wanted.channel, to)
    by, now = key_of(request), timezone.now()
    return send_confirmation(orders, by=by, now=now, why=wanted.why, way=way)


@router.post("/checks", response=list[CheckOut], summary="What is to be checked of orders")
@needs("orders.confirm")
def checks(request: HttpRequest, chosen: Chosen) -> Any:
    in_full = key_of(request).may("customers.unmask")
    told = progress_of(_chosen(request, chosen.numbers))
    return [_progress(one, in_full) for one in told.values()]


@router.post("/checks/mark", response=list[Brief], summary="Tick items, or note what is wrong")
@needs("orders.confirm")
def mark_items(request: HttpRequest, wanted: MarksIn) -> Any:
    ids = dict(
        _chosen(request, sorted({one.order for one in wanted.marks})).values_list("number", "pk")
    )
    items = dict(CheckItem.objects.values_list("code", "pk"))
    marks = [
        NewMark(ids[one.order], items.get(one.item, 0), one.is_right, one.words)
        for one in wanted.marks
    ]
    return mark(marks, by=key_of(request), now=timezone.now(), why=wanted.why)


@router.post("/checks/finish", response=list[Brief], summary="All is ticked; the customers agree")
@needs("orders.confirm")
def finish(request: HttpRequest, agreed: AgreedIn) -> Any:
    return check(
        _chosen(request, agreed.numbers),
        by=key_of(request),
        now=timezone.now(),
        why=agreed.why,
        words=agreed.words,
        heard=Heard(agreed.channel),
    )


@router.post("/questions", response=list[QuestionOut], summary="Note what customers ask")
@needs("orders.confirm")
def ask_questions(request: HttpRequest, questions: list[QuestionIn]) -> Any:
    orders = _chosen(request, sorted({one.order for one in questions}))
    ids = dict(orders.values_list("number", "pk"))
    news = [NewQuestion(ids[one.order], one.words, one.channel) for one in questions]
    made = ask(news, by=key_of(request), now=timezone.now())
    return [_question(one) for one in made.select_related("order")]


@router.post("/questions/reply", response=list[QuestionOut], summary="Answer questions")
@needs("desk.write")
def reply_to(request: HttpRequest, replies: list[ReplyIn]) -> Any:
    seen = Question.objects.visible_to(key_of(request))
    all_of(seen, "pk", [one.question for one in replies])
    answers = [Reply(one.question, one.text, one.channel, one.to) for one in replies]
    answered = reply(answers, by=key_of(request), now=timezone.now())
    return [_question(one) for one in answered.select_related("order")]


def _chosen(request: HttpRequest, numbers: list[str]) -> OrderQuerySet:
    found: OrderQuerySet = all_of(Order.objects.visible_to(key_of(request)), "number", numbers)
    return found


def _told(row: "WithAnnotations[Confirmation, Now]") -> dict[str, Any]:
    names = ("id", "channel", "version", "sent_at", "answer", "answered_at", "words")
    return {
        **{name: getattr(row, name) for name in names},
        "order": row.order.number,
        "is_current": row.digest in ("", row.now_said),
    }


def _question(row: Question) -> dict[str, Any]:
    names = ("id", "words", "asked_at", "answered_at")
    return {**{name: getattr(row, name) for name in names}, "order": row.order.number}


def _progress(one: Any, in_full: bool) -> dict[str, Any]:
    return {
        "order": one.order.number,
        "round": one.round,
        "rounds": one.rounds,
        "items": [_item(each, in_full) for each in one.items],
    }


def _item(each: Any, in_full: bool) -> dict[str, str]:
    mask = None if in_full else MASKS.get(each.item.code)
    return {
        "item": each.item.code,
        "content": mask(each.content) if mask else each.content,
        "say": each.item.say if mask else each.say,
        "mark": each.mark,
        "words": each.tick.words if each.tick and each.mark else "",
    }
