"""Publishing over the API: what the shops show, the rules, and item numbers."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from gendan.catalog.models import Sku
from gendan.channels.models import Offer, PublishRule
from gendan.channels.publishing import actions
from gendan.channels.publishing.queries import rules as all_rules
from gendan.people.access import at_shops
from gendan.people.api import key_of, needs, shop_of, warehouse_of
from gendan.people.models import Shop
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked
from gendan.ui.finding import Field as Found
from gendan.ui.finding import Finder

router = Router(tags=["publishing"])
OFFERS = Finder(
    Offer,
    (
        Found("shop", "shop", lookup="shop__code"),
        Found("code", "shop's code", lookup="code__code"),
        Found("sku", "SKU", lookup="code__sku__code"),
        Found("published", "published", "number", lookup="quantity"),
        Found("wanted", "would publish", "number"),
        Found("difference", "difference", "number", expression=F("wanted") - F("quantity")),
    ),
    quick=lambda text: Q(code__code=text) | Q(code__sku__code__iexact=text),
)


class OfferOut(Schema):
    shop: str
    code: str = Field(description="What the shop calls the SKU.")
    sku: str
    item: str = Field(description="The platform's number of the item; empty if unknown.")
    free: int
    arriving: int = Field(description="How much of it is only expected yet.")
    wanted: int = Field(description="What the shop ought to show.")
    published: int | None = Field(description="What it was told last.")
    version: int = Field(description="Of what it was told; it only grows.")
    captured_at: datetime | None = Field(description="Of what moment that is.")
    published_at: datetime | None


class Looked(Schema):
    seen: int
    different: int


class RuleIn(Schema):
    shop: str = Field("", description="Empty: every web shop.")
    category: str = Field("", max_length=60)
    sku: str = ""
    percent: int = Field(100, ge=0, le=1000)
    plus: int = Field(0, ge=0)
    minus: int = Field(0, ge=0)
    least: int = Field(0, ge=0)
    most: int | None = Field(None, ge=0)
    warehouses: list[str] = Field([], description="Codes; none: every active one.")
    less_reserved: bool = True
    less_waiting: bool = True
    less_safety: bool = True
    arriving_percent: int = Field(0, ge=0, le=100, description="Of what is expected; 0: none.")
    arriving_days: int = Field(7, ge=1, le=365, description="Expected from today on, within days.")
    is_on: bool = True
    why: str = ""


class RuleOut(Schema):
    id: int
    shop: str
    category: str
    sku: str
    percent: int
    plus: int
    minus: int
    least: int
    most: int | None
    arriving_percent: int
    arriving_days: int
    is_on: bool


class ItemIn(Schema):
    shop: str
    code: str
    item: str = Field(max_length=40)


class ItemsIn(Schema):
    items: list[ItemIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class Changed(Schema):
    changed: int


@router.get("", response=Page[OfferOut], summary="What the shops show, and ought to show")
@needs("stock.publish")
def offers(request: HttpRequest, asked: Asked) -> Any:
    rows = Offer.objects.visible_to(key_of(request)).select_related("shop", "code__sku")
    return page(rows, asked, OFFERS, _told)


@router.post("/capture", response=Looked, summary="Look at everything now")
@needs("stock.publish")
def capture(request: HttpRequest) -> Any:
    """Differences go out by themselves, or wait for a file."""
    key = key_of(request)
    shops = list(Shop.objects.filter(at_shops(key, "pk")).values_list("pk", flat=True))
    seen, different = actions.capture(by=key, shop_ids=shops)
    return {"seen": seen, "different": different}


@router.get("/rules", response=list[RuleOut], summary="The rules")
@needs("stock.publish")
def rules(request: HttpRequest) -> Any:
    theirs = all_rules().filter(at_shops(key_of(request), or_none=True))
    return [_told_rule(rule) for rule in theirs.order_by("pk")]


@router.put("/rules", response=RuleOut, summary="Set the rule of a shop and goods")
@needs("stock.publish")
def save_rule(request: HttpRequest, told: RuleIn) -> Any:
    """There is one rule for a shop and goods: this one takes its place."""
    key = key_of(request)
    shop = shop_of(request, told.shop) if told.shop else None
    if shop is None and key.shop_ids is not None:
        raise Problem(403, _("A key of some shops sets rules of one of its shops."))
    sku = _sku(told.sku) if told.sku else None
    rule = PublishRule.objects.filter(shop=shop, category=told.category, sku=sku).first()
    rule = rule or PublishRule(shop=shop, category=told.category, sku=sku)
    scope = {"shop", "category", "sku", "warehouses", "why"}
    for name, value in told.dict(exclude=scope).items():
        setattr(rule, name, value)
    places = [warehouse_of(request, code).pk for code in told.warehouses]
    rule.warehouse_ids = places or None
    return _told_rule(actions.save_rule(rule, by=key, why=told.why))


@router.post("/items", response=Changed, summary="Enter platforms' item numbers")
@needs("stock.publish")
def items(request: HttpRequest, told: ItemsIn) -> Any:
    key = key_of(request)
    wanted = {(one.shop, one.code): one.item for one in told.items}
    seen = Offer.objects.visible_to(key).filter(code__code__in=[code for _shop, code in wanted])
    rows = seen.values_list("shop__code", "code__code", "code")
    found = {(shop, code): pk for shop, code, pk in rows}
    unknown = [
        Wrong(_("This shop is told nothing under this code."), pointer=f"/items/{number}/code")
        for number, one in enumerate(told.items)
        if (one.shop, one.code) not in found
    ]
    if unknown:
        raise Problem(422, _("Some of the listings are not known."), unknown)
    chosen = {found[name]: item for name, item in wanted.items()}
    return {"changed": actions.set_items(chosen, by=key, why=told.why)}


def _sku(code: str) -> Sku:
    found = Sku.objects.filter(code=code).first()
    if found is None:
        raise Problem(422, _("Nobody knows this SKU."), [Wrong(code, pointer="/sku")])
    return found


def _told(offer: Offer) -> dict[str, Any]:
    sku = offer.code.sku
    return {
        "shop": offer.shop.code,
        "code": offer.code.code,
        "sku": sku.code if sku else "",
        "published": offer.quantity,
        **{
            name: getattr(offer, name)
            for name in (
                "item",
                "free",
                "arriving",
                "wanted",
                "version",
                "captured_at",
                "published_at",
            )
        },
    }


def _told_rule(rule: PublishRule) -> dict[str, Any]:
    names = set(RuleOut.model_fields) - {"shop", "sku"}
    return {
        "shop": rule.shop.code if rule.shop else "",
        "sku": rule.sku.code if rule.sku else "",
        **{name: getattr(rule, name) for name in names},
    }
