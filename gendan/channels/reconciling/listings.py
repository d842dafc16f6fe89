"""The differences of a day, with what both sides say."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from gendan.channels.models import Against, Difference, DifferenceKind, DifferenceState
from gendan.channels.models.reconciling import DifferenceQuerySet
from gendan.channels.publishing.listings import shops
from gendan.channels.reconciling.actions import reopen, settle
from gendan.channels.reconciling.queries import differences
from gendan.delivery.models import WriteBackState
from gendan.journal.actors import Actor
from gendan.orders.stages import PlatformState
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.wording import yuan
from gendan.warehouse.stages import Stage

Data = Mapping[str, Any]
TONES = {DifferenceState.OPEN: "bad", DifferenceState.GONE: "good", DifferenceState.SETTLED: "info"}
WORDS = {
    DifferenceKind.TOLD_LATE: WriteBackState,
    DifferenceKind.LISTED_ONLY: Stage,
    DifferenceKind.STATE: PlatformState,
    DifferenceKind.THERE_ONLY: PlatformState,
    DifferenceKind.HERE_ONLY: PlatformState,
}


def told(kind: str, said: str) -> str:
    """Return what one side says, as people read it: amounts in yuan, states in words."""
    if not said:
        return "—"
    if kind == DifferenceKind.AMOUNT:
        return yuan(int(said))
    code, _space, rest = said.partition(" ")
    labels = dict(WORDS[DifferenceKind(kind)].choices) if DifferenceKind(kind) in WORDS else {}
    if code not in labels:
        return said
    return f"{labels[code]} {yuan(int(rest))}" if rest.isdigit() else str(labels[code])


def _kind(kind: str) -> str:
    return str(DifferenceKind(kind).label)


def _state(state: str) -> str:
    return str(DifferenceState(state).label)


def settle_chosen(rows: DifferenceQuerySet, *, by: Actor, why: str, data: Data) -> str:
    """Say why these may stay as they are."""
    number = settle(rows, by=by, now=timezone.now(), why=why).count()
    return ngettext("%(n)d difference settled", "%(n)d differences settled", number) % {"n": number}


def reopen_chosen(rows: DifferenceQuerySet, *, by: Actor, why: str, data: Data) -> str:
    """Let these wait again."""
    number = reopen(rows, by=by, now=timezone.now(), why=why).count()
    return ngettext("%(n)d difference waits again", "%(n)d differences wait again", number) % {
        "n": number
    }


def page_of(difference: Any) -> str:
    """Return where a difference leads: to its parcel, else to its order."""
    if difference.shipment:
        return reverse("shipment", args=[difference.shipment.number])
    if difference.order:
        return reverse("order", args=[difference.order.number])
    return ""


DIFFERENCES = Listing(
    name="differences",
    title=_("Reconcile"),
    lead=_(
        "What left, against what was ordered, told to the platforms and given to the carriers. Each"
        " evening by itself; drop the platforms' and carriers' files for the other half."
    ),
    rows=differences,
    finder=Finder(
        Difference,
        (
            Field("kind", _("kind"), "choice", choices=DifferenceKind.choices),
            Field("against", _("compared with"), "choice", choices=Against.choices),
            Field("state", _("state"), "choice", choices=DifferenceState.choices),
            Field("key", _("key")),
            Field("waybill", _("waybill"), aliases=("快递单号",)),
            Field("order", _("order number"), lookup="order__number"),
            Field("platform_order", _("platform order"), lookup="order__platform_order"),
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=shops),
            Field("found", _("noticed"), "instant", lookup="found_at"),
        ),
        quick=lambda text: (
            Q(key__istartswith=text)
            | Q(waybill__iexact=text)
            | Q(order__number__iexact=text)
            | Q(order__platform_order=text)
        ),
    ),
    columns=(
        Column("kind", _("What differs"), value=Of(_kind, "kind"), sort="kind", mobile=1),
        Column("key", _("About"), kind="code", note="waybill", sort="key"),
        Column("ours", _("Ours"), value=Of(told, "kind", "ours")),
        Column("theirs", _("Theirs"), value=Of(told, "kind", "theirs")),
        Column(
            "state",
            _("State"),
            value=Of(_state, "state"),
            tone=lambda row: TONES[DifferenceState(row.state)],
            note="why",
        ),
        Column("order", _("Order number"), value="order.number", kind="code", mobile=3),
        Column("shop", _("Shop"), value="shop.name", mobile=3),
        Column("warehouse", _("Warehouse"), value="warehouse.name", mobile=3, visible=False),
        Column("found_at", _("Noticed"), kind="instant", sort="found_at", mobile=3),
    ),
    sort="kind",
    tabs=(
        Tab("open", pgettext_lazy("a difference", "Open"), Q(state=DifferenceState.OPEN)),
        Tab("settled", pgettext_lazy("a difference", "Settled"), Q(state=DifferenceState.SETTLED)),
        Tab("gone", _("Gone by itself"), Q(state=DifferenceState.GONE)),
        Tab("all", _("All")),
    ),
    actions=(
        BatchAction(
            "settle",
            _("Settle with a reason"),
            "delivery.reconcile",
            settle_chosen,
            needs_why=True,
            tone="primary",
            icon="check",
        ),
        BatchAction("reopen", _("Open again"), "delivery.reconcile", reopen_chosen, icon="undo"),
    ),
    url=page_of,
    permission="delivery.reconcile",
    may_export="delivery.reconcile",
    placeholder=_("Order, waybill or shipment"),
    icon="scale",
    empty=Empty(
        _("Nothing differs"),
        _("All that was compared agrees. Drop a platform's or carrier's file to compare more."),
        "check",
    ),
)


def of_day(day: date) -> Listing:
    """Return the list of one day."""
    return replace(DIFFERENCES, rows=lambda person: differences(person).filter(on=day))
