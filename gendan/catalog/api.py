"""SKUs over the API."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.actions.save_skus import save_skus
from gendan.catalog.lists import SKUS
from gendan.catalog.models import Product, Sku
from gendan.catalog.models.goods import MOST_MM
from gendan.people.api import key_of, needs
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked

router = Router(tags=["goods"])
NEEDED = ("style", "title", "price_fen")  # of a new SKU


class SkuOut(Schema):
    code: str
    style: str
    title: str
    specification: str
    barcode: str
    price_fen: int
    floor_fen: int
    weight_g: int
    length_mm: int | None = Field(description="With width and height: what carriers may charge by.")
    width_mm: int | None
    height_mm: int | None
    safety_stock: int
    is_active: bool
    parts: dict[str, int] = Field(description="Pieces by SKU code; empty: no set.")


class SkuIn(Schema):
    """What is left out stays as it is; a new SKU needs style, title and price_fen."""

    code: str = Field(max_length=60)
    style: str | None = Field(None, description="The product's style number.")
    title: str | None = None
    specification: str | None = None
    barcode: str | None = None
    price_fen: int | None = Field(None, ge=0)
    floor_fen: int | None = Field(None, ge=0)
    weight_g: int | None = Field(None, ge=0)
    length_mm: int | None = Field(None, gt=0, le=MOST_MM)
    width_mm: int | None = Field(None, gt=0, le=MOST_MM)
    height_mm: int | None = Field(None, gt=0, le=MOST_MM)
    safety_stock: int | None = Field(None, ge=0)
    is_active: bool | None = None
    parts: dict[str, int] | None = Field(
        None, description="Makes it a set: pieces by SKU code. Empty: plain goods again."
    )


class SkusIn(Schema):
    skus: list[SkuIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class Saved(Schema):
    new: int
    changed: int


@router.get("", response=Page[SkuOut], summary="Find SKUs")
@needs("catalog.see")
def list_skus(request: HttpRequest, asked: Asked) -> Any:
    skus = Sku.objects.select_related("product").prefetch_related("parts__part")
    return page(skus, asked, SKUS.finder, _told)


@router.post("", response=Saved, summary="Add and change SKUs, known by their codes")
@needs("catalog.manage")
def save(request: HttpRequest, wanted: SkusIn) -> Any:
    parts = {sku.code: sku.parts for sku in wanted.skus if sku.parts is not None}
    with transaction.atomic():
        saved = save_skus(_rows(wanted.skus), by=key_of(request), why=wanted.why)
        if parts:
            save_sets(_named_parts(parts), by=key_of(request), why=wanted.why)
    return {"new": len(saved.new), "changed": len(saved.changed)}


def _rows(skus: list[SkuIn]) -> list[dict[str, Any]]:
    rows = [sku.model_dump(exclude_none=True, exclude={"parts"}) for sku in skus]
    styles = {row["style"] for row in rows if "style" in row}
    products = dict(Product.objects.filter(style__in=styles).values_list("style", "pk"))
    unknown = [
        Wrong(
            _("There is no product %(style)s.") % {"style": row["style"]},
            pointer=f"/skus/{number}/style",
        )
        for number, row in enumerate(rows)
        if "style" in row and row["style"] not in products
    ]
    if unknown:
        raise Problem(422, _("There is no product of that style number."), unknown)
    _refuse_bare(rows)
    return [_named(row, products) for row in rows]


def _refuse_bare(rows: list[dict[str, Any]]) -> None:
    """Refuse new SKUs of which something is not said that every SKU has.

    :raises Problem: naming each place
    """
    codes = [row["code"] for row in rows]
    known = set(Sku.objects.filter(code__any=codes).values_list("code", flat=True))
    wrongs = [
        Wrong(_("A new SKU needs it."), pointer=f"/skus/{number}/{name}")
        for number, row in enumerate(rows)
        for name in NEEDED
        if row["code"] not in known and name not in row
    ]
    if wrongs:
        raise Problem(422, _("A new SKU needs style, title and price."), wrongs)


def _named_parts(parts: dict[str, dict[str, int]]) -> dict[int, dict[int, int]]:
    """Return sets and parts by their ids instead of their codes."""
    codes = {*parts, *(code for made_of in parts.values() for code in made_of)}
    known = dict(Sku.objects.filter(code__any=list(codes)).values_list("code", "pk"))
    unknown = sorted(codes - set(known))
    if unknown:
        wrongs = [Wrong(_("We have no SKU with this code.") + f" {code}") for code in unknown]
        raise Problem(422, _("A part of a set is no SKU of ours."), wrongs)
    return {
        known[code]: {known[part]: number for part, number in made_of.items()}
        for code, made_of in parts.items()
    }


def _named(row: dict[str, Any], products: dict[str, int]) -> dict[str, Any]:
    """Return the row with its product instead of the style number."""
    style = row.pop("style", None)
    return {**row, "product_id": products[style]} if style is not None else row


def _told(sku: Sku) -> dict[str, Any]:
    names = SkuOut.model_fields.keys() - {"style", "parts"}
    parts = {part.part.code: part.quantity for part in sku.parts.all()}
    told = {name: getattr(sku, name) for name in names}
    return told | {"style": sku.product.style, "parts": parts}
