"""Stocktakes as people hand them in: what the form says, and the columns of a file."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.imports import SKU_CODE
from gendan.catalog.models import Sku
from gendan.people.access import Worker
from gendan.stock.actions.count import Counted, take_stock
from gendan.stock.forms import GoodsForm
from gendan.stock.imports import WAREHOUSE, by_warehouse, of_known_goods
from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells

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
    good, mistakes = of_known_goods(rows, by=by)
    changed = same = 0
    for warehouse, here in by_warehouse(good):
        counts = [Counted(row.sku, row.values["counted"], row.values["at"]) for row in here]
        told = take_stock(counts, warehouse, by=by, now=timezone.now(), why=why or _("stocktake"))
        differ = sum(1 for each in told if each.correction)
        changed, same = changed + differ, same + len(told) - differ
    return Outcome(0, changed, same, mistakes)


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
        SKU_CODE,
        WAREHOUSE,
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
