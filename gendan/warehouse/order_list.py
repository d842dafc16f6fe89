"""What this room adds to the list of orders: putting the chosen ones together."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.journal.actors import Actor
from gendan.orders.listing import orders_listing
from gendan.orders.models import OrderQuerySet
from gendan.ui.errors import Refused
from gendan.ui.listing import BatchAction, Onward
from gendan.warehouse.combining import page_of_orders

MOST = 60  # orders that are looked at on one page


class CannotLook(Refused):
    """So many orders are not looked at side by side."""


def look_at(orders: OrderQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> Onward:
    """Lead to the page where the orders stand side by side, with what would come of it.

    :raises CannotLook: if it is one order alone, or too many
    """
    numbers = list(orders.order_by("pk").values_list("number", flat=True)[: MOST + 1])
    if not 2 <= len(numbers) <= MOST:
        raise CannotLook(_("Choose two orders at least, and %(n)s at most.") % {"n": MOST})
    return Onward(page_of_orders(numbers))


orders_listing.add(
    BatchAction(
        "combine",
        gettext_lazy("Combine"),
        "warehouse.combine",
        look_at,
        icon="combine",
        on_everything=False,
    )
)
