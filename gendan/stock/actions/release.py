"""Giving promised stock back."""

from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.orders.under_way import HANDLED
from gendan.stock.actions.ship import Pieces
from gendan.stock.models import Movement, Reservation, Rest, Shortage
from gendan.stock.writing import Change, write
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

# A completed order is one that was shipped elsewhere: what we ship takes its promise along. Asked
# from the promises, which are few beside all orders that were ever over.
OVER = """
SELECT order_id FROM (
  SELECT DISTINCT (SELECT order_id FROM orders_line WHERE id = line_id) AS order_id
  FROM stock_reservation
) promised
WHERE (SELECT stage FROM orders_order WHERE id = order_id) IN ('CANCELLED', 'COMPLETED')
"""


class OnItsWay(Refused):
    """Shipments of some of the orders are already being handled."""


def release(orders: OrderQuerySet, *, by: Actor, why: str = "") -> int:
    """Free everything that is promised to the orders; return how many promises that were."""
    with entry("stock.released", by=by, why=why) as opened:
        held = Reservation.objects.filter(line__order__in=orders).order_by("line_id")
        rows = held.select_for_update().values_list("sku_id", "warehouse_id", "quantity", "line_id")
        changes = [Change(sku, place, 0, -number, line) for sku, place, number, line in rows]
        Shortage.objects.filter(order__in=orders).delete()
        Rest.objects.filter(order__in=orders).delete()
        return write(changes, Movement.RELEASED, entry=opened)


def unreserve(orders: OrderQuerySet, *, by: Actor, why: str) -> OrderQuerySet:
    """Take the promise back from allocated orders; they wait for stock again.

    Their gifts are reckoned anew: something may have been refunded since they were promised.

    :raises OnItsWay: if a shipment of any of them is being handled: it must be recalled first
    """
    ids = list(orders.values_list("pk", flat=True))
    chosen = Order.objects.numbered(ids)
    with entry("stock.unreserved", by=by, why=why):
        moved = move(chosen, Stage.READY, warehouse_id=None)
        if chosen.filter(shipment_lines__shipment__stage__in=HANDLED).exists():
            raise OnItsWay(_("A shipment of this order is being handled. Recall it first."))
        release(moved, by=by, why=why)
        complete_goods(ids, by=by, now=timezone.now())
    return moved


def give_back_cancelled(*, by: Actor) -> int:
    """Free what is still promised to orders that are over; return how many promises that were."""
    with connection.cursor() as cursor:
        cursor.execute(OVER)
        ids = [row[0] for row in cursor.fetchall()]
    return release(Order.objects.numbered(ids), by=by, why=_("the order is over")) if ids else 0


def forget_shortages(*, by: Actor, now: datetime) -> int:
    """Forget what orders lacked that are not short any more; return how many orders."""
    stale = Shortage.objects.exclude(order__stage=Stage.SHORT)
    ids = set(stale.values_list("order_id", flat=True))
    if not ids:
        return 0
    with entry("stock.shortage_ended", by=by):
        moved_on = Order.objects.numbered(ids).exclude(stage=Stage.SHORT).order_by("pk")
        ids = set(moved_on.select_for_update(no_key=True).values_list("pk", flat=True))
        stale.filter(order_id__any=list(ids)).delete()
        close_items([Kind.SHORT], "order", ids, by=by, now=now, why=_("the order moved on"))
    return len(ids)


def put_back(pieces: list[Pieces], *, by: Actor, document: str, why: str = "") -> int:
    """Put pieces that had left back on the shelf, not promised to anybody."""
    with entry("stock.put_back", by=by, why=why, document=document) as opened:
        changes = [Change(p.sku_id, p.warehouse_id, p.quantity, 0, p.line_id) for p in pieces]
        return write(changes, Movement.RETURNED, entry=opened, document=document)
