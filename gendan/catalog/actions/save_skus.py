"""Adding SKUs and changing them, known by their codes."""

from collections.abc import Sequence

from gendan.catalog.writing import Row, write_skus
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.importing import Upserted


def save_skus(rows: Sequence[Row], *, by: Actor, why: str = "") -> Upserted:
    """Add SKUs and change those whose code is there; a row's other keys are columns of `Sku`.

    What a row does not mention stays; a new one needs `product_id`, `title` and `price_fen`.

    :raises BarcodeTaken: if a barcode belongs to another SKU
    """
    with entry("sku.saved", by=by, why=why, count=len(rows)):
        return write_skus(rows)
