"""The list of documents that were sent to customers (回传单), and how each is shown."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.desk.models import Channel
from gendan.journal.actors import Actor
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.models import Answer, Confirmation, Order, Question, Said
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.wording import masked_name

OUTDATED = _("Outdated")
ON_ITS_WAY = _("On its way")
TONES = {
    Answer.WAITING: "info",
    Answer.CONFIRMED: "good",
    Answer.OBJECTED: "bad",
    Answer.REPLACED: "muted",
}
ASKED = Exists(Question.objects.open().filter(confirmation=OuterRef("pk")))
CHANGED = ~Q(digest="") & ~Q(digest=Said("order_id"))
WAITS = Q(answer=Answer.WAITING)


def shown_as(asked: Confirmation, digest: str) -> tuple[str | Promise, str]:
    """Return how far a document is, in a word, and the tone of it; `digest`: the order's now."""
    if asked.answer == Answer.WAITING and asked.digest not in ("", digest):
        return OUTDATED, "warn"
    if asked.answer == Answer.WAITING and not asked.sent_at:
        return ON_ITS_WAY, "info"
    return asked.get_answer_display(), TONES[Answer(asked.answer)]


def _rows(person: Any) -> "QuerySet[Confirmation]":
    rows = Confirmation.objects.visible_to(person).exclude(sheet=None)
    return rows.select_related("order__shop", "made_by").annotate(now_said=Said("order_id"))


def _send_anew(rows: Any, *, by: Actor, why: str, data: Any) -> str:
    orders = Order.objects.filter(pk__in=list(rows.values_list("order_id", flat=True)))
    way = Way(Channel.MAIL, {row.order_id: row.mail for row in rows.filter(channel=Channel.MAIL)})
    number = send_confirmation(orders, by=by, now=timezone.now(), why=why, way=way).count()
    sentence = ngettext("%(n)d document sent", "%(n)d documents sent", number)
    return sentence % {"n": number}


CONFIRMATIONS = Listing(
    name="confirmations",
    title=_("Orders sent back"),
    lead=_("Documents that customers check and confirm; each says which version of its order."),
    rows=_rows,
    finder=Finder(
        Confirmation,
        (
            Field("number", _("order number"), lookup="order__number"),
            Field("channel", _("channel"), "choice", choices=Channel.choices),
            Field("answer", _("answer"), "choice", choices=Answer.choices),
            Field("sent_at", _("sent"), "instant"),
            Field("answered_at", _("answered"), "instant"),
            Field("words", _("the customer's words")),
            Field("version", _("version"), "number"),
            Field("made_by", _("made by"), lookup="made_by__name"),
        ),
        quick=contains("order__number", "order__platform_order", "mail", "words"),
    ),
    columns=(
        Column("number", _("Order number"), value="order.number", kind="code", mobile=1),
        Column("shop", _("Shop"), value="order.shop.name"),
        Column("receiver", _("Receiver"), value=Of(masked_name, "order.receiver_name")),
        Column(
            "answer",
            _("Answer"),
            value=lambda row: shown_as(row, row.now_said)[0],
            tone=lambda row: shown_as(row, row.now_said)[1],
            note="words",
            export=False,
        ),
        Column("version", _("Version"), kind="number", mobile=3),
        Column("channel", _("Channel"), value="get_channel_display"),
        Column("sent_at", _("Sent"), kind="instant", sort="sent_at"),
        Column("answered_at", _("Answered"), kind="instant", sort="answered_at"),
        Column("made_by", _("Made by"), value="made_by.name", mobile=3),
    ),
    sort="-sent_at",
    tabs=(
        Tab("waiting", _("Waits for an answer"), WAITS & ~CHANGED),
        Tab("confirmed", _("Confirmed"), Q(answer=Answer.CONFIRMED)),
        Tab("objected", _("Something is wrong"), Q(answer=Answer.OBJECTED)),
        Tab("questions", _("Questions"), Q(ASKED)),
        Tab("outdated", _("Outdated"), WAITS & CHANGED),
        Tab("all", _("All")),
    ),
    actions=(
        BatchAction(
            "anew", _("Send the newest version"), "orders.confirm", _send_anew, icon="mail"
        ),
    ),
    url=lambda row: reverse("order-document", args=[row.order.number]),
    permission="orders.see",
    icon="mail",
    empty=Empty(
        _("Nothing was sent back yet"),
        _("Open an order that waits for its customer's word, and send its document."),
        "mail",
    ),
)
