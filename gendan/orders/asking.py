"""What people are asked about orders: whether a price may stand, and what waits at a stage."""

from collections.abc import Iterable, Iterator

from gendan.orders.models import Order
from gendan.orders.newcomers import NewOrder, Seller, Shelf, beyond_authority
from gendan.orders.stages import Stage
from gendan.ui.wording import yuan
from gendan.worklist.models import Kind
from gendan.worklist.opening import NewItem

# Whoever comes to one of these stages waits for somebody, without anything else having to happen.
OPENS_AT = {Stage.UNPAID: Kind.UNPAID, Stage.UNCONFIRMED: Kind.UNCONFIRMED}


def questions(
    orders: Iterable[tuple[Order, NewOrder]], shelf: Shelf, by: Seller
) -> Iterator[NewItem]:
    """Yield what a supervisor has to decide about the orders."""
    for order, new in orders:
        beyond = [wrong.sentence for wrong in beyond_authority(shelf.sums(new), by)]
        if beyond:
            facts = {"number": order.number, "asked_by": by.actor_name, "why": " ".join(beyond)}
            yield NewItem(Kind.APPROVAL, "order", order.pk, facts=facts, shop_id=order.shop_id)


def waits(order: Order) -> Iterator[NewItem]:
    """Yield what waits for a person because the order is where it is: one thing, or nothing."""
    kind = OPENS_AT.get(Stage(order.stage))
    if kind:
        facts = {"number": order.number, "total": yuan(order.total_fen)}
        yield NewItem(
            kind,
            "order",
            order.pk,
            facts=facts,
            shop_id=order.shop_id,
            priority=order.priority,
        )
