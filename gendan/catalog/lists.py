"""The lists of products, SKUs and shop codes."""

from typing import Any

from django import forms
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.expressions import Exists
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.catalog import queries
from gendan.catalog.actions import change_skus
from gendan.catalog.models import Product, ShopCode, Sku
from gendan.catalog.queries import titled
from gendan.catalog.words import initials
from gendan.journal.actors import Actor
from gendan.people.models import Shop
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Of, Tab


def _on_sale(is_active: bool) -> str:
    return _now("On sale") if is_active else _now("Off sale")


def _quick_sku(text: str) -> Q:
    """A code, a barcode, a style, initials, or a part of the name."""
    within = Q(code__istartswith=text) | Q(barcode=text) | Q(product__style__iexact=text)
    if text.isascii():
        within |= Q(pinyin__startswith=initials(text) or "-")
    if len(text) > 1:
        within |= Q(pk__in=titled(Sku.objects.order_by(), text).values("pk"))
        within |= Q(specification__icontains=text)
    return within


def _quick_product(text: str) -> Q:
    coded = Exists(Sku.objects.filter(product=OuterRef("pk"), code__istartswith=text))
    within = Q(style__istartswith=text) | Q(category=text) | Q(coded)
    if len(text) > 1:
        within |= Q(pk__in=titled(Product.objects.order_by(), text).values("pk"))
    return within


def _quick_code(text: str) -> Q:
    return (
        Q(code__istartswith=text)
        | Q(seen_title__icontains=text)
        | Q(sku__code__istartswith=text)
        | Q(sku__title__icontains=text)
    )


def _options(path: str) -> Any:
    """The values of a column that are in use, for completion."""

    def offered(text: str) -> list[str]:
        found = Product.objects.filter(**{f"{path}__istartswith": text}).order_by(path)
        return list(found.values_list(path, flat=True).distinct()[:20])

    return offered


def _shops() -> list[tuple[int, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


class SafetyForm(forms.Form):
    safety_stock = forms.IntegerField(label=_("Safety stock"), min_value=0, max_value=100_000)


def _count(number: int) -> str:
    return ngettext("%(n)d SKU changed.", "%(n)d SKUs changed.", number) % {"n": number}


def _withdraw(rows: "QuerySet[Sku]", *, by: Actor, why: str, data: Any) -> str:
    return _count(change_skus(rows, by=by, why=why, is_active=False))


def _offer(rows: "QuerySet[Sku]", *, by: Actor, why: str, data: Any) -> str:
    return _count(change_skus(rows, by=by, why=why, is_active=True))


def _keep(rows: "QuerySet[Sku]", *, by: Actor, why: str, data: Any) -> str:
    return _count(change_skus(rows, by=by, why=why, safety_stock=data["safety_stock"]))


SKUS = Listing(
    name="skus",
    title=_("Goods"),
    icon="tag",
    rows=lambda person: queries.skus(),
    finder=Finder(
        Sku,
        (
            Field("code", _("SKU code"), aliases=("编码", "SKU")),
            Field("title", _("title"), aliases=("商品",)),
            Field("style", _("style number"), lookup="product__style", aliases=("款号",)),
            Field(
                "category",
                _("category"),
                lookup="product__category",
                suggest=_options("category"),
            ),
            Field("specification", _("specification")),
            Field("barcode", _("barcode")),
            Field("price", _("price"), "money", lookup="price_fen"),
            Field("floor", _("floor price"), "money", lookup="floor_fen"),
            Field("weight", _("weight"), "weight", lookup="weight_g"),
            Field("safety", _("safety stock"), "number", lookup="safety_stock"),
            Field("fragile", _("fragile"), "yesno", lookup="is_fragile"),
            Field("active", _("on sale"), "yesno", lookup="is_active"),
        ),
        quick=_quick_sku,
    ),
    columns=(
        Column("code", _("Code"), kind="code", sort="code"),
        Column("title", _("Goods"), note="specification", sort="title", mobile=1),
        Column("style", _("Style"), value="product.style", kind="code", visible=False),
        Column("category", _("Category"), value="product.category", sort="product__category"),
        Column("barcode", _("Barcode"), kind="code"),
        Column("price_fen", _("Price"), kind="money", sort="price_fen"),
        Column("floor_fen", _("Floor"), kind="money", sort="floor_fen", visible=False),
        Column("weight_g", _("Weight"), kind="weight", sort="weight_g"),
        Column("safety_stock", _("Safety stock"), kind="number", sort="safety_stock"),
        Column(
            "free",
            _("Free"),
            kind="number",
            sort=F("free"),
            tone=lambda sku: _tone(sku.free, sku.safety_stock),
        ),
        Column("codes", _("Shop codes"), kind="number"),
        Column(
            "is_active",
            _("State"),
            value=Of(_on_sale, "is_active"),
            tone=lambda sku: "good" if sku.is_active else "muted",
            visible=False,
        ),
    ),
    sort="code",
    tabs=(
        Tab("sale", _("On sale"), Q(is_active=True)),
        Tab("low", _("At or below safety"), Q(is_active=True, free__lte=F("safety_stock"))),
        Tab("barcode", _("No barcode"), Q(is_active=True, barcode="")),
        Tab("weight", _("No weight"), Q(is_active=True, weight_g=0)),
        Tab("off", _("Off sale"), Q(is_active=False)),
        Tab("all", _("All")),
    ),
    actions=(
        BatchAction(
            "keep", _("Safety stock"), "catalog.manage", _keep, form=SafetyForm, icon="stock"
        ),
        BatchAction("offer", _("Put on sale"), "catalog.manage", _offer, icon="check"),
        BatchAction(
            "withdraw",
            _("Take off sale"),
            "catalog.manage",
            _withdraw,
            needs_why=True,
            confirm=_("Take %(n)s SKUs off sale? Nobody can order them any more."),
            tone="danger",
            icon="stop",
        ),
    ),
    url=lambda sku: reverse("sku", args=[sku.pk]),
    permission="catalog.see",
    may_export="catalog.see",
    links=(
        Link(_("New product"), reverse_lazy("product-new"), "catalog.manage"),
        Link(_("Import"), reverse_lazy("skus-import"), "catalog.manage", "upload"),
        Link(_("By product"), reverse_lazy("products"), "catalog.see", "list", is_act=False),
    ),
    placeholder=_("Code, barcode, style, initials or part of the name"),
    empty=Empty(
        _("No goods here"),
        _("Make a product with its colours and sizes, or import the whole list from Excel."),
        "tag",
    ),
)


def _tone(free: int, safety: int) -> str:
    if free <= 0:
        return "bad"
    return "warn" if free <= safety else "neutral"


PRODUCTS = Listing(
    name="products",
    title=_("Products"),
    icon="tag",
    rows=lambda person: queries.products(),
    finder=Finder(
        Product,
        (
            Field("style", _("style number"), aliases=("款号",)),
            Field("title", _("title"), aliases=("商品",)),
            Field("category", _("category"), suggest=_options("category")),
            Field("active", _("on sale"), "yesno", lookup="is_active"),
        ),
        quick=_quick_product,
    ),
    columns=(
        Column("style", _("Style"), kind="code", sort="style"),
        Column("title", _("Product"), sort="title", mobile=1),
        Column("category", _("Category"), sort="category"),
        Column("unit", _("Unit")),
        Column("sku_count", _("SKUs"), kind="number", sort=F("sku_count")),
        Column("free", _("Free"), kind="number", sort=F("free")),
        Column(
            "is_active",
            _("State"),
            value=Of(_on_sale, "is_active"),
            tone=lambda product: "good" if product.is_active else "muted",
        ),
    ),
    sort="style",
    tabs=(
        Tab("sale", _("On sale"), Q(is_active=True)),
        Tab("bare", _("Without SKUs"), Q(sku_count=0)),
        Tab("off", _("Off sale"), Q(is_active=False)),
        Tab("all", _("All")),
    ),
    url=lambda product: reverse("product", args=[product.pk]),
    permission="catalog.see",
    may_export="catalog.see",
    links=(
        Link(_("New product"), reverse_lazy("product-new"), "catalog.manage"),
        Link(_("Import"), reverse_lazy("skus-import"), "catalog.manage", "upload"),
        Link(_("By SKU"), reverse_lazy("skus"), "catalog.see", "list", is_act=False),
    ),
    placeholder=_("Style number, code or part of the title"),
    empty=Empty(_("No products here"), _("Make one, or import the list from Excel."), "tag"),
)

SHOP_CODES = Listing(
    name="shop-codes",
    title=_("Shop codes"),
    icon="link",
    lead=_("What each shop calls our goods. An order with a code nobody has mapped waits."),
    rows=queries.shop_codes_of,
    finder=Finder(
        ShopCode,
        (
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=_shops),
            Field("code", _("shop's code"), aliases=("店铺编码",)),
            Field("title", _("title in the shop"), lookup="seen_title"),
            Field("sku", "SKU", lookup="sku__code"),
        ),
        quick=_quick_code,
    ),
    columns=(
        Column("code", _("Shop's code"), kind="code", sort="code", mobile=1),
        Column("shop", _("Shop"), value="shop.name", sort="shop__name"),
        Column("seen_title", _("In the shop"), note="seen_specification"),
        Column(
            "sku",
            _("Our SKU"),
            value="sku.code",
            template="catalog/_map.html",
        ),
    ),
    sort="code",
    tabs=(
        Tab("unmapped", _("To map"), Q(sku=None)),
        Tab("mapped", _("Mapped"), Q(sku__isnull=False)),
        Tab("all", _("All")),
    ),
    permission="catalog.see",
    may_export="catalog.see",
    links=(Link(_("Import"), reverse_lazy("shop-codes-import"), "intake.map", "upload"),),
    placeholder=_("Shop's code, title in the shop, or our SKU"),
    empty=Empty(
        _("No shop codes here"),
        _("They appear when orders come in, or import a table of codes."),
        "link",
    ),
)
