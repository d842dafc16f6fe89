"""What an order was paid too much."""

from gendan.orders.models import Order
from gendan.orders.stages import Stage


def due_fen(order: Order) -> int:
    """Return what has to go back to the customer; 0 if nothing."""
    cost = 0 if order.stage == Stage.CANCELLED else order.total_fen
    return max(0, order.paid_fen - order.refunded_fen - cost)
