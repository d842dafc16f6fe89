"""Whom an urgent order displaces here: who waits longer for the same goods."""

from collections.abc import Sequence

from gendan.orders.models.urgency import LaneStep
from gendan.orders.urgent import Displaced, displaced_by, displaces

IN_FRONT = """
SELECT u.id, count(o.id), (array_agg(o.number ORDER BY o.paid_at DESC, o.id DESC))[1:%(named)s]
FROM orders_order u JOIN orders_order o ON o.stage IN ('READY', 'SHORT') AND o.priority <= 0
  AND o.id <> ALL(%(ids)s)
  AND (coalesce(o.paid_at, 'infinity'), o.id) < (coalesce(u.paid_at, 'infinity'), u.id)
WHERE u.id = ANY(%(ids)s) AND u.stage IN ('READY', 'SHORT') AND EXISTS (
  SELECT FROM orders_line mine JOIN orders_line its ON its.sku_id = mine.sku_id
  WHERE mine.order_id = u.id AND its.order_id = o.id
    AND NOT mine.is_cancelled AND NOT its.is_cancelled)
GROUP BY u.id
"""


@displaces(LaneStep.STOCK)
def for_goods(ids: Sequence[int]) -> list[Displaced]:
    """Return who was paid for earlier and wants the same goods."""
    return displaced_by(IN_FRONT, ids)
