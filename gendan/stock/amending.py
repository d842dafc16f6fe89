"""What this room does when orders are changed: pieces are given back, and taken, in the same act.

An order that goes back gives all its pieces back first. What was set aside for it before is then
set aside for what it says now, if screening lets it pass; nobody else comes between, since the
balances of all its goods, those of before and those of now, stay locked from the first moment.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gendan.orders.amending.following import Act, Change, Moment, Told, explain, follow
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions import release, reserve
from gendan.stock.models import Reservation, Shortage
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

WAITED = (Stage.SHORT, Stage.ALLOCATED)

# Everything that the orders have or want, in the one order in which balances are locked.
LOCK = """
SELECT FROM stock_balance WHERE sku_id IN (
  SELECT sku_id FROM orders_line WHERE order_id = ANY(%(orders)s)
  UNION SELECT r.sku_id FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
  WHERE l.order_id = ANY(%(orders)s))
ORDER BY sku_id, warehouse_id FOR NO KEY UPDATE
"""

Held = dict[int, dict[tuple[str, str], int]]
"""Pieces that are set aside for an order, by SKU and warehouse (their codes)."""

explain(
    {
        "GIVEN_BACK": Told(
            _("%(pieces)s × %(sku)s go back to the shelf in %(warehouse)s, free for others."),
            "",
            "return",
        ),
        "TAKEN": Told(_("%(pieces)s × %(sku)s are set aside in %(warehouse)s."), "good", "stock"),
        "LACKING": Told(_("%(pieces)s × %(sku)s are missing: the order is short."), "bad", "alert"),
        "WAITS": Told(_("It waits for its turn at the stock again."), "", "clock"),
    },
    {"warehouse": lambda code: _named(code)},
)


@follow(Moment.LEAVING)
def give_back(act: Act) -> None:
    """Free what is set aside for orders that go back."""
    going = act.those(lambda change: change.begins_anew and change.was in WAITED)
    if not going:
        return
    orders = Order.objects.numbered(going)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"orders": list(going)})
    held = _held(going)
    release(orders, by=act.by, why=act.why)
    for pk, change in going.items():
        change.beside["stock"] = held.get(pk, {})
    waited = [pk for pk, change in going.items() if change.was == Stage.SHORT]
    why = str(_("the order was changed"))
    close_items([Kind.SHORT], "order", waited, by=act.by, now=act.now, why=why)


@follow(Moment.MOVED)
def take_again(act: Act) -> None:
    """Set goods aside for those that had some and pass screening; say what became of all."""
    going = act.those(lambda change: change.begins_anew and change.was in WAITED)
    if not going:
        return
    served = [pk for pk, change in going.items() if change.was == Stage.ALLOCATED]
    passing = Order.objects.numbered(served).filter(stage=Stage.READY)
    reserve(
        Order.objects.numbered(list(passing.values_list("pk", flat=True))), by=act.by, now=act.now
    )
    held, lacking = _held(going), _lacking(going)
    stages = dict(Order.objects.numbered(going).values_list("pk", "stage"))
    for pk, change in going.items():
        _tell(change, change.beside.get("stock", {}), held.get(pk, {}))
        for sku, pieces in lacking.get(pk, []):
            change.follows("LACKING", sku=sku, pieces=pieces)
        if stages[pk] == Stage.READY:
            change.follows("WAITS")


def _tell(
    change: Change, before: dict[tuple[str, str], int], now: dict[tuple[str, str], int]
) -> None:
    for sku, place in sorted({*before, *now}):
        more = now.get((sku, place), 0) - before.get((sku, place), 0)
        if more:
            kind = "TAKEN" if more > 0 else "GIVEN_BACK"
            change.follows(kind, sku=sku, pieces=abs(more), warehouse=place)


def _held(orders: Iterable[int]) -> Held:
    held: Held = defaultdict(dict)
    rows = Reservation.objects.filter(line__order_id__any=list(orders))
    names = ("line__order", "sku__code", "warehouse__code", "quantity")
    for order, sku, place, pieces in rows.values_list(*names):
        held[order][sku, place] = held[order].get((sku, place), 0) + pieces
    return held


def _lacking(orders: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    lacking: dict[int, list[tuple[str, int]]] = defaultdict(list)
    rows = Shortage.objects.filter(order_id__any=list(orders)).order_by("order", "sku__code")
    for order, sku, missing in rows.values_list("order", "sku__code", "missing"):
        lacking[order].append((sku, missing))
    return lacking


def _named(code: str) -> str:
    found = Warehouse.objects.filter(code=code).first()
    return found.name if found else code
