"""Cancelling orders. What is reserved for them is given back by the stock room, which looks."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.actions.urge import let_go
from gendan.orders.models import Order, OrderQuerySet, UrgencyEnd
from gendan.orders.move import move
from gendan.orders.stages import Source, Stage
from gendan.orders.under_way import refuse_under_way
from gendan.ui.errors import Refused


class CannotCancel(Refused):
    """No reason was given."""


def cancel(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str) -> OrderQuerySet:
    """Cancel the orders.

    :raises CannotCancel: without a reason
    :raises UnderWay: if any of them has a shipment that is not recalled
    :raises WrongStage: if any of them is completed or cancelled
    """
    if not why.strip():
        raise CannotCancel(_("Say why: the customer will ask, and so will the supervisor."))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.cancelled", by=by, why=why, count=len(ids)):
        chosen = move(Order.objects.numbered(ids), Stage.CANCELLED)
        refuse_under_way(chosen)
        chosen.update(cancelled_at=now)
        let_go(ids, UrgencyEnd.OVER, by=by, now=now, why=why)
        tend(by=by, now=now, orders=chosen)
    return chosen


def close_unpaid(*, hours: int, by: Actor, now: datetime) -> OrderQuerySet:
    """Cancel our own orders for which nobody paid anything for so many hours; return them.

    Platforms close theirs themselves and tell us.
    """
    forgotten = Order.objects.filter(
        stage=Stage.UNPAID, stage_since__lt=now - timedelta(hours=hours), paid_fen=0
    ).exclude(source=Source.FILE)
    with transaction.atomic():  # who pays in this very moment keeps the order
        locked = forgotten.order_by("pk").select_for_update(no_key=True)
        ids = list(locked.values_list("pk", flat=True))
        if not ids:
            return Order.objects.none()
        why = ngettext(
            "Not paid within %(hours)s hour", "Not paid within %(hours)s hours", hours
        ) % {"hours": hours}
        return cancel(Order.objects.numbered(ids), by=by, now=now, why=why)
