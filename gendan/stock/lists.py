"""The list of stock: what lies where."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Shop, Warehouse
from gendan.stock.models import Balance
from gendan.stock.queries import balances
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing, Tab

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
