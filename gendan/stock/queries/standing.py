"""Questions about stock: what is free, who holds what, what is missing, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.models import Line, Order, RefundState
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.stock.models import (
    Balance,
    Ledger,
    Location,
    Movement,
    Precedence,
    Reservation,
    Shortage,
)
from gendan.ui.prepared import Given, Prepared
from gendan.ui.statements import Lookup, planned

PAGE = 50
HOLDERS = 200
WANTED = Prepared(
    lambda: (
        Line.objects.filter(order=Given("order"), is_cancelled=False, is_set=False)
        .select_related("sku")
        .order_by("position")
    )
)
PROMISED = Prepared(
    lambda: Reservation.objects.filter(line__order=Given("order")).select_related("warehouse")
)
SHORTAGES = Lookup(Shortage, "order_id = %s ORDER BY id")
LAST_PROMISED = """
SELECT at FROM stock_ledger
WHERE line_id IN (SELECT id FROM orders_line WHERE order_id = %s) AND movement = %s
ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Moved:
    """A row of the ledger with the journal entry that says who and why."""

    row: Ledger
    entry: Entry | None


def balances(worker: Worker) -> "QuerySet[Balance]":
    """Return what lies where, with `unpromised`, `free` (after the safety stock) and `location`."""
    place = Location.objects.filter(sku=OuterRef("sku"), warehouse=OuterRef("warehouse"))
    return (
        Balance.objects.filter(at_warehouses(worker))
        .select_related("sku", "warehouse")
        .annotate(
            unpromised=F("on_hand") - F("reserved"),
            free=Greatest(F("on_hand") - F("reserved") - F("sku__safety_stock"), 0),
            location=Coalesce(Subquery(place.values("code")[:1]), Value("")),
        )
    )


def holders(sku: Sku, worker: Worker) -> list[Reservation]:
    """Return to whom pieces of a SKU are promised, the first promise first."""
    held = Reservation.objects.filter(at_warehouses(worker), sku=sku)
    return list(held.select_related("line__order__shop", "warehouse").order_by("pk")[:HOLDERS])


def waiting_for(sku: Sku, worker: Worker) -> list[Shortage]:
    """Return the orders that lack pieces of a SKU, the first to be served first."""
    lacking = Shortage.objects.filter(at_shops(worker, "order__shop"), sku=sku)
    first = Precedence.objects.filter(order=OuterRef("order")).order_by("rank")
    return list(
        lacking.select_related("order__shop")
        .annotate(rank=Subquery(first.values("rank")[:1]))
        .order_by(F("rank").asc(nulls_last=True), "-order__priority", "order__paid_at", "pk")
    )


def ledger(sku: Sku, worker: Worker, *, before: int | None = None) -> list[Moved]:
    """Return the movements of a SKU, the latest first; only older ones than row `before`."""
    rows = Ledger.objects.filter(at_warehouses(worker), sku=sku)
    if before:
        rows = rows.filter(pk__lt=before)
    page = list(rows.select_related("warehouse", "line__order").order_by("-pk")[:PAGE])
    entries = Entry.objects.in_bulk({row.entry_id for row in page})
    return [Moved(row, entries.get(row.entry_id)) for row in page]


def shortages(worker: Worker) -> "QuerySet[Shortage]":
    """Return what orders lack, and the pieces of the SKU that nobody is promised (`unpromised`)."""
    lying = Balance.objects.filter(sku=OuterRef("sku")).order_by().values("sku")
    free = lying.annotate(number=Sum(F("on_hand") - F("reserved"))).values("number")
    return (
        Shortage.objects.filter(at_shops(worker, "order__shop"))
        .select_related("order__shop", "sku")
        .annotate(unpromised=Coalesce(Subquery(free), 0))
    )


@dataclass(frozen=True)
class Standing:
    """A line of an order: where its pieces are promised, and how many are missing."""

    line: Line
    promised: Sequence[Reservation]
    missing: int

    @property
    def to_follow(self) -> int:
        """How many pieces are neither promised nor gone, nor refunded."""
        if self.line.refund_state == RefundState.REFUNDED:
            return 0
        return self.line.quantity - self.line.shipped - sum(held.quantity for held in self.promised)


def standing(
    order: Order, reservations: Iterable[Reservation], shortages: Iterable[Shortage]
) -> list[Standing]:
    """Return how the lines of an order stand: promised here and there, or missing."""
    lines = WANTED(order=order.pk)
    promised: dict[int, list[Reservation]] = {}
    for held in reservations:
        promised.setdefault(held.line_id, []).append(held)
    missing = {short.sku_id: short.missing for short in shortages}
    return [
        Standing(line, promised.get(line.pk, ()), missing.get(line.sku_id or 0, 0))
        for line in lines
    ]


def reserved_at(order: Order) -> datetime | None:
    """Return when goods were promised to an order, as long as they are or have left."""
    if order.stage not in ("ALLOCATED", "COMPLETED"):
        return None
    with planned() as cursor:
        cursor.execute(LAST_PROMISED, [order.pk, Movement.RESERVED.value])
        row = cursor.fetchone()
    return row[0] if row else None
