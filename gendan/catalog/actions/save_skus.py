"""Adding SKUs and changing them, known by their codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.catalog.queries.clashes import barcode_clashes
from gendan.catalog.words import initials, options_of
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert

Row = Mapping[str, Any]


class BarcodeTaken(Refused):
    """Another SKU has the barcode."""


def save_skus(rows: Sequence[Row], *, by: Actor, why: str = "") -> Upserted:
    """Add SKUs and change those whose code is there; a row's other keys are columns of `Sku`.

    What a row does not mention stays; a new one needs `product_id`, `title` and `price_fen`.

    :raises BarcodeTaken: if a barcode belongs to another SKU
    """
    with entry("sku.saved", by=by, why=why, count=len(rows)):
        return write_skus(rows)


def write_skus(rows: Sequence[Row]) -> Upserted:
    """Do so inside an entry that is open already."""
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
