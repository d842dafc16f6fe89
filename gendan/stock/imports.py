"""The opening stock from a file."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.models import Sku
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.stock.actions import Goods, open_stock, place_at
from gendan.stock.models import Balance
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells


def _warehouses() -> list[tuple[Any, str]]:
    offers: list[tuple[Any, str]] = []
    for warehouse in Warehouse.objects.filter(is_active=True).order_by("rank"):
        offers += [(warehouse.pk, warehouse.code), (warehouse.pk, warehouse.name)]
    return offers


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Balance.objects.filter(sku__code__any=[code for code, _warehouse in keys])
    return set(there.values_list("sku__code", "warehouse_id"))


def take_opening(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Enter the stock of SKUs that have none on record yet; the others stay as they are."""
    skus = dict(
        Sku.objects.filter(code__any=[row.values["code"] for row in rows]).values_list("code", "pk")
    )
    good = [row for row in rows if row.values["code"] in skus]
    mistakes = [_unknown(row) for row in rows if row.values["code"] not in skus]
    by_place: dict[int, list[ImportRow]] = defaultdict(list)
    for row in good:
        by_place[row.values["warehouse"]].append(row)
    new = moved = 0
    for warehouse in Warehouse.objects.filter(pk__in=by_place).order_by("pk"):
        here = by_place[warehouse.pk]
        goods = [Goods(skus[r.values["code"]], r.values["quantity"]) for r in here if _any(r)]
        new += open_stock(goods, warehouse, by=by, document=why[:60] or _("opening stock"))
        places = {
            skus[r.values["code"]]: r.values["location"] for r in here if "location" in r.values
        }
        moved += place_at(places, warehouse, by=by, why=why) if places else 0
    changed = max(0, moved - new)
    return Outcome(new, changed, len(good) - new - changed, mistakes)


def _any(row: ImportRow) -> bool:
    return bool(row.values.get("quantity"))


def _unknown(row: ImportRow) -> Mistake:
    return Mistake(
        row.number,
        "code",
        row.values["code"],
        _("There is no SKU with this code."),
        _("Correct the code, or import the goods first."),
    )


OPENING = Import(
    name="stock-opening",
    title=gettext_lazy("Opening stock"),
    lead=gettext_lazy(
        "What lies on the shelves when the house begins. A SKU that has stock on record in the "
        "warehouse stays as it is: count it instead."
    ),
    columns=(
        ImportColumn(
            "code",
            gettext_lazy("SKU code"),
            cells.code(60),
            required=True,
            aliases=("SKU", "SKU编码", "编码", "商品编码", "商家编码", "规格编码"),
            examples=("LJ-125", "KB-MOLV-M"),
        ),
        ImportColumn(
            "warehouse",
            gettext_lazy("Warehouse"),
            cells.choice(_warehouses),
            required=True,
            aliases=("仓库", "仓库编码", "仓库代码"),
            examples=("HZ", "HZ"),
            hint=gettext_lazy("Its code or its name."),
        ),
        ImportColumn(
            "quantity",
            gettext_lazy("Quantity"),
            cells.whole(),
            required=True,
            aliases=("数量", "库存", "库存数量", "期初数量", "在库"),
            examples=("120", "8"),
        ),
        ImportColumn(
            "location",
            gettext_lazy("Location"),
            cells.text(30),
            aliases=("库位", "货位", "仓位"),
            examples=("A-01-04", "B-02-01"),
        ),
    ),
    key=("code", "warehouse"),
    known=_known,
    act=take_opening,
    permission="stock.adjust",
    back="stock",
)
