"""The lists of stock: what lies where, and what is missing."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import reserve
from gendan.stock.models import Balance, Shortage
from gendan.stock.queries import balances, shortages
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab

UNPROMISED = F("on_hand") - F("reserved")


def _warehouses() -> list[tuple[Any, str]]:
    return list(Warehouse.objects.order_by("rank").values_list("pk", "name"))


def _shops() -> list[tuple[Any, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


def _tone(balance: Any) -> str:
    if balance.unpromised <= 0:
        return "bad"
    return "warn" if balance.unpromised <= balance.sku.safety_stock else "good"


STOCK = Listing(
    name="stock",
    title=_("Stock"),
    rows=balances,
    finder=Finder(
        Balance,
        [
            Field("sku", "SKU", lookup="sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="sku__title", aliases=("商品",)),
            Field("style", _("style number"), lookup="sku__product__style", aliases=("款号",)),
            Field("category", _("category"), lookup="sku__product__category"),
            Field("barcode", _("barcode"), lookup="sku__barcode"),
            Field("warehouse", _("warehouse"), "choice", choices=_warehouses),
            Field("on_hand", _("on hand"), "number"),
            Field("reserved", _("reserved"), "number"),
            Field("free", _("free"), "number", expression=UNPROMISED - F("sku__safety_stock")),
            Field("location", _("location"), lookup="sku__locations__code"),
        ],
        quick=contains(
            "sku__code", "sku__title", "sku__specification", "sku__pinyin", "sku__barcode"
        ),
    ),
    columns=(
        Column(
            "sku",
            _("Goods"),
            value="sku.title",
            note="sku.specification",
            sort="sku__title",
            mobile=1,
        ),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("warehouse", _("Warehouse"), value="warehouse.name", sort="warehouse__rank"),
        Column("location", _("Location"), kind="code", sort="location"),
        Column("on_hand", _("On hand"), kind="number", sort="on_hand"),
        Column("reserved", _("Reserved"), kind="number", sort="reserved"),
        Column("safety", _("Safety stock"), value="sku.safety_stock", kind="number"),
        Column("free", _("Free"), kind="number", sort="free", tone=_tone),
        Column("barcode", _("Barcode"), value="sku.barcode", kind="code", visible=False),
    ),
    sort="code",
    tabs=(
        Tab("all", _("All")),
        Tab("low", _("Low"), Q(unpromised__gt=0, unpromised__lte=F("sku__safety_stock"))),
        Tab("out", _("Out"), Q(unpromised__lte=0)),
    ),
    url=lambda balance: reverse("sku-stock", args=[balance.sku_id]),
    row_class=lambda balance: "is-late" if balance.unpromised <= 0 else "",
    permission="stock.see",
    may_export="stock.see",
    links=(
        Link(_("Receive"), reverse_lazy("stock-receive"), "stock.receive", "receive"),
        Link(_("Adjust"), reverse_lazy("stock-adjust"), "stock.adjust", "scale"),
        Link(_("Count"), reverse_lazy("stock-count"), "stock.adjust", "check"),
        Link(_("Stocktake"), reverse_lazy("stocktake"), "stock.adjust", "history"),
        Link(_("Opening stock"), reverse_lazy("stock-opening"), "stock.adjust", "upload"),
    ),
    placeholder=_("Code, name, initials or barcode"),
    icon="stock",
    empty=Empty(
        _("No stock yet"),
        _("Import the opening stock from a file, or receive the first goods."),
        "stock",
    ),
)


def serve(rows: "QuerySet[Shortage]", *, by: Actor, why: str, data: Any) -> str:
    """Try to serve the orders of the chosen shortages now."""
    ids = set(rows.values_list("order_id", flat=True))
    served = reserve(Order.objects.numbered(ids), by=by, now=timezone.now(), why=why).count()
    said = ngettext("%(n)d of %(of)d order served", "%(n)d of %(of)d orders served", len(ids))
    return said % {"n": served, "of": len(ids)}


def _enough(shortage: Any) -> str:
    return _t("enough now") if shortage.unpromised >= shortage.missing else ""


SHORTAGES = Listing(
    name="shortages",
    title=_("Short goods"),
    lead=_("What orders wait for. When goods arrive, they are served by themselves, in turn."),
    rows=shortages,
    finder=Finder(
        Shortage,
        [
            Field("sku", "SKU", lookup="sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="sku__title", aliases=("商品",)),
            Field("order", _("order number"), lookup="order__number", aliases=("单号",)),
            Field("shop", _("shop"), "choice", lookup="order__shop", choices=_shops),
            Field("missing", _("pieces missing"), "number"),
            Field("since", _("since"), "instant"),
            Field("paid_at", _("paid at"), "instant", lookup="order__paid_at"),
            Field("priority", _("priority"), "number", lookup="order__priority"),
        ],
        quick=contains("sku__code", "sku__title", "order__number", "order__platform_order"),
    ),
    columns=(
        Column("sku", _("Goods"), value="sku.title", note="sku.specification", mobile=1),
        Column("code", "SKU", value="sku.code", kind="code", sort="sku__code"),
        Column("missing", _("Missing"), kind="number", sort="missing"),
        Column("unpromised", _("Unpromised"), kind="number", note=_enough, sort="unpromised"),
        Column("order", _("Order"), value="order.number", kind="code", sort="order__number"),
        Column("shop", _("Shop"), value="order.shop.name"),
        Column("paid_at", _("Paid"), value="order.paid_at", kind="instant", sort="order__paid_at"),
        Column("since", _("Short since"), kind="instant", sort="since"),
    ),
    sort="since",
    actions=(BatchAction("serve", _("Serve now"), "stock.reserve", serve, icon="stock"),),
    url=lambda shortage: reverse("order", args=[shortage.order.number]),
    permission="stock.see",
    may_export="stock.see",
    placeholder=_("SKU, name or order"),
    icon="alert",
    empty=Empty(_("Nothing is short"), _("Every released order has its goods."), "check"),
)
