"""What orders need, and what lies there for them; whoever serves reads and locks it here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from django.db import connection

from gendan.catalog.models import Sku
from gendan.people.models import Warehouse
from gendan.stock.allocation import Demand, Place, Share, share_out
from gendan.stock.presold import WAITS_FOR_ITS_DAY, parting_rules

# Who was put first by hand goes first; then priority and payment decide. What is presold for a day
# to come is not needed yet.
NEEDED = f"""
SELECT o.id, o.warehouse_id, s.uses_safety_stock, l.id, l.sku_id, l.quantity - l.shipped
FROM orders_order o JOIN people_shop s ON s.id = o.shop_id JOIN orders_line l ON l.order_id = o.id
LEFT JOIN (SELECT order_id, min(rank) AS rank FROM stock_precedence GROUP BY order_id) p
  ON p.order_id = o.id
WHERE o.id = ANY(%s) AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED' AND NOT l.is_set
  AND l.quantity > l.shipped AND NOT {WAITS_FOR_ITS_DAY}
ORDER BY p.rank NULLS LAST, o.priority DESC, o.paid_at, o.id, l.id
"""  # noqa: S608 (a condition of our own)

SETS = """
SELECT l.order_id, l.id, b.id, l.quantity / b.quantity
FROM orders_line l JOIN orders_line b ON b.id = l.part_of_id
WHERE l.order_id = ANY(%s) AND NOT l.is_cancelled
"""

FREE = """
SELECT b.sku_id, b.warehouse_id, b.on_hand - b.reserved FROM stock_balance b
WHERE b.sku_id = ANY(%s) ORDER BY b.sku_id, b.warehouse_id FOR NO KEY UPDATE
"""


def needs(orders: Sequence[int]) -> list[Demand]:
    """Return what the orders need, the most urgent first; goods nobody has mapped are left out."""
    with connection.cursor() as cursor:
        cursor.execute(NEEDED, [list(orders)])
        rows = cursor.fetchall()
    demands = []
    for (order, warehouse, uses_safety), lines in groupby(rows, itemgetter(0, 1, 2)):
        wanted = [line[3:] for line in lines]
        if all(sku is not None for _line, sku, _quantity in wanted):
            demands.append(Demand(order, wanted, warehouse, uses_safety))
    return demands


def sets_in(orders: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Return by order and line of what set it is a part, and how many pieces are in one."""
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SETS, [list(orders)])
        for order, line, bearer, each in cursor.fetchall():
            found[order][line] = bearer, each
    return found


def free(skus: Sequence[int]) -> dict[Place, int]:
    """Lock the balances, always in the same order, and return what is not promised."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [list(skus)])
        return {(sku, warehouse): free for sku, warehouse, free in cursor.fetchall()}


def safety(skus: Sequence[int]) -> dict[int, int]:
    """Return the pieces of the SKUs that only some shops may sell."""
    kept = Sku.objects.filter(pk__any=list(skus), safety_stock__gt=0)
    return dict(kept.values_list("pk", "safety_stock"))


def what_is_there(orders: Sequence[int]) -> dict[int, Share]:
    """Return what could be sent now of each of the orders of which at least one piece is there.

    Of sets, as many as are there whole; or what is there of them, if the house lets them part.
    """
    whole = {} if parting_rules().sets_part else sets_in(orders)
    demands = [replace(each, sets=whole.get(each.order_id, {})) for each in needs(orders)]
    skus = sorted({sku for demand in demands for _line, sku, _n in demand.needs})
    lying, kept, places = free(skus), safety(skus), warehouses()
    shares = {each.order_id: share_out(each, lying, kept, places) for each in demands}
    return {order: share for order, share in shares.items() if share and share.pieces}


def warehouses() -> list[int]:
    """Return the warehouses that serve, in the order of preference."""
    active = Warehouse.objects.filter(is_active=True).order_by("rank", "pk")
    return list(active.values_list("pk", flat=True))
