"""Stocktakes as people hand them in: what the form says, and the columns of a file."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.models import Sku
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.stock.actions.count import Counted, take_stock
from gendan.stock.forms import GoodsForm
from gendan.stock.imports import OPENING
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells

FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


class StocktakeForm(GoodsForm):
    """Where and when it was counted, and why."""

    at = forms.DateTimeField(
        label=gettext_lazy("Counted at"),
        input_formats=list(FORMS),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMS[0]),
        help_text=gettext_lazy("When the shelf was counted; what moved since stays as it is."),
    )
    field_order = ("warehouse", "at", "why")


def _moment(cell: str) -> datetime:
    try:
        found = parse_datetime(cell.strip().replace("/", "-"))
    except ValueError:
        found = None
    if found is None:
        raise cells.BadCell(_("This is no date with a time."), _("Write it as 2026-11-22 10:00."))
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def take_counts(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Take over what was counted, warehouse by warehouse."""
    codes = [row.values["code"] for row in rows]
    skus = dict(Sku.objects.filter(code__any=codes).values_list("code", "pk"))
    by_place: dict[int, list[Counted]] = defaultdict(list)
    for row in rows:
        if sku := skus.get(row.values["code"]):
            count = Counted(sku, row.values["counted"], row.values["at"])
            by_place[row.values["warehouse"]].append(count)
    changed = same = 0
    for warehouse in Warehouse.objects.filter(pk__in=by_place).order_by("pk"):
        told = take_stock(
            by_place[warehouse.pk], warehouse, by=by, now=timezone.now(), why=why or _("stocktake")
        )
        differ = sum(1 for each in told if each.correction)
        changed, same = changed + differ, same + len(told) - differ
    return Outcome(
        0, changed, same, [_unknown(row) for row in rows if row.values["code"] not in skus]
    )


def _unknown(row: ImportRow) -> Mistake:
    return Mistake(
        row.number,
        "code",
        row.values["code"],
        _("There is no SKU with this code."),
        _("Correct the code, or import the goods first."),
    )


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Sku.objects.filter(code__any=[code for code, _warehouse in keys])
    codes = set(there.values_list("code", flat=True))
    return {key for key in keys if key[0] in codes}


STOCKTAKE = Import(
    name="stocktake",
    title=gettext_lazy("Stocktake from a file"),
    lead=gettext_lazy(
        "What was counted, and when. The difference to the stock of that moment is corrected; what "
        "was sold or received since stays as it is."
    ),
    columns=(
        OPENING.by_key["code"],
        OPENING.by_key["warehouse"],
        ImportColumn(
            "counted",
            gettext_lazy("Counted"),
            cells.whole(),
            required=True,
            aliases=("盘点数量", "实盘数量", "实盘", "数量"),
            examples=("118", "8"),
        ),
        ImportColumn(
            "at",
            gettext_lazy("Counted at"),
            _moment,
            required=True,
            aliases=("盘点时间", "盘点时刻", "时间"),
            examples=("2026-11-22 10:00", "2026-11-22 10:00"),
        ),
    ),
    key=("code", "warehouse"),
    known=_known,
    act=take_counts,
    permission="stock.adjust",
    back="stock",
)
