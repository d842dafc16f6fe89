"""Barcodes that two SKUs would have."""

from collections.abc import Mapping, Sequence
from typing import Any

from gendan.catalog.models import Sku


def barcode_clashes(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return which rows (by their code) bring a barcode of another SKU, and of which."""
    mine = {row["code"]: row["barcode"] for row in rows if row.get("barcode")}
    codes = [row["code"] for row in rows if "barcode" in row]
    others = Sku.objects.filter(barcode__any=list(mine.values())).exclude(code__any=codes)
    holder = dict(others.values_list("barcode", "code"))
    clashes = {}
    for code, barcode in mine.items():
        if holder.setdefault(barcode, code) != code:
            clashes[code] = holder[barcode]
    return clashes
