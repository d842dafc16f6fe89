"""The opening stock, and what is to come, from files."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.imports import SKU_CODE
from gendan.catalog.models import Sku
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.stock.actions import Coming, Goods, expect, open_stock, place_at
from gendan.stock.models import Balance, ComesFrom, Expected
from gendan.stock.sets import made_of
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells

NUMBERS = re.compile(r"[0-9]+")


WAREHOUSE = ImportColumn(
    "warehouse",
    gettext_lazy("Warehouse"),
    cells.text(80),
    required=True,
    aliases=("仓库", "仓库编码", "仓库代码"),
    examples=("HZ", "HZ"),
    hint=gettext_lazy("Its code or its name."),
    reader=cells.coded(
        lambda: (
            Warehouse.objects.filter(is_active=True)
            .order_by("rank")
            .values_list("pk", "code", "name")
        )
    ),
)


def _known(keys: Collection[Any]) -> Collection[Any]:
    there = Balance.objects.filter(sku__code__any=[code for code, _warehouse in keys])
    return set(there.values_list("sku__code", "warehouse_id"))


class KnownRow(NamedTuple):
    """A row whose SKU is known."""

    sku: int
    values: Mapping[str, Any]


def of_known_goods(
    rows: Sequence[ImportRow], *, by: Worker
) -> tuple[list[KnownRow], list[Mistake]]:
    """Return the rows of known goods in the worker's warehouses, and what is wrong with others.

    Sets lie nowhere.
    """
    rows, elsewhere = _theirs(rows, by)
    codes = [row.values["code"] for row in rows]
    skus = dict(Sku.objects.filter(code__any=codes).values_list("code", "pk"))
    sets = dict(made_of(skus.values()).values())
    good = [
        KnownRow(skus[code], row.values)
        for code, row in zip(codes, rows, strict=True)
        if code in skus and code not in sets
    ]
    wrong = [_unknown(row) for row in rows if row.values["code"] not in skus]
    wrong += [_is_set(row, sets) for row in rows if row.values["code"] in sets]
    return good, sorted(wrong + elsewhere, key=lambda mistake: mistake.number)


def _theirs(rows: Sequence[ImportRow], by: Worker) -> tuple[Sequence[ImportRow], list[Mistake]]:
    """Return the rows of warehouses that the worker sees, and what is to say of the others."""
    seen = by.warehouse_ids
    if seen is None:
        return rows, []
    codes = dict(Warehouse.objects.values_list("pk", "code"))
    elsewhere = [
        Mistake(
            row.number,
            "warehouse",
            codes[row.values["warehouse"]],
            _("This warehouse is not yours."),
            _("Leave the row to somebody who sees this warehouse."),
        )
        for row in rows
        if row.values["warehouse"] not in seen
    ]
    return [row for row in rows if row.values["warehouse"] in seen], elsewhere


def by_warehouse(rows: Sequence[KnownRow]) -> list[tuple[Warehouse, list[KnownRow]]]:
    """Return the rows of each warehouse, in the order in which warehouses are locked."""
    here: dict[int, list[KnownRow]] = defaultdict(list)
    for row in rows:
        here[row.values["warehouse"]].append(row)
    places = Warehouse.objects.filter(pk__in=here).order_by("pk")
    return [(place, here[place.pk]) for place in places]


def take_opening(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Enter the stock of SKUs that have none on record yet; the others stay as they are."""
    good, mistakes = of_known_goods(rows, by=by)
    new = moved = 0
    for warehouse, here in by_warehouse(good):
        goods = [Goods(r.sku, r.values["quantity"]) for r in here if r.values.get("quantity")]
        new += open_stock(goods, warehouse, by=by, document=why[:60] or _("opening stock"))
        places = {r.sku: r.values["location"] for r in here if "location" in r.values}
        moved += place_at(places, warehouse, by=by, why=why) if places else 0
    changed = max(0, moved - new)
    return Outcome(new, changed, len(good) - new - changed, mistakes)


def _unknown(row: ImportRow) -> Mistake:
    return Mistake(
        row.number,
        "code",
        row.values["code"],
        _("There is no SKU with this code."),
        _("Correct the code, or import the goods first."),
    )


def _is_set(row: ImportRow, sets: Mapping[str, str]) -> Mistake:
    code = row.values["code"]
    return Mistake(
        row.number,
        "code",
        code,
        _("This is a set: it lies nowhere itself."),
        _("Write a row for each of its parts instead: %(parts)s.") % {"parts": sets[code]},
    )


OPENING = Import(
    name="stock-opening",
    title=gettext_lazy("Opening stock"),
    lead=gettext_lazy(
        "What lies on the shelves when the house begins. A SKU that has stock on record in the "
        "warehouse stays as it is: count it instead."
    ),
    columns=(
        SKU_CODE,
        WAREHOUSE,
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


def _known_coming(keys: Collection[Any]) -> Collection[Any]:
    there = Expected.objects.filter(reference__in={reference for reference, _s, _w in keys})
    return set(there.values_list("reference", "sku__code", "warehouse_id"))


def take_expected(rows: Sequence[ImportRow], *, by: Worker, why: str = "") -> Outcome:
    """Note what is to come; what is known by its reference is changed."""
    good, mistakes = of_known_goods(rows, by=by)
    news = [
        Coming(
            row.values["reference"],
            row.sku,
            row.values["warehouse"],
            row.values["quantity"],
            row.values["due_on"],
            row.values.get("comes_from") or ComesFrom.PURCHASE,
        )
        for row in good
    ]
    known = _known_coming(
        [(n.reference, r.values["code"], n.warehouse_id) for n, r in zip(news, good, strict=True)]
    )
    touched = expect(news, by=by, why=why).count() if news else 0
    changed = min(len(known), touched)
    return Outcome(touched - changed, changed, len(good) - touched, mistakes)


def _day(cell: str) -> date:
    """Read a day: 2026-12-03, 2026/12/3, 2026年12月3日."""
    numbers = [int(number) for number in NUMBERS.findall(cell.split(" ")[0])]
    try:
        return date(*numbers)
    except (TypeError, ValueError, OverflowError) as error:
        raise cells.BadCell(
            _("This is no day."), _("Write year, month and day: 2026-12-03.")
        ) from error


EXPECTED = Import(
    name="stock-expected",
    title=gettext_lazy("Expected arrivals"),
    lead=gettext_lazy(
        "What suppliers, the workshop or another warehouse will bring, and when. A row whose "
        "reference, SKU and warehouse are known changes it."
    ),
    columns=(
        ImportColumn(
            "reference",
            gettext_lazy("Delivery number"),
            cells.code(60),
            required=True,
            aliases=("单号", "采购单号", "工单号", "参考号"),
            examples=("PO-1203", "PO-1203"),
        ),
        SKU_CODE,
        WAREHOUSE,
        ImportColumn(
            "quantity",
            gettext_lazy("Quantity"),
            cells.whole(1),
            required=True,
            aliases=("数量", "到货数量", "采购数量"),
            examples=("120", "8"),
        ),
        ImportColumn(
            "due_on",
            gettext_lazy("Expected on"),
            _day,
            required=True,
            aliases=("预计到货", "到货日期", "交期", "预计到货日期"),
            examples=("2026-12-03", "2026-12-10"),
        ),
        ImportColumn(
            "comes_from",
            gettext_lazy("Comes from"),
            cells.choice(lambda: [(c.value, str(c.label)) for c in ComesFrom]),
            aliases=("来源", "类型"),
            examples=("", ""),
            hint=gettext_lazy("Purchase, if nothing is said."),
        ),
    ),
    key=("reference", "code", "warehouse"),
    known=_known_coming,
    act=take_expected,
    permission="stock.receive",
    back="arrivals",
)
