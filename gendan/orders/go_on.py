"""The way on for orders that are paid: to the customer's word, or to screening."""

from gendan.orders.finding import order_finder
from gendan.orders.gate import held_back
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import move
from gendan.orders.stages import WRITTEN_BY_THE_CUSTOMER, Stage


def go_on(orders: OrderQuerySet) -> None:
    """Move paid orders to screening, or to wait for the customer's word or a check."""
    ids = list(orders.values_list("pk", flat=True))
    chosen = Order.objects.numbered(ids)
    ours = chosen.exclude(source__in=WRITTEN_BY_THE_CUSTOMER)
    held = held_back(ours, order_finder)
    agreed = chosen.agreed().exclude(pk__in=held)
    move(chosen.exclude(pk__in=agreed.values("pk")), Stage.UNCONFIRMED)
    move(chosen.exclude(stage=Stage.UNCONFIRMED), Stage.SCREENING)


def let_go_on(orders: OrderQuerySet) -> None:
    """Move those of the orders that waited for the customer's word, but for checks they lack."""
    waited = orders.filter(stage=Stage.UNCONFIRMED)
    move(waited.exclude(pk__in=held_back(waited, order_finder)), Stage.SCREENING)
