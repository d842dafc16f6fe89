"""What cannot wait goes first: at reservation, in the waves, and in every list."""

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.newcomers import URGENT


def urge(orders: OrderQuerySet, *, by: Actor, why: str = "", urgent: bool = True) -> OrderQuerySet:
    """Mark the orders as urgent, or take the mark away."""
    ids = list(orders.values_list("pk", flat=True))
    verb = "order.urged" if urgent else "order.not_urged"
    with entry(verb, by=by, why=why, count=len(ids)):
        chosen = Order.objects.numbered(ids)
        list(chosen.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        chosen.update(priority=URGENT if urgent else 0)
    return chosen
