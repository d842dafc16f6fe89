"""What follows from an act: stages that the platform has moved, and what people must look at."""

from datetime import datetime
from typing import Any

from django.db import connection

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.people.models import Shop
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

PAID = """
SELECT id FROM change WHERE known_stage = 'UNPAID'
  AND (state IN ('PAID', 'FORBIDDEN', 'REFUNDING') OR is_cod)
"""
CLOSED = """
SELECT id FROM change WHERE state = 'CLOSED'
  AND known_stage IN ('UNPAID', 'UNCONFIRMED', 'SCREENING')
"""
UNMAPPED = """
SELECT DISTINCT c.id, c.code, c.seen_title FROM told t JOIN told_line l USING (platform_order)
JOIN catalog_shopcode c ON c.shop_id = %s AND c.code = l.code AND c.sku_id IS NULL
WHERE t.verdict IN ('NEW', 'CHANGED') AND t.state NOT IN ('SHIPPED', 'FINISHED', 'CLOSED')
ORDER BY c.id
"""

SURPRISES = """
SELECT id, platform_order, state,
  concat_ws(',', CASE WHEN state_changed THEN 'state' END, CASE WHEN place_changed THEN 'place' END,
    CASE WHEN lines_changed THEN 'lines' END) AS what
FROM change
WHERE known_stage NOT IN ('COMPLETED', 'CANCELLED') AND (
  (state IN ('REFUNDING', 'CLOSED', 'FORBIDDEN') AND state <> known_state
    AND known_stage NOT IN ('UNPAID', 'UNCONFIRMED', 'SCREENING'))
  OR (NOT may_follow AND (place_changed OR lines_changed))
  OR (state IN ('SHIPPED', 'FINISHED') AND state <> known_state AND NOT EXISTS (
    SELECT FROM orders_line l WHERE l.order_id = change.id AND l.shipped > 0)))
ORDER BY id
"""


def move_on(*, by: Actor, now: datetime) -> None:
    """Move the orders that the platform has moved, where nothing of ours depends on them yet."""
    paid, closed = _ids(PAID), _ids(CLOSED)
    if paid:
        move(Order.objects.numbered(paid), Stage.SCREENING)
    if closed:
        move(Order.objects.numbered(closed), Stage.CANCELLED)
        Order.objects.numbered(closed).update(cancelled_at=now)


def tell_people(shop: Shop, *, by: Actor, now: datetime) -> None:
    """Open a work item for each code nobody knows, and each order that changed on its way."""
    items = [
        NewItem(
            Kind.UNMAPPED,
            "shop-code",
            code_id,
            facts={"code": code, "title": title},
            shop_id=shop.pk,
        )
        for code_id, code, title in _rows(UNMAPPED, [shop.pk])
    ]
    items += [
        NewItem(
            Kind.PLATFORM,
            "order",
            order_id,
            detail=what,
            shop_id=shop.pk,
            priority=10,
            facts={"platform_order": platform_order, "state": state},
        )
        for order_id, platform_order, state, what in _rows(SURPRISES)
    ]
    open_items(items, by=by, now=now)


def _ids(query: str) -> list[int]:
    return [row[0] for row in _rows(query)]


def _rows(query: str, parameters: list[int] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
