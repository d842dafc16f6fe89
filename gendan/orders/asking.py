"""Asking a supervisor about prices that are beyond the clerk's authority."""

from collections.abc import Iterable, Iterator

from gendan.orders.models import Order
from gendan.orders.newcomers import NewOrder, Seller, Shelf, beyond_authority
from gendan.worklist.models import Kind
from gendan.worklist.opening import NewItem


def questions(
    orders: Iterable[tuple[Order, NewOrder]], shelf: Shelf, by: Seller
) -> Iterator[NewItem]:
    """Yield what a supervisor has to decide about the orders."""
    for order, new in orders:
        beyond = [wrong.sentence for wrong in beyond_authority(shelf.sums(new), by)]
        if beyond:
            facts = {"number": order.number, "asked_by": by.actor_name, "why": " ".join(beyond)}
            yield NewItem(Kind.APPROVAL, "order", order.pk, facts=facts, shop_id=order.shop_id)
