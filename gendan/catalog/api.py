"""SKUs over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from gendan.catalog.actions.save_skus import save_skus
from gendan.catalog.lists import SKUS
from gendan.catalog.models import Product, Sku
from gendan.people.api import key_of, needs
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked

router = Router(tags=["goods"])


class SkuOut(Schema):
    code: str
    style: str
    title: str
    specification: str
    barcode: str
    price_fen: int
    floor_fen: int
    weight_g: int
    safety_stock: int
    is_active: bool


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
    safety_stock: int | None = Field(None, ge=0)
    is_active: bool | None = None


class SkusIn(Schema):
    skus: list[SkuIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class Saved(Schema):
    new: int
    changed: int


@router.get("", response=Page[SkuOut], summary="Find SKUs")
@needs("catalog.see")
def list_skus(request: HttpRequest, asked: Asked) -> Any:
    return page(Sku.objects.select_related("product"), asked, SKUS.finder, _told)


@router.post("", response=Saved, summary="Add and change SKUs, known by their codes")
@needs("catalog.manage")
def save(request: HttpRequest, wanted: SkusIn) -> Any:
    saved = save_skus(_rows(wanted.skus), by=key_of(request), why=wanted.why)
    return {"new": len(saved.new), "changed": len(saved.changed)}


def _rows(skus: list[SkuIn]) -> list[dict[str, Any]]:
    rows = [sku.model_dump(exclude_none=True) for sku in skus]
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
    return [_named(row, products) for row in rows]


def _named(row: dict[str, Any], products: dict[str, int]) -> dict[str, Any]:
    """Return the row with its product instead of the style number."""
    style = row.pop("style", None)
    return {**row, "product_id": products[style]} if style is not None else row


def _told(sku: Sku) -> dict[str, Any]:
    names = SkuOut.model_fields.keys() - {"style"}
    return {name: getattr(sku, name) for name in names} | {"style": sku.product.style}
