"""The lists of what is to come: expected arrivals, and what is presold."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import call_off
from gendan.stock.models import ComesFrom, Expected, ExpectedState, Presale
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab


def _shops() -> list[tuple[Any, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


def _warehouses() -> list[tuple[Any, str]]:
    return list(Warehouse.objects.order_by("rank").values_list("pk", "name"))


def arrivals(worker: Worker) -> "QuerySet[Expected]":
    """Return what is to come to the worker's warehouses, and what came."""
    return Expected.objects.filter(at_warehouses(worker)).select_related("sku", "warehouse")


def _call_off(rows: "QuerySet[Expected]", *, by: Actor, why: str, data: Any) -> str:
    n = call_off(rows, by=by, why=why)
    return ngettext("%(n)d arrival called off", "%(n)d arrivals called off", n) % {"n": n}


def _late(row: Expected) -> bool:
    return row.state == ExpectedState.OPEN and row.due_on < timezone.localdate()


ARRIVALS = Listing(
    name="arrivals",
    title=_("Expected arrivals"),
    lead=_(
        "What was bought, is made, or comes from another warehouse. "
        "Customers who wait are promised dates from it."
    ),
    rows=arrivals,
    finder=Finder(
        Expected,
        [
            Field("reference", _("delivery number")),
            Field("sku", "SKU", lookup="sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="sku__title", aliases=("商品",)),
            Field("warehouse", _("warehouse"), "choice", choices=_warehouses),
            Field("due_on", _("expected on"), "day"),
            Field("quantity", _("quantity"), "number"),
            Field("state", _("state"), "choice", choices=ExpectedState.choices),
            Field("comes_from", _("comes from"), "choice", choices=ComesFrom.choices),
        ],
        quick=contains("reference", "sku__code", "sku__title", "sku__pinyin"),
    ),
    columns=(
        Column("sku", _("Goods"), value="sku.title", note="sku.specification", mobile=1),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("due_on", _("Expected on"), kind="day", sort="due_on"),
        Column("quantity", _("Quantity"), kind="number", sort="quantity"),
        Column("arrived", _("Arrived"), kind="number", sort="arrived"),
        Column("warehouse", _("Warehouse"), value="warehouse.name", sort="warehouse__rank"),
        Column("reference", _("Delivery number"), kind="code", sort="reference"),
        Column("comes_from", _("Comes from"), value="get_comes_from_display"),
        Column(
            "state",
            _("State"),
            value="get_state_display",
            tone=lambda row: {"OPEN": "info", "ARRIVED": "good"}.get(row.state, "muted"),
        ),
    ),
    sort="due_on",
    tabs=(
        Tab("open", _("Expected"), Q(state=ExpectedState.OPEN)),
        Tab(
            "late",
            _("Overdue"),
            lambda _person: Q(state=ExpectedState.OPEN, due_on__lt=timezone.localdate()),
        ),
        Tab("arrived", _("Arrived"), Q(state=ExpectedState.ARRIVED), counted=False),
        Tab("all", _("All"), counted=False),
    ),
    actions=(
        BatchAction(
            "call-off",
            _("Call off"),
            "stock.receive",
            _call_off,
            needs_why=True,
            tone="danger",
            icon="cross",
        ),
    ),
    links=(
        Link(_("Expect goods"), reverse_lazy("arrival-new"), "stock.receive"),
        Link(_("From a file"), reverse_lazy("arrivals-import"), "stock.receive", "upload"),
    ),
    url=lambda row: reverse("arrival", args=[row.pk]),
    row_class=lambda row: "is-late" if _late(row) else "",
    permission="stock.see",
    may_export="stock.see",
    placeholder=_("Reference, SKU or name"),
    icon="receive",
    empty=Empty(
        _("Nothing is expected"),
        _("Write down what you have ordered: then customers can be promised a date."),
        "receive",
    ),
)


def presales(worker: Worker) -> "QuerySet[Presale]":
    """Return the presales of the worker's shops, and those of all shops."""
    return Presale.objects.filter(at_shops(worker, or_none=True)).select_related("sku", "shop")


PRESALES = Listing(
    name="presales",
    title=_("Presales"),
    lead=_(
        "Sold before it is there, from a pool of its own. Such orders are not short: "
        "they wait for their day."
    ),
    rows=presales,
    finder=Finder(
        Presale,
        [
            Field("sku", "SKU", lookup="sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="sku__title", aliases=("商品",)),
            Field("shop", _("shop"), "choice", choices=_shops),
            Field("ships_on", _("sent on"), "day"),
            Field("pool", _("pool"), "number"),
            Field("taken", _("taken"), "number"),
        ],
        quick=contains("sku__code", "sku__title", "sku__pinyin"),
    ),
    columns=(
        Column("sku", _("Goods"), value="sku.title", note="sku.specification", mobile=1),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("shop", _("Shop"), value="shop.name"),
        Column("begins_at", _("Begins"), kind="instant", sort="begins_at"),
        Column("ends_at", _("Ends"), kind="instant", sort="ends_at"),
        Column("ships_on", _("Sent on"), kind="day", sort="ships_on"),
        Column("pool", _("Pool"), kind="number", sort="pool"),
        Column("taken", _("Taken"), kind="number", sort="taken"),
    ),
    sort="-ships_on",
    tabs=(
        Tab("coming", _("To be sent"), lambda _person: Q(ships_on__gte=timezone.localdate())),
        Tab("all", _("All"), counted=False),
    ),
    links=(
        Link(_("Open a presale"), reverse_lazy("presale-new"), "stock.settle"),
        Link(_("What leaves first"), reverse_lazy("parting-rules"), "stock.settle", "rule"),
    ),
    url=lambda row: reverse("presale", args=[row.pk]),
    permission="stock.see",
    may_export="stock.see",
    icon="calendar",
    placeholder=_("SKU or name"),
    empty=Empty(
        _("No presales"),
        _("Open one for goods that are sold before they are there."),
        "calendar",
    ),
)
