"""Ends an order: some days after its last parcel arrived, or when the customer says so."""

from datetime import datetime

from django.utils.translation import gettext as _
from psycopg import sql

from gendan.delivery.arrival import DELIVERED_AT
from gendan.delivery.queries.completion import delivered, due_for_completion
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move as move_orders
from gendan.orders.stages import Stage as OrderStage
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment
from gendan.warehouse.move import move as move_shipments
from gendan.warehouse.stages import Stage


class NotDelivered(Refused):
    """Something of an order has not arrived."""


def complete(orders: OrderQuerySet, *, by: Actor, why: str = "") -> OrderQuerySet:
    """End orders of which everything has arrived.

    :raises NotDelivered: if something of one of them is still to come, or came back
    :raises WrongStage: if one of them is not at the stage before
    """
    ids = list(orders.values_list("pk", flat=True))
    wanted = Order.objects.numbered(ids)
    _refuse_undelivered(wanted, len(ids))
    with entry("order.completed", by=by, why=why):
        return _end(wanted)


def complete_due(*, by: Actor, now: datetime) -> int:
    """End the orders whose last parcel arrived a set number of days ago; return how many."""
    ids = list(due_for_completion(now=now).values_list("pk", flat=True))
    return complete(Order.objects.numbered(ids), by=by).count() if ids else 0


def receive(orders: OrderQuerySet, *, by: Actor, why: str = "") -> OrderQuerySet:
    """Take the customer's word that the shipped parcels have come; end what is complete by that.

    :raises NotDelivered: if nothing of the orders is on its way or can end
    """
    ids = list(orders.values_list("pk", flat=True))
    wanted = Order.objects.numbered(ids)
    under_way = Shipment.objects.filter(stage=Stage.SHIPPED, lines__order__in=ids).distinct()
    parcels = list(under_way.values_list("pk", flat=True))
    if not parcels and not _whole(wanted).exists():
        raise NotDelivered(_("Nothing of this order is on its way. Please ask our service."))
    with entry("order.received", by=by, why=why):
        move_shipments(
            Shipment.objects.numbered(parcels), Stage.DELIVERED, delivered_at=DELIVERED_AT
        )
        return _end(Order.objects.numbered(list(_whole(wanted).values_list("pk", flat=True))))


def _whole(orders: OrderQuerySet) -> OrderQuerySet:
    """Return those of the orders that can end now."""
    return delivered(orders.filter(stage=OrderStage.ALLOCATED))


def _end(orders: OrderQuerySet) -> OrderQuerySet:
    return move_orders(orders, OrderStage.COMPLETED, completed_at=sql.SQL("now()"))


def _refuse_undelivered(orders: OrderQuerySet, number: int) -> None:
    arrived = set(delivered(orders).values_list("pk", flat=True))
    if len(arrived) == number:
        return
    first = orders.exclude(pk__in=arrived).first()
    raise NotDelivered(
        _("Order %(number)s can't be completed: something of it has not arrived.")
        % {"number": first or ""}
    )
