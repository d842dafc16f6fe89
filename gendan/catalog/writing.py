"""Writing goods inside an entry that is open already: actions of this room call it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gendan.catalog.models import Product, Sku
from gendan.catalog.queries.clashes import barcode_clashes
from gendan.catalog.words import initials, options_of
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert

Row = Mapping[str, Any]


class BarcodeTaken(Refused):
    """Another SKU has the barcode."""


def write_products(rows: Sequence[Row]) -> Upserted:
    """Write products by their style; the SKUs of one that is renamed follow."""
    saved = upsert(Product, ("style",), rows)
    titles = {product.pk: product.title for product in saved.changed}
    skus = Sku.objects.filter(product_id__any=list(titles))
    behind = [sku for sku in skus if sku.title != titles[sku.product_id]]
    if behind:
        write_skus([{"code": sku.code, "title": titles[sku.product_id]} for sku in behind])
    return saved


def write_skus(rows: Sequence[Row]) -> Upserted:
    """Write SKUs by their code, with the initials to find them by.

    :raises BarcodeTaken: if a barcode belongs to another SKU
    """
    if clashes := barcode_clashes(rows):
        code, other = next(iter(clashes.items()))
        raise BarcodeTaken(
            _("The barcode of %(code)s belongs to %(other)s. Correct one of the two.")
            % {"code": code, "other": other}
        )
    return upsert(Sku, ("code",), _searchable(rows))


def _searchable(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows with what follows from title and specification: initials and options."""
    codes = {row["code"] for row in rows}
    names = Sku.objects.filter(code__any=list(codes)).values_list("code", "title", "specification")
    there = {code: (title, specification) for code, title, specification in names}
    return [_with_initials(row, *there.get(row["code"], ("", ""))) for row in rows]


def _with_initials(row: Row, title: str, specification: str) -> dict[str, Any]:
    title = row.get("title", title)
    if "specification" in row and "options" not in row:
        row = {**row, "options": options_of(row["specification"])}
    specification = row.get("specification", specification)
    return {**row, "pinyin": initials(f"{title}{specification}")}
