"""The lists of what leaves the house: parcels to hand over, waybills to write back."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext_lazy

from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.actions.write_back import confirm, give_up
from gendan.delivery.models import WriteBack, WriteBackState
from gendan.delivery.models.handover import WriteBackQuerySet
from gendan.delivery.queries.handovers import to_hand_over
from gendan.journal.actors import Actor
from gendan.people.models import Shop
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab
from gendan.ui.templatetags.ui import clock
from gendan.warehouse.lists import carriers, of_order, warehouses
from gendan.warehouse.lists import quick as quick_shipment
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.queries.next_up import clock_of

Data = Mapping[str, Any]


def draw_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Data) -> str:
    number = draw_waybills(rows, by=by, why=why).count()
    return ngettext("%(n)d parcel has a waybill", "%(n)d parcels have a waybill", number) % {
        "n": number
    }


def hand_over_chosen(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Data) -> str:
    number = rows.count()
    hand_over(rows, by=by, now=timezone.now(), why=why)
    return ngettext("%(n)d parcel handed over", "%(n)d parcels handed over", number) % {"n": number}


def confirm_chosen(rows: WriteBackQuerySet, *, by: Actor, why: str, data: Data) -> str:
    return _settled(confirm(rows, by=by, now=timezone.now(), why=why))


def give_up_chosen(rows: WriteBackQuerySet, *, by: Actor, why: str, data: Data) -> str:
    return _settled(give_up(rows, by=by, now=timezone.now(), why=why))


def _settled(write_backs: WriteBackQuerySet) -> str:
    number = write_backs.count()
    return ngettext("%(n)d waybill settled", "%(n)d waybills settled", number) % {"n": number}


def quick_write_back(text: str) -> Q:
    """Return what bare words mean: the platform's order, ours, or the waybill."""
    return (
        Q(order__platform_order=text)
        | Q(order__number__iexact=text)
        | Q(shipment__waybill__iexact=text)
    )


TO_HAND_OVER = Listing(
    name="hand-over",
    title=pgettext_lazy("to the carrier", "Hand over"),
    rows=lambda person: to_hand_over(person).select_related("carrier", "warehouse", "shop"),
    told={"clock_at": clock_of()},
    finder=Finder(
        Shipment,
        (
            Field("number", _("Shipment")),
            Field("waybill", _("Waybill")),
            Field("order", _("Order number"), lookup=of_order),
            Field("carrier", _("Carrier"), "choice", lookup="carrier_id", choices=carriers),
            Field("warehouse", _("Warehouse"), "choice", lookup="warehouse_id", choices=warehouses),
            Field("packed_at", _("Packed"), "instant"),
            Field("priority", _("Priority"), "number"),
        ),
        quick=quick_shipment,
    ),
    columns=(
        Column("number", _("Shipment"), kind="code", sort="number", mobile=1),
        Column(
            "urgent",
            _("Urgent"),
            value=lambda row: _("Urgent") if row.priority > 0 else "",
            tone=lambda row: "bad",
            sort="priority",
        ),
        Column(
            "clock",
            _("Clock"),
            value="clock_at",
            kind="instant",
            draw=lambda row: clock(row.clock_at, 300) if row.clock_at else "",
            asked=F("clock_at"),
            mobile=3,
        ),
        Column("carrier", _("Carrier"), value="carrier.name", sort="carrier__name"),
        Column("waybill", _("Waybill"), kind="code", sort="waybill"),
        Column("region", _("Region"), value=lambda row: f"{row.province} {row.city}"),
        Column("pieces", _("Pieces"), kind="number"),
        Column("weight_g", _("Weight"), kind="weight"),
        Column("warehouse", _("Warehouse"), value="warehouse.name", mobile=3),
        Column("packed_at", _("Packed"), kind="instant", sort="packed_at"),
    ),
    sort="-urgent",
    tabs=(
        Tab("ready", _("With a waybill"), ~Q(waybill="")),
        Tab("bare", _("Without a waybill"), Q(waybill="")),
    ),
    actions=(
        BatchAction(
            "hand-over",
            pgettext_lazy("to the carrier", "Hand over"),
            "delivery.ship",
            hand_over_chosen,
            confirm=ngettext_lazy(
                "Hand %(n)s parcel to the carrier? It leaves the stock.",
                "Hand %(n)s parcels to the carrier? They leave the stock.",
                "n",
            ),
            tone="primary",
            icon="truck",
        ),
        BatchAction("draw", _("Draw waybill numbers"), "delivery.ship", draw_chosen, icon="tag"),
    ),
    url=lambda shipment: reverse("shipment", args=[shipment.number]),
    permission="delivery.ship",
    placeholder=_("Shipment, waybill or order"),
    links=(Link(_("Scan parcels"), reverse_lazy("loading"), "delivery.ship", "scan"),),
    empty=Empty(_("Nothing to hand over"), _("Packed parcels wait here for the carrier."), "truck"),
)

WRITE_BACKS = Listing(
    name="write-backs",
    title=_("Write back"),
    rows=lambda person: WriteBack.objects.visible_to(person).select_related(
        "order", "shop", "shipment__carrier"
    ),
    finder=Finder(
        WriteBack,
        (
            Field("order", _("Platform order"), lookup="order__platform_order"),
            Field("waybill", _("Waybill"), lookup="shipment__waybill"),
            Field(
                "shop",
                _("Shop"),
                "choice",
                lookup="shop_id",
                choices=lambda: list(Shop.objects.values_list("pk", "name")),
            ),
            Field("state", _("State"), "choice", choices=WriteBackState.choices),
            Field("since", _("Since"), "instant"),
        ),
        quick=quick_write_back,
    ),
    columns=(
        Column(
            "order",
            _("Platform order"),
            value="order.platform_order",
            kind="code",
            note="sub_order",
            mobile=1,
        ),
        Column("shop", _("Shop"), value="shop.name", sort="shop__name"),
        Column("carrier", _("Carrier"), value="shipment.carrier.name"),
        Column("waybill", _("Waybill"), value="shipment.waybill", kind="code"),
        Column("state", _("State"), value="get_state_display", note="why"),
        Column("pieces", _("Pieces"), kind="number", mobile=3),
        Column("file", _("File"), mobile=3),
        Column("since", _("Since"), kind="instant", sort="since"),
        Column("done_at", _("Written back"), kind="instant", sort="done_at", mobile=3),
    ),
    sort="since",
    tabs=(
        Tab("waiting", _("To tell"), Q(state=WriteBackState.WAITING)),
        Tab("exported", _("In a file"), Q(state=WriteBackState.EXPORTED)),
        Tab("impossible", _("Can't be told"), Q(state=WriteBackState.IMPOSSIBLE), counted=False),
        Tab("all", _("All"), counted=False),
    ),
    actions=(
        BatchAction(
            "confirm",
            _("The platform has taken them"),
            "delivery.write_back",
            confirm_chosen,
            tone="primary",
            icon="check",
        ),
        BatchAction(
            "give-up",
            _("The platform can't take them"),
            "delivery.write_back",
            give_up_chosen,
            needs_why=True,
            tone="danger",
        ),
    ),
    url=lambda row: reverse("shipment", args=[row.shipment.number]),
    permission="delivery.write_back",
    placeholder=_("Platform order or waybill"),
    links=(
        Link(
            _("What platforms take"),
            reverse_lazy("shop-limits"),
            "delivery.write_back",
            "rule",
            is_act=False,
        ),
    ),
    empty=Empty(
        _("Everything is written back"),
        _("When parcels are handed over, their platforms wait here to be told."),
        "check",
    ),
)
