"""Cancelling orders. What is reserved for them is given back by the stock room, which looks."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import Source, Stage
from gendan.ui.errors import Refused

# A shipment at one of these has let go of its goods.
LET_GO = ("RECALLED", "RETURNED")


class CannotCancel(Refused):
    """No reason was given, or a shipment of the order is under way."""


def cancel(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str) -> OrderQuerySet:
    """Cancel the orders.

    :raises CannotCancel: without a reason, or if any of them has a shipment that is not recalled
    :raises WrongStage: if any of them is completed or cancelled
    """
    if not why.strip():
        raise CannotCancel(_("Say why: the customer will ask, and so will the supervisor."))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.cancelled", by=by, why=why, count=len(ids)):
        chosen = move(Order.objects.numbered(ids), Stage.CANCELLED)
        refuse_under_way(chosen)
        chosen.update(cancelled_at=now)
        tend(by=by, now=now, orders=chosen)
    return chosen


def refuse_under_way(orders: OrderQuerySet) -> None:
    """Refuse orders with a shipment of ours; looks by names, since this room knows no shipments.

    :raises CannotCancel: if any of them has a shipment that is not recalled
    """
    under_way = (
        orders.filter(shipment_lines__isnull=False)
        .exclude(shipment_lines__shipment__stage__in=LET_GO)
        .values_list("number", "shipment_lines__shipment__number")
        .first()
    )
    if under_way:
        raise CannotCancel(
            _("Order %(order)s is in shipment %(shipment)s. Recall the shipment first.")
            % {"order": under_way[0], "shipment": under_way[1]}
        )


def close_unpaid(*, hours: int, by: Actor, now: datetime) -> OrderQuerySet:
    """Cancel our own orders for which nobody paid anything for so many hours; return them.

    Platforms close theirs themselves and tell us.
    """
    forgotten = Order.objects.filter(
        stage=Stage.UNPAID, stage_since__lt=now - timedelta(hours=hours), paid_fen=0
    ).exclude(source=Source.FILE)
    ids = list(forgotten.values_list("pk", flat=True))
    if not ids:
        return Order.objects.none()
    why = _("Not paid within %(hours)s hours") % {"hours": hours}
    return cancel(Order.objects.numbered(ids), by=by, now=now, why=why)
