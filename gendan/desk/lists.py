"""The lists of the desk: scripts and messages."""

from typing import Any

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.desk.actions import send, switch_scripts
from gendan.desk.masking import masked_text
from gendan.desk.models import Channel, Message, Script, State, Topic
from gendan.journal.actors import Actor
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab
from gendan.ui.listing.switching import SWITCHED, faded, switches

TONES = {
    State.DRAFT: "warn",
    State.SENDING: "info",
    State.SENT: "info",
    State.FAILED: "bad",
    State.ANSWERED: "good",
    State.WITHDRAWN: "muted",
}


def _send(rows: Any, *, by: Actor, why: str, data: Any) -> str:
    number = send(
        Message.objects.filter(pk__in=rows.values("pk")), by=by, now=timezone.now()
    ).count()
    return ngettext("%(n)d message sent", "%(n)d messages sent", number) % {"n": number}


def shortened(row: Script | Message) -> str:
    """Return how a text begins, in one line and without mobile numbers."""
    return str(Truncator(masked_text(" ".join(row.text.split()))).chars(60))


SCRIPTS = Listing(
    name="scripts",
    title=_("Scripts"),
    lead=_("Words for each occasion; what stands in braces is filled with the order's own values."),
    rows=lambda person: Script.objects.all(),
    finder=Finder(
        Script,
        (
            Field("name", _("name")),
            Field("topic", _("topic"), "choice", choices=Topic.choices),
            Field("text", _("text")),
            Field("on", _("on"), "yesno", lookup="is_on"),
        ),
        quick=contains("name", "name_en", "code", "text"),
    ),
    columns=(
        Column("name", _("Name"), value="label", sort="name", mobile=1),
        Column(
            "topic", _("Topic"), value="get_topic_display", tone=lambda script: "info", sort="topic"
        ),
        Column("text", _("Text"), value=shortened),
        SWITCHED,
    ),
    sort="topic",
    tabs=(Tab("all", _("All")), *(Tab(t.value.lower(), t.label, Q(topic=t)) for t in Topic)),
    actions=switches(switch_scripts, "desk.scripts"),
    url=lambda script: reverse("script", args=[script.pk]),
    row_class=faded,
    links=(Link(_("New script"), reverse_lazy("script-new"), "desk.scripts"),),
    permission="desk.see",
    icon="chat",
    empty=Empty(_("No scripts"), _("Write what colleagues say again and again."), "chat"),
)

MESSAGES = Listing(
    name="messages",
    title=_("Messages to customers"),
    rows=lambda person: Message.objects.visible_to(person).select_related("shop", "sent_by"),
    finder=Finder(
        Message,
        (
            Field("number", _("number")),
            Field("topic", _("topic"), "choice", choices=Topic.choices),
            Field("channel", _("channel"), "choice", choices=Channel.choices),
            Field("state", _("state"), "choice", choices=State.choices),
            Field("text", _("text")),
            Field("answer", _("answer")),
            Field("sent_at", _("sent"), "instant"),
        ),
        quick=contains("number", "to", "text"),
    ),
    columns=(
        Column("number", _("About"), kind="code", mobile=1),
        Column("topic", _("Topic"), value="get_topic_display"),
        Column("channel", _("Channel"), value="get_channel_display"),
        Column(
            "state",
            _("State"),
            value="get_state_display",
            tone=lambda message: TONES[State(message.state)],
        ),
        Column("text", _("Text"), value=shortened, export=False),
        Column("chosen", _("Answer"), value="chosen"),
        Column("made_at", _("Written"), kind="instant", sort="id"),  # as they were written
        Column("sent_at", _("Sent"), kind="instant", sort="sent_at"),
    ),
    sort="-made_at",
    tabs=(
        Tab("draft", _("To send"), Q(state=State.DRAFT)),
        Tab("waiting", _("Waits for an answer"), Q(state=State.SENT) & ~Q(choices=[])),
        Tab("failed", _("Not sent"), Q(state=State.FAILED)),
        Tab("answered", _("Answered"), Q(state=State.ANSWERED)),
        Tab("all", _("All")),
    ),
    actions=(BatchAction("send", _("Send"), "desk.write", _send, icon="mail"),),
    url=lambda message: reverse("message", args=[message.pk]),
    permission="desk.see",
    icon="mail",
    empty=Empty(
        _("No messages"),
        _("They are written where something happens: short goods, a payment, another date."),
        "mail",
    ),
)
