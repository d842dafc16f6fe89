"""Whether a shipment of ours keeps an order from ending, by names: this room knows no shipments."""

from django.utils.translation import gettext as _

from gendan.orders.models import OrderQuerySet
from gendan.ui.errors import Refused

# A shipment at one of these has its goods; a recalled or returned one has let go of them, and
# another may hold them by now.
HOLDS = ("PLANNED", "RELEASED", "PICKED", "PACKED", "SHIPPED", "DELIVERED", "REFUSED", "LOST")
# What has been at the carrier's is not simply promised anew.
HANDLED = (*HOLDS, "RETURNED")
# Out of the house, or back in it: what was in it can't be changed any more.
LEFT = ("SHIPPED", "DELIVERED", "REFUSED", "RETURNED", "LOST")


class UnderWay(Refused):
    """A shipment of an order is being handled or has left."""


def refuse_under_way(orders: OrderQuerySet) -> None:
    """Let no order end while a shipment holds goods of it.

    :raises UnderWay: naming the first of them and its shipment
    """
    under_way = (
        orders.filter(shipment_lines__shipment__stage__in=HOLDS)
        .values_list("number", "shipment_lines__shipment__number")
        .first()
    )
    if under_way:
        raise UnderWay(
            _("Order %(order)s is in shipment %(shipment)s. Recall the shipment first.")
            % {"order": under_way[0], "shipment": under_way[1]}
        )
