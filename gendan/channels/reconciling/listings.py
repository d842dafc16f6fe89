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

from gendan.channels.models import Against, Charge, Difference, DifferenceKind, DifferenceState
from gendan.channels.models.reconciling import DifferenceQuerySet
from gendan.channels.publishing.listings import shops
from gendan.channels.reconciling.actions import reopen, settle
from gendan.channels.reconciling.charges import OVER, UNDER, charges
from gendan.channels.reconciling.queries import differences
from gendan.channels.reconciling.saying import region, told
from gendan.journal.actors import Actor
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.wording import in_own_words
from gendan.warehouse.models import Carrier

Data = Mapping[str, Any]
TONES = {DifferenceState.OPEN: "bad", DifferenceState.GONE: "good", DifferenceState.SETTLED: "info"}


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


def carriers() -> Any:
    """Return the carriers as choices of a field."""
    return Carrier.objects.order_by("rank", "code").values_list("code", "name")


CHARGES = Listing(
    name="charges",
    title=_("Carriers' fees"),
    lead=_(
        "What carriers' files charge for each parcel, beside what their tariff says for its"
        " province and weight."
    ),
    rows=charges,
    finder=Finder(
        Charge,
        (
            Field("carrier", _("carrier"), "choice", lookup="carrier__code", choices=carriers),
            Field("on", _("day"), "date"),
            Field("province", _("province")),
            Field("too_much", _("too much"), "money", lookup="more_fen"),
            Field("charged", _("charged"), "money", lookup="charged_fen"),
            Field("weight", _("our weight"), "weight", lookup="ours_g"),
            Field("their_weight", _("their weight"), "weight", lookup="theirs_g"),
            Field("waybill", _("waybill"), aliases=("快递单号",)),
            Field("shipment", _("shipment"), lookup="shipment__number"),
        ),
        quick=lambda text: Q(waybill__iexact=text) | Q(shipment__number__iexact=text),
    ),
    columns=(
        Column(
            "waybill",
            _("Waybill"),
            kind="code",
            note=Of(in_own_words, "carrier.name", "carrier.name_en"),
            mobile=1,
        ),
        Column("on", _("Day"), kind="day", sort="on"),
        Column("zone", _("Province"), Of(region, "province", "zone"), mobile=2),
        Column("ours_g", _("Our weight"), kind="weight", sort="ours_g"),
        Column("theirs_g", _("Their weight"), kind="weight", sort="theirs_g"),
        Column("due_fen", _("By the tariff"), kind="money", sort="due_fen"),
        Column("charged_fen", _("Charged"), kind="money", sort="charged_fen"),
        Column("more_fen", _("Too much"), kind="money", sort="more_fen"),
        Column("shipment", _("Shipment"), "shipment.number", kind="code", visible=False),
    ),
    sort="-more_fen",
    tabs=(
        Tab("over", _("Charged too much"), OVER),
        Tab("under", _("Charged too little"), UNDER),
        Tab("all", _("All")),
    ),
    url=lambda charge: reverse("shipment", args=[charge.shipment.number]),
    permission="delivery.reconcile",
    may_export="delivery.reconcile",
    placeholder=_("Waybill or shipment"),
    icon="money",
    empty=Empty(
        _("No fees here"),
        _("Drop a carrier's file with fees on a day's page; its tariff must be known."),
        "money",
    ),
)
