"""The way on for orders that are paid: to the customer's word, or to screening."""

from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import Stage


def go_on(orders: OrderQuerySet) -> None:
    """Move paid orders to screening, or to wait for the customer's word if it is still needed."""
    ids = list(orders.values_list("pk", flat=True))
    chosen = Order.objects.numbered(ids)
    agreed = chosen.agreed()
    move(chosen.exclude(pk__in=agreed.values("pk")), Stage.UNCONFIRMED)
    move(chosen.exclude(stage=Stage.UNCONFIRMED), Stage.SCREENING)
