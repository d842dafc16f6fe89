"""What a SKU has cost, read from the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gendan.catalog.models import Sku
from gendan.journal.models import Change, Subject

SHOWN = 12


@dataclass(frozen=True)
class PriceChange:
    """One change of price or floor price, in fen; None where it did not change."""

    at: datetime
    who: str
    why: str
    price: tuple[int, int] | None
    floor: tuple[int, int] | None


def price_history(sku: Sku) -> Sequence[PriceChange]:
    """Return the changes of a SKU's prices, the latest first."""
    table = Subject.objects.filter(name=Sku._meta.db_table).first()
    changes = (
        Change.objects.filter(subject=table, subject_row=sku.pk, operation="U")
        .filter(after__has_any_keys=["price_fen", "floor_fen"])
        .select_related("entry")
        .order_by("-entry_id")[:SHOWN]
    )
    return [
        PriceChange(
            change.entry.at,
            change.entry.actor_name,
            change.entry.why,
            _pair(change, "price_fen"),
            _pair(change, "floor_fen"),
        )
        for change in changes
    ]


def _pair(change: Change, column: str) -> tuple[int, int] | None:
    before, after = change.before or {}, change.after or {}
    return (before.get(column) or 0, after[column]) if column in after else None
