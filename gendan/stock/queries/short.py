"""What an order is short of right now, and what is known about when it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Min, Sum
from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.orders.stages import BEFORE_ITS_GOODS
from gendan.stock.models import (
    Balance,
    CaseLine,
    Expected,
    ExpectedState,
    Rest,
    Shortage,
    ShortageCase,
)
from gendan.worklist.models import Item, Kind


@dataclass(frozen=True)
class Missing:
    """Pieces of a SKU that an order lacks; what nobody is promised of it, and what comes when."""

    sku: Sku
    found: int
    still: int
    free: int
    comes: int
    next_on: date | None
    missed: bool  # on its shelf, and nobody has said yet whether it is there


def missing(case: ShortageCase) -> Sequence[Missing]:
    """Return what a case is about, SKU by SKU."""
    lines = list(CaseLine.objects.filter(case=case).select_related("sku").order_by("pk"))
    skus = sorted({line.sku_id for line in lines})
    still = _still(case, lines)
    missed = _missed(case)
    free = _free(skus)
    comes = _comes(skus)
    found: dict[int, int] = {}
    for line in lines:
        found[line.sku_id] = found.get(line.sku_id, 0) + line.missing
    return [
        Missing(
            sku,
            found[sku.pk],
            found[sku.pk] if sku.code in missed else still.get(sku.pk, 0),
            free.get(sku.pk, 0),
            *comes.get(sku.pk, (0, None)),
            sku.code in missed,
        )
        for sku in {line.sku_id: line.sku for line in lines}.values()
    ]


def _still(case: ShortageCase, lines: Sequence[CaseLine]) -> dict[int, int]:
    if case.order.stage in BEFORE_ITS_GOODS:
        return {line.sku_id: line.missing for line in lines}
    short = Shortage.objects.filter(order=case.order_id).values_list("sku_id", "missing")
    rests = Rest.objects.filter(order=case.order_id).values_list("sku_id", "quantity")
    return {**dict(short), **dict(rests)}


def _missed(case: ShortageCase) -> set[str]:
    waiting = Item.objects.open().filter(kind=Kind.SHORT, subject="order", subject_id=case.order_id)
    return set(waiting.exclude(detail="").values_list("detail", flat=True))


def _free(skus: Sequence[int]) -> dict[int, int]:
    rows = Balance.objects.filter(sku_id__any=list(skus)).order_by().values_list("sku_id")
    return dict(rows.annotate(n=Sum(F("on_hand") - F("reserved"))))


def _comes(skus: Sequence[int]) -> dict[int, tuple[int, date | None]]:
    rows = Expected.objects.filter(
        sku_id__any=list(skus), state=ExpectedState.OPEN, due_on__gte=timezone.localdate()
    ).order_by()
    told = rows.values_list("sku_id").annotate(
        n=Sum(F("quantity") - F("arrived")), on=Min("due_on")
    )
    return {sku: (n, on) for sku, n, on in told}
