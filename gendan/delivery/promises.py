"""The list of promises: what will be late first, and of that the most money."""

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.delivery.actions.promise import promise_anew, propose
from gendan.delivery.forms import DateForm, OfferForm
from gendan.delivery.models import Forecast, PartForecast, PromiseSource, Risk
from gendan.delivery.promise_page import TONES
from gendan.journal.actors import Actor
from gendan.orders.models import LaneStep, Order
from gendan.orders.stages import IN_HAND, Stage
from gendan.people.access import Worker, at_shops
from gendan.people.models import Shop
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Tab
from gendan.ui.wording import short_moment, time_left
from gendan.warehouse.lists import carriers, warehouses

Data = Mapping[str, Any]
UNDER = Q(order__stage__in=IN_HAND)  # what is over ends with the next forecast
PARTS = PartForecast.objects.filter(order=OuterRef("order")).order_by("forecast_ship_at")
FIRST_PART = Subquery(PARTS.values("forecast_ship_at")[:1])


def _rows(person: Worker) -> "QuerySet[Forecast]":
    seen = Forecast.objects.filter(at_shops(person))
    return seen.select_related("order", "shop", "warehouse", "carrier")


def _orders(rows: "QuerySet[Forecast]") -> Any:
    return Order.objects.numbered(rows.values_list("order_id", flat=True))


def _propose(rows: "QuerySet[Forecast]", *, by: Actor, why: str, data: Data) -> str:
    drafted = propose(_orders(rows), by=by, now=timezone.now(), **data).count()
    said = ngettext("%(n)s message drafted.", "%(n)s messages drafted.", drafted)
    return said % {"n": drafted}


def _anew(rows: "QuerySet[Forecast]", *, by: Actor, why: str, data: Data) -> str:
    moved = promise_anew(_orders(rows), by=by, now=timezone.now(), **data).count()
    said = ngettext("%(n)s order has another date.", "%(n)s orders have another date.", moved)
    return said % {"n": moved}


def _late_by(row: Forecast) -> str:
    """Say by how much the promise would be missed."""
    wished = row.order.wish_on is not None
    at, promised = row.forecast_arrive_at if wished else row.forecast_ship_at, row.order.promise_at
    if row.risk == Risk.NONE or at is None or promised is None or at <= promised:
        return ""
    return f"+{time_left(round((at - promised).total_seconds()))}"


def _first_part(row: Any) -> str:
    """Say when the first part leaves of what travels apart."""
    return _("first part %(at)s") % {"at": short_moment(row.first_at)} if row.first_at else ""


def _shops() -> list[tuple[Any, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


PROMISES = Listing(
    name="promises",
    title=_("Promises and risk"),
    lead=_("What will be late stands here before it is late, the most money first."),
    rows=_rows,
    finder=Finder(
        Forecast,
        (
            Field("order", _("order number"), lookup="order__number", aliases=("单号",)),
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=_shops),
            Field("stage", _("stage"), "choice", lookup="order__stage", choices=Stage.choices),
            Field("step", _("step"), "choice", choices=LaneStep.choices),
            Field("risk", _("risk"), "choice", choices=Risk.choices),
            Field("forecast", _("will leave"), "instant", lookup="forecast_ship_at"),
            Field("arrives", _("will arrive"), "instant", lookup="forecast_arrive_at"),
            Field("at_risk", _("money at risk"), "money", lookup="fen_at_risk"),
            Field("promise_at", _("promised for"), "instant", lookup="order__promise_at"),
            Field(
                "source",
                _("promised by"),
                "choice",
                lookup="promise_source",
                choices=PromiseSource.choices,
            ),
            Field("ahead", _("in front of it"), "number"),
            Field("warehouse", _("warehouse"), "choice", lookup="warehouse_id", choices=warehouses),
            Field("carrier", _("carrier"), "choice", lookup="carrier_id", choices=carriers),
            Field("province", _("province"), lookup="order__province"),
            Field("priority", _("priority"), "number", lookup="order__priority"),
        ),
        quick=contains("order__number", "order__platform_order", "order__buyer"),
    ),
    columns=(
        Column("order", _("Order"), value="order.number", kind="code", mobile=1),
        Column(
            "risk",
            _("Risk"),
            value="get_risk_display",
            tone=lambda row: TONES[Risk(row.risk)],
            note=_late_by,
        ),
        Column(
            "at_risk", _("Money at risk"), value="fen_at_risk", kind="money", sort="fen_at_risk"
        ),
        Column(
            "promise_at",
            _("Promised"),
            value="order.promise_at",
            kind="instant",
            note="get_promise_source_display",
            sort="order__promise_at",
        ),
        Column(
            "forecast",
            _("Will leave"),
            value="forecast_ship_at",
            kind="instant",
            note=_first_part,
            sort="forecast_ship_at",
        ),
        Column(
            "arrives",
            _("Will arrive"),
            value="forecast_arrive_at",
            kind="instant",
            note="order.province",
            mobile=3,
        ),
        Column("stage", _("Stage"), value="order.get_stage_display", note="get_step_display"),
        Column("ahead", _("In front"), kind="number", sort="ahead", mobile=3),
        Column("warehouse", _("Warehouse"), value="warehouse.name", mobile=3),
        Column("shop", _("Shop"), value="shop.name", mobile=3),
    ),
    told={"first_at": FIRST_PART},
    sort="-at_risk",
    tabs=(
        # The tiles above the list count these.
        Tab("risky", _("At risk"), ~Q(risk=Risk.NONE), counted=False),
        Tab("soon", _("Will be late"), Q(risk=Risk.AT_RISK), counted=False),
        Tab("late", _("Late"), Q(risk=Risk.LATE), counted=False),
        Tab("house", _("In the house"), UNDER & ~Q(step=""), counted=False),
        Tab("all", _("All"), UNDER, counted=False),
    ),
    actions=(
        BatchAction(
            "propose",
            _("Offer another date"),
            "delivery.promise",
            _propose,
            form=OfferForm,
            icon="mail",
        ),
        BatchAction(
            "anew",
            _("Promise another date"),
            "delivery.promise",
            _anew,
            form=DateForm,
            icon="calendar",
        ),
    ),
    url=lambda row: reverse("order", args=[row.order.number]),
    row_class=lambda row: "is-late" if row.risk == Risk.LATE else "",
    permission="delivery.see",
    may_export="delivery.see",
    placeholder=_("Order, buyer … or: risk=AT_RISK at_risk>200"),
    empty=Empty(
        _("Every promise will be kept"),
        _("Orders whose forecast passes their promise come here by themselves."),
        "check",
    ),
    icon="calendar",
)
