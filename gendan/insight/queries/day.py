"""A day's report: what came in, what was held, what left, and who did it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.insight import days
from gendan.insight.queries.figures import Figures, figures
from gendan.insight.queries.moves import came_to, mean, stood_at
from gendan.insight.queries.parts import (
    CAME,
    DONE,
    HELD,
    MOVED,
    REPORT,
    SHIPPED,
    SIGNED,
    SOLD,
    WORKED,
    Came,
    Held,
    Moved,
    Shipped,
    Signed,
    Sold,
    Worked,
)
from gendan.insight.queries.people import gathered, people_table
from gendan.insight.tables import Column, Table, summed
from gendan.orders.stages import Source
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.people.models import Shop, Warehouse
from gendan.screening.models import Rule
from gendan.warehouse.models import Carrier
from gendan.warehouse.stages import Stage as ShipmentStage
from gendan.worklist.models import Kind

ORDERS, SHIPMENTS = "orders_order", "warehouse_shipment"
MOST = 20
Rows = list[list[Any]]
Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Headline:
    label: str
    kind: str
    value: Any
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The headlines, the tables below them, and until when they were counted."""

    headlines: Sequence[Headline]
    tables: Sequence[Table]
    until: datetime


def day_report(worker: Worker, on: date) -> Report:
    """Return the report of a business day, of what the worker sees."""
    told = figures(worker, [on], REPORT)
    tables = [
        _by_shop(told.of(CAME)),
        _by_source(told.of(CAME)),
        _holds(told.of(HELD)),
        _ways(told.of(MOVED)),
        _times(told.of(MOVED)),
        _shipped(told.of(SHIPPED)),
        _work(told.of(WORKED)),
        _top(told.of(SOLD)),
        people_table(gathered(told.of(DONE))),
    ]
    return Report(_headlines(told), tables, told.until)


def month_report(worker: Worker, on: date) -> Report:
    """Return a month, a row for each day until today's on which anything happened."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    told = figures(worker, days.month_so_far(on, until=tomorrow), [CAME, SHIPPED, SIGNED])
    came, shipped, signed = told.by_day(CAME), told.by_day(SHIPPED), told.by_day(SIGNED)
    rows = [
        [day, *_sums(came[day]), _parcels(shipped[day]), _parcels(signed[day])]
        for day in sorted(came)
        if came[day] or shipped[day] or signed[day]
    ]
    columns = (
        Column(_("Day"), "day"),
        *_came_columns(),
        Column(_("Shipped")),
        Column(_("Signed for")),
    )
    sums = summed(rows, _("Total"))
    month = Table(_("The month"), columns, rows, sums, _("Nothing happened."))
    return Report((), [month], told.until)


def _came_columns() -> tuple[Column, ...]:
    return (
        Column(_("Orders placed")),
        Column(_("Amount"), "money"),
        Column(_("Orders paid")),
        Column(_("Paid"), "money"),
        Column(_("Cancelled")),
    )


def _sums(rows: Sequence[Came]) -> list[int]:
    """Add up what came: orders placed, fen, orders paid, fen, orders cancelled."""
    columns = zip(*(row[2:] for row in rows), strict=True) if rows else [[0]] * 5
    return [sum(column) for column in columns]


def _parcels(rows: Sequence[Shipped] | Sequence[Signed]) -> int:
    return sum(row.parcels for row in rows)


def _headlines(told: Figures) -> list[Headline]:
    placed, fen, paid, paid_fen, cancelled = _sums(told.of(CAME))
    found, signed = told.of(MOVED), told.of(SIGNED)
    way = mean(sum(row.way_us for row in signed), sum(row.known for row in signed))
    return [
        Headline(_("Placed"), "money", fen, str(placed)),
        Headline(_("Paid"), "money", paid_fen, str(paid)),
        Headline(_("Cancelled"), "number", cancelled),
        Headline(_("Held"), "number", came_to(found, ORDERS, OrderStage.HELD)),
        Headline(_("Short"), "number", came_to(found, ORDERS, OrderStage.SHORT)),
        Headline(_("Shipped"), "number", _parcels(told.of(SHIPPED))),
        Headline(_("Signed for"), "number", _parcels(signed)),
        Headline(_("On the way for"), "time", way),
    ]


def _by_shop(came: Sequence[Came]) -> Table:
    names = dict(Shop.objects.values_list("pk", "name"))
    rows = _gathered(came, lambda row: names[row.shop])
    columns = (Column(_("Shop"), "text"), *_came_columns())
    return Table(_("By shop"), columns, rows, summed(rows, _("Total")), _("No orders came."))


def _by_source(came: Sequence[Came]) -> Table:
    rows = _gathered(came, lambda row: str(Source(row.source).label))
    columns = (Column(_("Source"), "text"), *_came_columns())
    return Table(_("By source"), columns, rows, summed(rows, _("Total")), _("No orders came."))


def _gathered(came: Sequence[Came], name: Callable[[Came], str]) -> Rows:
    """Add up the rows of the same name, the largest amount first."""
    rows = [[key, *_sums(of_name)] for key, of_name in _grouped(came, name).items()]
    return sorted(rows, key=lambda row: -row[2])


def _grouped(rows: Sequence[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _named(name: str | None, name_en: str | None) -> str:
    english = (get_language() or "").startswith("en")
    return (name_en if english and name_en else name) or "—"


def _holds(held: Sequence[Held]) -> Table:
    rules = Rule.objects.in_bulk({row.rule for row in held})
    rows: list[tuple[Rule, list[Any]]] = []
    for pk, of_rule in _grouped(held, lambda row: row.rule).items():
        cleared = sum(row.cleared for row in of_rule)
        lasted = mean(sum(row.held_us for row in of_rule), cleared)
        rows.append((rules[pk], [sum(row.placed for row in of_rule), cleared, lasted]))
    rows.sort(key=lambda row: (-row[1][0], row[0].code))
    columns = (
        Column(_("Rule"), "text"),
        Column(_("Held")),
        Column(_("Cleared")),
        Column(_("Until cleared"), "time"),
    )
    named = [[_named(rule.name, rule.name_en), *numbers] for rule, numbers in rows]
    return Table(_("Why orders were held"), columns, named, empty=_("No rule held an order."))


def _ways(found: Sequence[Moved]) -> Table:
    """Say how many came to each stage."""
    rows = [
        *([str(s.label), came_to(found, ORDERS, s)] for s in OrderStage),
        *([str(s.label), came_to(found, SHIPMENTS, s)] for s in ShipmentStage),
    ]
    columns = (Column(_("Stage"), "text"), Column(_("Came here")))
    here = [row for row in rows if row[1]]
    return Table(_("Moves"), columns, here, empty=_("Nothing moved."))


def _times(found: Sequence[Moved]) -> Table:
    """Say how long what left a stage had stood there."""
    rows = [
        [str(stage.label), *stood_at(found, table, stage)]
        for table, stages in ((ORDERS, OrderStage), (SHIPMENTS, ShipmentStage))
        for stage in stages
    ]
    columns = (
        Column(_("Stage"), "text"),
        Column(_("Went on")),
        Column(_("Stood on average"), "time"),
    )
    return Table(
        _("Times"), columns, [row for row in rows if row[1]], empty=_("Nothing left a stage.")
    )


def _shipped(shipped: Sequence[Shipped]) -> Table:
    carriers = Carrier.objects.in_bulk({row.carrier for row in shipped if row.carrier})
    warehouses = dict(Warehouse.objects.values_list("pk", "name"))
    rows: Rows = []
    places = _grouped(shipped, lambda row: (row.carrier, row.warehouse))
    for (pk, warehouse), left in places.items():
        carrier = _named(carriers[pk].name, carriers[pk].name_en) if pk else "—"
        pieces, weight_g = sum(row.pieces for row in left), sum(row.weight_g for row in left)
        rows.append([carrier, warehouses[warehouse], _parcels(left), pieces, weight_g])
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    columns = (
        Column(_("Carrier"), "text"),
        Column(_("Warehouse"), "text"),
        Column(_("Shipped")),
        Column(_("Pieces")),
        Column(_("Weight (g)"), "weight"),
    )
    return Table(_("Shipped"), columns, rows, empty=_("Nothing was shipped."))


def _work(worked: Sequence[Worked]) -> Table:
    rows: Rows = []
    for kind, work in sorted(_grouped(worked, lambda row: row.kind).items()):
        opened, closed = sum(row.opened for row in work), sum(row.closed for row in work)
        lasted = mean(sum(row.open_us for row in work), closed)
        rows.append([str(Kind(kind).label), opened, closed, sum(row.late for row in work), lasted])
    rows.sort(key=lambda row: -row[1])
    columns = (
        Column(_("Work"), "text"),
        Column(_("Opened")),
        Column(_("Closed")),
        Column(_("Closed late")),
        Column(_("Until closed"), "time"),
    )
    return Table(_("Exceptions"), columns, rows, empty=_("Nothing was opened or closed."))


def _top(sold: Sequence[Sold]) -> Table:
    worth: Counter[tuple[int | None, str]] = Counter()
    for _shop, sku, code, _title, _orders, _pieces, fen in sold:  # thousands, on any day
        worth[sku, code] += fen
    most = {goods for goods, _fen in worth.most_common(MOST)}
    groups = _grouped(
        [row for row in sold if row[1:3] in most],
        lambda row: (row.sku, row.shop_code),
    )
    skus = Sku.objects.in_bulk({sku for sku, _code in most if sku})
    rows: Rows = [
        [
            *_goods(group[0], skus),
            sum(row.orders for row in group),
            sum(row.pieces for row in group),
            sum(row.fen for row in group),
        ]
        for group in groups.values()
    ]
    rows.sort(key=lambda row: (-row[4], row[0]))
    columns = (
        Column(_("SKU"), "text"),
        Column(_("Goods"), "text"),
        Column(_("Orders")),
        Column(_("Pieces")),
        Column(_("Amount"), "money"),
    )
    return Table(_("Most sold"), columns, rows, empty=_("Nothing was sold."))


def _goods(row: Sold, skus: dict[int, Sku]) -> tuple[str, str]:
    if row.sku is None:
        return row.shop_code, row.title
    sku = skus[row.sku]
    return sku.code, f"{sku.title} {sku.specification}"
