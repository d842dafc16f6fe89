"""The list of mistakes."""

from typing import Any

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gendan.insight.actions import attribute, close, dismiss
from gendan.insight.mistake_forms import CauseForm, DoneForm, verdict_of
from gendan.insight.models import (
    Because,
    FoundAt,
    Mistake,
    MistakeQuerySet,
    MistakeSource,
    MistakeState,
    What,
)
from gendan.people.access import Worker
from gendan.people.permissions import Role
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Of, Tab

STATE_TONES = {
    MistakeState.PROPOSED: "warn",
    MistakeState.OPEN: "info",
    MistakeState.CLOSED: "good",
    MistakeState.DISMISSED: "muted",
}


def _dismiss(rows: MistakeQuerySet, *, by: Any, why: str, data: Any) -> str:
    number = rows.count()
    chosen = Mistake.objects.filter(pk__in=rows.values("pk"))
    dismiss(chosen, by=by, now=timezone.now(), why=why)
    return ngettext("%(n)d was no mistake.", "%(n)d were no mistakes.", number) % {"n": number}


def _attribute(rows: MistakeQuerySet, *, by: Any, why: str, data: Any) -> str:
    chosen = Mistake.objects.filter(pk__in=rows.values("pk"))
    number = len(attribute(chosen, verdict_of(data), by=by, now=timezone.now(), why=why))
    return ngettext(
        "%(n)d mistake has a cause and an owner now.",
        "%(n)d mistakes have a cause and an owner now.",
        number,
    ) % {"n": number}


def _close(rows: MistakeQuerySet, *, by: Any, why: str, data: Any) -> str:
    chosen = Mistake.objects.filter(pk__in=rows.values("pk"))
    number = len(close(chosen, data["done"], by=by, now=timezone.now(), why=why))
    return ngettext("%(n)d mistake is dealt with.", "%(n)d mistakes are dealt with.", number) % {
        "n": number
    }


def _guess(is_estimate: bool) -> str:
    return gettext("estimated") if is_estimate else ""


def _whose(name: str | None, team: str) -> str:
    return " · ".join(filter(None, [name, str(Role(team).label) if team else ""]))


def _mine(person: Worker) -> Q:
    return Q(owner=person.pk, state=MistakeState.OPEN)


mistake_finder = Finder(
    Mistake,
    (
        Field("order", _("order number"), lookup="order__number"),
        Field("what", _("what went wrong"), "choice", choices=What.choices),
        Field("because", _("cause"), "choice", choices=Because.choices),
        Field("team", _("team"), "choice", choices=Role.choices),
        Field("owner", _("owner"), lookup="owner__name"),
        Field("state", _("state"), "choice", choices=MistakeState.choices),
        Field("where", _("found where"), "choice", choices=FoundAt.choices),
        Field("source", _("told by"), "choice", choices=MistakeSource.choices),
        Field("cost", _("cost"), "money", lookup="cost_fen"),
        Field("estimated", _("estimated"), "yesno", lookup="is_estimate"),
        Field("found_at", _("found"), "instant"),
        Field("done", _("what was done")),
    ),
    quick=contains("order__number", "words", "done", "owner__name"),
)
MISTAKES = Listing(
    name="mistakes",
    title=_("Mistakes"),
    lead=_("What went wrong with orders, why, whose it was, what it cost and what was done."),
    rows=lambda person: Mistake.objects.visible_to(person).select_related("order", "owner"),
    finder=mistake_finder,
    columns=(
        Column("order", _("Order"), "order.number", kind="code", mobile=1),
        Column("what", _("What went wrong"), "get_what_display", sort="what"),
        Column(
            "state",
            _("State"),
            "get_state_display",
            tone=lambda row: STATE_TONES[MistakeState(row.state)],
            sort="state",
        ),
        Column("because", _("Cause"), "get_because_display"),
        Column("whose", _("Owner"), Of(_whose, "owner.name", "team")),
        Column(
            "cost",
            _("Cost"),
            "cost_fen",
            kind="money",
            sort="cost_fen",
            note=Of(_guess, "is_estimate"),
        ),
        Column("found_at", _("Found"), kind="instant", sort="found_at", note="get_where_display"),
        Column("source", _("Told by"), "get_source_display"),
        Column("words", _("What happened"), visible=False),
        Column("done", _("What was done")),
    ),
    sort="-found_at",
    tabs=(
        Tab("proposed", _("Want a cause and an owner"), Q(state=MistakeState.PROPOSED)),
        Tab("open", _("To be dealt with"), Q(state=MistakeState.OPEN)),
        Tab("mine", _("Mine"), _mine),
        Tab("closed", _("Dealt with"), Q(state=MistakeState.CLOSED)),
        Tab("all", _("All")),
    ),
    actions=(
        BatchAction(
            "attribute",
            _("Give a cause and an owner"),
            "insight.mistakes",
            _attribute,
            form=CauseForm,
            tone="primary",
            icon="person",
        ),
        BatchAction(
            "close", _("Dealt with"), "insight.mistakes", _close, form=DoneForm, icon="check"
        ),
        BatchAction(
            "dismiss",
            _("Was no mistake"),
            "insight.mistakes",
            _dismiss,
            needs_why=True,
            icon="cross",
        ),
    ),
    url=lambda row: reverse("mistake", args=[row.pk]),
    row_class=lambda row: "is-done" if row.closed_at else "",
    links=(
        Link(
            _("Mistakes of the month"),
            reverse_lazy("mistakes-month"),
            "insight.mistakes",
            "chart",
            is_act=False,
        ),
    ),
    permission="insight.mistakes",
    may_export="insight.mistakes",
    icon="alert",
    empty=Empty(
        _("No mistakes here"),
        _("Record one on an order's page; late, refused and recalled parcels come by themselves."),
        "alert",
    ),
)
