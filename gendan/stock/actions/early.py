"""Short goods that are known before anybody reserves: when an order is placed, or waits unpaid."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.orders.stages import Stage
from gendan.stock.actions.cases import Found, open_cases
from gendan.stock.asking import to_settle
from gendan.stock.models import CaseQuerySet, FoundAt
from gendan.worklist.actions import open_items

# Whoever is paid, confirmed and screened is reserved for within seconds; these stand longer.
STANDING = (Stage.UNPAID, Stage.UNCONFIRMED, Stage.HELD)
FRESH = timedelta(minutes=15)  # what runs out later is found when it is reserved

# Not there in any warehouse, not expected, not made to order and not sold in a presale.
NOWHERE = """
WITH wanted AS (
  SELECT o.id AS order_id, l.sku_id, sum(l.quantity - l.shipped) AS pieces, s.uses_safety_stock
  FROM orders_order o JOIN people_shop s ON s.id = o.shop_id
  JOIN orders_line l ON l.order_id = o.id
  WHERE o.stage = ANY(%(stages)s) AND o.stage_since >= %(since)s AND l.sku_id IS NOT NULL
    AND NOT l.is_cancelled AND NOT l.is_set AND l.refund_state <> 'REFUNDED'
    AND l.quantity > l.shipped
    AND NOT EXISTS (SELECT FROM stock_shortagecase c WHERE c.order_id = o.id)
    AND NOT EXISTS (SELECT FROM stock_presaleclaim c WHERE c.order_id = o.id)
  GROUP BY o.id, l.sku_id, s.uses_safety_stock
), there AS (
  SELECT w.*, greatest(0, coalesce((
    SELECT max(b.on_hand - b.reserved) FROM stock_balance b WHERE b.sku_id = w.sku_id), 0)
    - CASE WHEN uses_safety_stock THEN 0 ELSE k.safety_stock END) AS free
  FROM wanted w JOIN catalog_sku k ON k.id = w.sku_id
)
SELECT order_id, sku_id, pieces - free FROM there t
WHERE free < pieces
  AND NOT EXISTS (SELECT FROM stock_expected e
    WHERE e.sku_id = t.sku_id AND e.state = 'OPEN' AND e.due_on >= %(today)s)
  AND NOT EXISTS (SELECT FROM catalog_leadtime m WHERE m.sku_id = t.sku_id)
  AND NOT EXISTS (SELECT FROM stock_presale p
    WHERE p.sku_id = t.sku_id AND p.ships_on > %(today)s AND p.taken < p.pool)
ORDER BY order_id, sku_id
"""


def find_early(*, by: Actor, now: datetime) -> int:
    """Open cases for orders that have just begun to wait and can't be served; return how many."""
    asked: dict[str, Any] = {
        "stages": [*STANDING],
        "since": now - FRESH,
        "today": timezone.localdate(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOWHERE, asked)
        found = [Found(*row) for row in cursor.fetchall()]
    return open_early(found, by=by, now=now).count() if found else 0


def open_early(found: Sequence[Found], *, by: Actor, now: datetime) -> CaseQuerySet:
    """Open cases of orders whose goods are nowhere; their customers are to be asked by somebody."""
    cases = open_cases(found, FoundAt.ORDER, by=by, now=now)
    why = _("The goods are not there, and no more are expected.")
    open_items(to_settle({each.order_id for each in found}, why), by=by, now=now)
    return cases
