"""The list of parcels that have left the house."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.delivery.actions.complete import complete
from gendan.delivery.actions.end import deliver, lose
from gendan.delivery.following import ask_now, follow_again
from gendan.delivery.models import Subscription, TraceState
from gendan.delivery.queries.way import TROUBLE_TABS, in_trouble, left_the_house, tab_counts
from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.people.models import Shop, Warehouse
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.wording import masked_name, masked_phone
from gendan.warehouse.models import Carrier, Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.stages import Stage

PROVIDER = "KUAIDI100"
STATE_TONES = {
    TraceState.SIGNED: "good",
    TraceState.FAILED: "bad",
    TraceState.PROBLEM: "bad",
    TraceState.REFUSED: "bad",
    TraceState.RETURNING: "warn",
    TraceState.RETURNED: "warn",
    TraceState.AT_STATION: "info",
    TraceState.OUT_FOR_DELIVERY: "info",
}


def state_of(shipment: Any) -> str:
    """Return the last news in one word; the stage where there are none or it says more."""
    return _state(shipment.stage, shipment.last_state)


def _state(stage: str, news: str | None) -> str:
    known = TraceState(news) if stage == Stage.SHIPPED and news else Stage(stage)
    return str(known.label)


def tone_of(shipment: Any) -> str:
    """Return the colour of that word."""
    if shipment.stage == Stage.DELIVERED:
        return "good"
    if shipment.stage != Stage.SHIPPED:
        return "bad"
    return STATE_TONES.get(shipment.last_state, "muted")


def of_order(operator: str, value: Any) -> Q:
    """Return the condition for parcels with lines of an order, by its number or the platform's."""
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk"))
    values = value if isinstance(value, list) else [value]
    named = Q(order__number__in=values) | Q(order__platform_order__in=values)
    return Q(Exists(lines.filter(named)))


def said_last(operator: str, value: Any) -> Q:
    """Return the condition for parcels whose carrier said this last."""
    values = value if isinstance(value, list) else [value]
    news = Subscription.objects.filter(shipment=OuterRef("pk"), last_state__in=values)
    return Q(Exists(news))


def quick(text: str) -> Q:
    """Return what bare words mean: a number, a waybill, an order, a receiver or their phone."""
    return (
        Q(number__iexact=text)
        | Q(waybill__iexact=text)
        | Q(receiver_phone=text)
        | Q(receiver_name__startswith=text)
        | of_order("=", text)
    )


PARCELS = Finder(
    Shipment,
    (
        Field("number", _("Shipment number"), aliases=("发货单号",)),
        Field("waybill", _("Waybill"), aliases=("快递单号", "运单号")),
        Field("order", _("Order number"), lookup=of_order, aliases=("单号",)),
        Field(
            "carrier",
            _("Carrier"),
            "choice",
            lookup="carrier_id",
            choices=lambda: list(Carrier.objects.values_list("pk", "name")),
        ),
        Field("stage", _("Stage"), "choice", choices=Stage.choices),
        Field("state", _("Last news"), "choice", lookup=said_last, choices=TraceState.choices),
        Field(
            "shop",
            _("Shop"),
            "choice",
            lookup="shop_id",
            choices=lambda: list(Shop.objects.values_list("pk", "name")),
        ),
        Field(
            "warehouse",
            _("Warehouse"),
            "choice",
            lookup="warehouse_id",
            choices=lambda: list(Warehouse.objects.values_list("pk", "name")),
        ),
        Field("receiver", _("Receiver"), lookup="receiver_name"),
        Field("province", _("Province")),
        Field("city", _("City")),
        Field("since", _("At this stage since"), "instant", lookup="stage_since"),
        Field("shipped", _("Shipped"), "instant", lookup="shipped_at"),
        Field("delivered", _("Delivered"), "instant", lookup="delivered_at"),
    ),
    quick=quick,
)


def _ask(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Any) -> str:
    number = ask_now(rows, provider=PROVIDER)
    return ngettext(
        "%(n)d parcel is asked about. The answer is here in a moment.",
        "%(n)d parcels are asked about. The answers are here in a moment.",
        number,
    ) % {"n": number}


def _follow_again(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Any) -> str:
    number = follow_again(rows, provider=PROVIDER)
    return ngettext("%(n)d parcel is tried again.", "%(n)d parcels are tried again.", number) % {
        "n": number
    }


def _delivered(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Any) -> str:
    number = deliver(rows, by=by, why=why).count()
    return ngettext("%(n)d parcel arrived.", "%(n)d parcels arrived.", number) % {"n": number}


def _lost(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Any) -> str:
    number = lose(rows, by=by, why=why).count()
    return ngettext("%(n)d parcel is lost.", "%(n)d parcels are lost.", number) % {"n": number}


def _complete(rows: ShipmentQuerySet, *, by: Actor, why: str, data: Any) -> str:
    orders = Order.objects.filter(shipment_lines__shipment__in=rows).distinct()
    number = complete(orders, by=by, why=why).count()
    return ngettext("%(n)d order is completed.", "%(n)d orders are completed.", number) % {
        "n": number
    }


def _trouble(tab: str) -> Callable[[Any], Q]:
    return lambda person: in_trouble(TROUBLE_TABS[tab])


LIST = Listing(
    name="parcels",
    title=_("Parcels"),
    icon="truck",
    rows=left_the_house,
    finder=PARCELS,
    columns=(
        Column("waybill", _("Waybill"), kind="code", sort="waybill", mobile=1),
        Column(
            "state",
            _("Where it is"),
            value=Of(_state, "stage", "last_state"),
            tone=tone_of,
            note="last_text",
        ),
        Column("last_moved_at", _("Last seen"), kind="instant", sort="last_moved_at"),
        Column("carrier", _("Carrier"), value="carrier.name", sort="carrier__name"),
        Column(
            "receiver",
            _("Receiver"),
            value=Of(masked_name, "receiver_name"),
            note=Of(masked_phone, "receiver_phone"),
        ),
        Column("city", _("Destination"), value=Of("{}{}".format, "province", "city")),
        Column("shipped_at", _("Shipped"), kind="instant", sort="shipped_at"),
        Column("delivered_at", _("Delivered"), kind="instant", sort="delivered_at", mobile=3),
        Column("number", _("Shipment number"), kind="code", sort="number", mobile=3),
        Column("shop", _("Shop"), value="shop.name", visible=False),
        Column("warehouse", _("Warehouse"), value="warehouse.name", visible=False),
    ),
    sort="-shipped_at",
    counts=tab_counts,
    tabs=(
        Tab("under-way", _("On the way"), Q(stage=Stage.SHIPPED)),
        Tab("trouble", _("In trouble"), lambda person: in_trouble()),
        Tab("not-picked-up", _("Not picked up"), _trouble("not-picked-up")),
        Tab("no-movement", _("Not moving"), _trouble("no-movement")),
        Tab("failed", _("Delivery failed"), _trouble("failed")),
        Tab("not-signed", _("Not signed in time"), _trouble("not-signed")),
        Tab("not-followed", _("Not followed"), _trouble("not-followed")),
        Tab("back", _("Refused or returned"), Q(stage__in=(Stage.REFUSED, Stage.RETURNED))),
        Tab("delivered", _("Delivered"), Q(stage=Stage.DELIVERED), counted=False),
        Tab("all", _("All"), counted=False),
    ),
    actions=(
        BatchAction("ask", _("Ask the carrier"), "delivery.follow", _ask, icon="refresh"),
        BatchAction("follow", _("Follow again"), "delivery.follow", _follow_again, icon="pin"),
        BatchAction(
            "delivered",
            _("Has arrived"),
            "delivery.follow",
            _delivered,
            needs_why=True,
            confirm=ngettext_lazy("Has %(n)s parcel arrived?", "Have %(n)s parcels arrived?", "n"),
            icon="check",
        ),
        BatchAction(
            "complete",
            _("Complete the orders"),
            "delivery.follow",
            _complete,
            needs_why=True,
            confirm=ngettext_lazy(
                "Complete the orders of %(n)s parcel?", "Complete the orders of %(n)s parcels?", "n"
            ),
            icon="flag",
        ),
        BatchAction(
            "lost",
            _("Is lost"),
            "delivery.follow",
            _lost,
            needs_why=True,
            confirm=ngettext_lazy(
                "Give up %(n)s parcel as lost?", "Give up %(n)s parcels as lost?", "n"
            ),
            tone="danger",
            icon="cross",
        ),
    ),
    url=lambda parcel: reverse("parcel", args=[parcel.number]),
    permission="delivery.see",
    may_export="delivery.see",
    placeholder=_("Waybill, shipment, order, receiver or phone"),
    empty=Empty(
        _("No parcels here"),
        _("Parcels appear once they are handed over to a carrier."),
        "truck",
    ),
)
