"""A day's report: what came in, what was held, what left, and who did it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gendan.insight import days
from gendan.insight.days import Span
from gendan.insight.queries import day_sql
from gendan.insight.queries.moves import Move, came_to, moves, stood_at
from gendan.insight.queries.people import Deeds, deeds, people_table
from gendan.insight.queries.sales import KEEP_DAYS
from gendan.insight.remembering import remembered
from gendan.insight.tables import Column, Table, summed
from gendan.orders.stages import Source
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.people.models import Shop
from gendan.warehouse.stages import Stage as ShipmentStage
from gendan.worklist.models import Kind

ORDERS, SHIPMENTS = "orders_order", "warehouse_shipment"
Rows = list[list[Any]]
Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Headline:
    label: str
    kind: str
    value: Any
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The headlines, and the tables below them."""

    headlines: Sequence[Headline]
    tables: Sequence[Table]


def day_report(worker: Worker, on: date) -> Report:
    """Return the report of a business day, of what the worker sees."""
    told = _over("day", worker, days.day(on), _told)
    signed, on_the_way = told.signed
    tables = [
        _by_shop(told.came),
        _by_source(told.came),
        _holds(told.holds),
        _ways(told.found),
        _times(told.found),
        _shipped(told.shipped),
        _work(told.work),
        _top(told.top),
        people_table(told.people),
    ]
    return Report(_headlines(told.came, told.found, told.shipped, signed, on_the_way), tables)


def month_report(worker: Worker, on: date) -> Table:
    """Return a month, a row for each day until today's."""
    month = days.month(on)
    midnight = max(month.since, min(month.until, days.midnight(timezone.localdate())))
    rows = _over("month", worker, Span(month.since, midnight), _days)
    rows += _days(worker, Span(midnight, month.until)) if midnight < month.until else []
    columns = (
        Column(_("Day"), "day"),
        *_came_columns(),
        Column(_("Shipped")),
        Column(_("Signed for")),
    )
    return Table(_("The month"), columns, rows, summed(rows, _("Total")), _("Nothing happened."))


@dataclass(frozen=True)
class Told:
    """What the database says of a day, table by table."""

    came: Rows
    shipped: Rows
    signed: Sequence[Any]
    found: Sequence[Move]
    holds: Rows
    work: Rows
    top: Rows
    people: Sequence[Deeds]


def _told(worker: Worker, span: Span) -> Told:
    return Told(
        _ask(day_sql.CAME, worker, span),
        _ask(day_sql.SHIPPED, worker, span),
        _ask(day_sql.SIGNED, worker, span)[0],
        moves(worker, span),
        _ask(day_sql.HOLDS, worker, span),
        _ask(day_sql.WORK, worker, span),
        _ask(day_sql.TOP, worker, span),
        deeds(span),
    )


def _days(worker: Worker, span: Span) -> Rows:
    return _ask(day_sql.MONTH, worker, span)


def _over(
    what: str, worker: Worker, span: Span, count: Callable[[Worker, Span], Figures]
) -> Figures:
    """Return the figures of a span; those of a span that is over are remembered for a while."""
    if span.until > days.midnight(timezone.localdate()):
        return count(worker, span)
    return remembered(what, worker, span, count, keep=KEEP_DAYS)


def _ask(sql: str, worker: Worker, span: Span) -> Rows:
    values: dict[str, Any] = {"since": span.since, "until": span.until}
    values |= {"shops": worker.shop_ids, "warehouses": worker.warehouse_ids}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [list(row) for row in cursor.fetchall()]


def _came_columns() -> tuple[Column, ...]:
    return (
        Column(_("Orders placed")),
        Column(_("Amount"), "money"),
        Column(_("Orders paid")),
        Column(_("Paid"), "money"),
        Column(_("Cancelled")),
    )


def _headlines(
    came: Rows, found: Sequence[Move], shipped: Rows, signed: int, on_the_way: timedelta | None
) -> list[Headline]:
    placed, fen, paid, paid_fen, cancelled = (sum(row[at] for row in came) for at in range(2, 7))
    return [
        Headline(_("Placed"), "money", fen, str(placed)),
        Headline(_("Paid"), "money", paid_fen, str(paid)),
        Headline(_("Cancelled"), "number", cancelled),
        Headline(_("Held"), "number", came_to(found, ORDERS, OrderStage.HELD)),
        Headline(_("Short"), "number", came_to(found, ORDERS, OrderStage.SHORT)),
        Headline(_("Shipped"), "number", sum(row[3] for row in shipped)),
        Headline(_("Signed for"), "number", signed),
        Headline(_("On the way for"), "time", on_the_way),
    ]


def _by_shop(came: Rows) -> Table:
    names = dict(Shop.objects.values_list("pk", "name"))
    rows = _gathered([[names[row[0]], *row[2:]] for row in came])
    columns = (Column(_("Shop"), "text"), *_came_columns())
    return Table(_("By shop"), columns, rows, summed(rows, _("Total")), _("No orders came."))


def _by_source(came: Rows) -> Table:
    rows = _gathered([[str(Source(row[1]).label), *row[2:]] for row in came])
    columns = (Column(_("Source"), "text"), *_came_columns())
    return Table(_("By source"), columns, rows, summed(rows, _("Total")), _("No orders came."))


def _gathered(rows: Rows) -> Rows:
    """Add up the rows that begin with the same name, the largest amount first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for name, *figures in rows:
        sums[name] = [one + other for one, other in zip(sums[name], figures, strict=True)]
    return sorted(([name, *row] for name, row in sums.items()), key=lambda row: -row[2])


def _named(name: str | None, name_en: str | None) -> str:
    english = (get_language() or "").startswith("en")
    return (name_en if english and name_en else name) or "—"


def _holds(rows: Rows) -> Table:
    columns = (
        Column(_("Rule"), "text"),
        Column(_("Held")),
        Column(_("Cleared")),
        Column(_("Until cleared"), "time"),
    )
    named = [[_named(*row[:2]), *row[2:]] for row in rows]
    return Table(_("Why orders were held"), columns, named, empty=_("No rule held an order."))


def _ways(found: Sequence[Move]) -> Table:
    """Say how many came to each stage."""
    rows = [
        *([str(s.label), came_to(found, ORDERS, s)] for s in OrderStage),
        *([str(s.label), came_to(found, SHIPMENTS, s)] for s in ShipmentStage),
    ]
    columns = (Column(_("Stage"), "text"), Column(_("Came here")))
    here = [row for row in rows if row[1]]
    return Table(_("Moves"), columns, here, empty=_("Nothing moved."))


def _times(found: Sequence[Move]) -> Table:
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


def _shipped(rows: Rows) -> Table:
    columns = (
        Column(_("Carrier"), "text"),
        Column(_("Warehouse"), "text"),
        Column(_("Shipped")),
        Column(_("Pieces")),
        Column(_("Weight (g)"), "weight"),
    )
    named = [[_named(*row[:2]), *row[2:5], row[5] or 0] for row in rows]
    return Table(_("Shipped"), columns, named, empty=_("Nothing was shipped."))


def _work(rows: Rows) -> Table:
    columns = (
        Column(_("Work"), "text"),
        Column(_("Opened")),
        Column(_("Closed")),
        Column(_("Closed late")),
        Column(_("Until closed"), "time"),
    )
    named = [[str(Kind(row[0]).label), *row[1:]] for row in rows]
    return Table(_("Exceptions"), columns, named, empty=_("Nothing was opened or closed."))


def _top(rows: Rows) -> Table:
    columns = (
        Column(_("SKU"), "text"),
        Column(_("Goods"), "text"),
        Column(_("Orders")),
        Column(_("Pieces")),
        Column(_("Amount"), "money"),
    )
    return Table(_("Most sold"), columns, rows, empty=_("Nothing was sold."))
