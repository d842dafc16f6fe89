"""What of an order waits for the day of a presale, and whether the rest of it waits, too.

The house chooses (`PartingRules`) when pieces are claimed: what is ready leaves first, as a part of
its own, or everything leaves together. A set never parts, and gifts don't go alone.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.db import connection

from gendan.stock.models import PartingRules
from gendan.stock.writing import array

# Of lines `l`: presold for a day to come, or a part of a set of which something is. It is asked
# line by line (OFFSET keeps it so): hardly any order has claims, and a join may read all lines.
WAITS_FOR_ITS_DAY = """EXISTS (
  SELECT FROM stock_presaleclaim c JOIN orders_line p ON p.id = c.line_id
  WHERE c.order_id = l.order_id AND c.waits_until > now()
    AND coalesce(p.part_of_id, p.id) = coalesce(l.part_of_id, l.id) OFFSET 0)"""

# Of orders `o`: all of it waits, since that was chosen, or since nothing else is to be sent.
ALL_WAITS = f"""EXISTS (
  SELECT FROM stock_presaleclaim h
  WHERE h.order_id = o.id AND h.waits_until > now() AND (h.holds_order OR NOT EXISTS (
    SELECT FROM orders_line l
    WHERE l.order_id = h.order_id AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
      AND NOT l.is_set AND NOT l.is_gift AND l.quantity > l.shipped
      AND NOT {WAITS_FOR_ITS_DAY})))"""  # noqa: S608 (a condition of our own)

HELD_BACK = f"""
SELECT o.id FROM orders_order o WHERE o.id = ANY(%s::bigint[]) AND {ALL_WAITS}
"""  # noqa: S608 (a condition of our own)

# What is presold of orders whose other goods are set aside follows on its day, as a rest does.
FOLLOW = f"""
INSERT INTO stock_rest (line_id, order_id, sku_id, quantity, since)
SELECT l.id, l.order_id, l.sku_id, l.quantity - l.shipped, %s
FROM orders_order o JOIN orders_line l ON l.order_id = o.id
WHERE o.id IN (
    SELECT order_id FROM stock_presaleclaim
    WHERE order_id = ANY(%s::bigint[]) AND waits_until > now())
  AND o.stage = 'ALLOCATED' AND l.sku_id IS NOT NULL
  AND NOT l.is_cancelled AND NOT l.is_set AND l.refund_state <> 'REFUNDED'
  AND l.quantity > l.shipped AND {WAITS_FOR_ITS_DAY}
  AND NOT EXISTS (SELECT FROM stock_reservation r WHERE r.line_id = l.id)
ORDER BY l.id ON CONFLICT (line_id) DO NOTHING
"""  # noqa: S608 (a condition of our own)

WAITING = f"""
SELECT l.id FROM orders_line l WHERE l.order_id = ANY(%s::bigint[]) AND {WAITS_FOR_ITS_DAY}
"""  # noqa: S608 (a condition of our own)

Untold = Callable[[Sequence[int]], Collection[int]]
MUST_STAY_WHOLE: list[Untold] = []
"""Later rooms say here which of some orders can't leave in parts."""


def stays_whole(asked: Untold) -> Untold:
    """Ask the function which of some orders (by id) can't leave in parts; a decorator."""
    MUST_STAY_WHOLE.append(asked)
    return asked


def parting_rules() -> PartingRules:
    """Return the rules of the house; what they are where nobody has changed them."""
    return PartingRules.objects.first() or PartingRules()


def held_back(orders: Collection[int]) -> set[int]:
    """Return which of the orders (by id) wait as a whole for the day of a presale."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_BACK, [array(orders)])
        return {row[0] for row in cursor.fetchall()}


def lines_waiting(orders: Collection[int]) -> set[int]:
    """Return the lines of the orders (all by id) that wait for the day of a presale."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [array(orders)])
        return {row[0] for row in cursor.fetchall()}


def may_part(orders: Collection[int]) -> list[int]:
    """Return of which orders what is ready may leave first, by the house and the platforms."""
    if not parting_rules().ready_first:
        return []
    ids = sorted(orders)
    whole = {order for asked in MUST_STAY_WHOLE for order in asked(ids)}
    return [order for order in ids if order not in whole]


def follow_on_their_day(orders: Collection[int], now: datetime) -> None:
    """Let what is presold of the orders follow, as a part of the act that sets the rest aside."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [now, array(sorted(orders))])
