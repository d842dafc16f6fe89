"""Ending orders that the platform calls shipped although nothing of them left our house.

The merchant sent them from somewhere else; we must not send them again. What is reserved for them
is given back by the stock room, which looks.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import SHIPPED_ON_PLATFORM, Stage
from gendan.orders.under_way import refuse_under_way
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

ENDS = (Kind.PLATFORM, Kind.HELD, Kind.SHORT)


class NotShippedElsewhere(Refused):
    """No reason was given, or the platform does not say that the order is shipped."""


def shipped_elsewhere(
    orders: OrderQuerySet, *, by: Actor, now: datetime, why: str
) -> OrderQuerySet:
    """Complete orders that somebody else has shipped.

    :raises NotShippedElsewhere: without a reason, or if the platform says otherwise
    :raises UnderWay: if any of them has a shipment of ours that is not recalled
    :raises WrongStage: if any of them is a draft, in production, or over
    """
    if not why.strip():
        raise NotShippedElsewhere(_("Say why: where was it shipped from?"))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.shipped_elsewhere", by=by, why=why, count=len(ids)):
        ended = move(Order.objects.numbered(ids), Stage.COMPLETED)
        _refuse_unless_told(ended)
        refuse_under_way(ended)
        ended.update(completed_at=now)
        tend(by=by, now=now, orders=ended)
        close_items(ENDS, "order", ids, by=by, now=now, why=_("shipped elsewhere"))
    return ended


def _refuse_unless_told(orders: OrderQuerySet) -> None:
    other = orders.exclude(platform_state__in=SHIPPED_ON_PLATFORM).first()
    if other:
        raise NotShippedElsewhere(
            _("The platform does not say that order %(number)s is shipped. Cancel it instead.")
            % {"number": other.number}
        )
