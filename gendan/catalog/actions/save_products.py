"""Adding products and changing them, known by their style numbers, alone or with their SKUs."""

from collections.abc import Mapping, Sequence
from typing import Any

from gendan.catalog.models import Product
from gendan.catalog.writing import Row, write_products, write_skus
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.importing import Upserted


def save_products(rows: Sequence[Row], *, by: Actor, why: str = "") -> Upserted:
    """Add products and change those whose `style` is there; their SKUs follow the title."""
    with entry("product.saved", by=by, why=why, count=len(rows)):
        return write_products(rows)


def save_goods(
    products: Sequence[Row], skus: Sequence[Row], *, by: Actor, why: str = ""
) -> tuple[Upserted, Upserted]:
    """Add or change products and SKUs in one act; a SKU names its product by `style`.

    :raises BarcodeTaken: if a barcode belongs to another SKU
    """
    with entry("goods.saved", by=by, why=why, products=len(products), count=len(skus)):
        saved = write_products(products)
        of_style = {product.style: product for product in saved.all}
        return saved, write_skus([_placed(row, of_style) for row in skus])


def _placed(row: Row, of_style: Mapping[str, Product]) -> dict[str, Any]:
    placed = {name: value for name, value in row.items() if name != "style"}
    if product := of_style.get(row.get("style", "")):
        placed |= {"product_id": product.pk, "title": product.title}
    return placed
