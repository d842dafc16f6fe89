"""What a change of an order means in money, for whoever has to collect it or give it back."""

from collections.abc import Iterator

from gendan.orders.amending.following import Consequence
from gendan.orders.amending.rules import is_told_by_platform
from gendan.orders.models import Order


def terms(
    order: Order, *, difference_fen: int, owed_fen: int, waits: bool
) -> Iterator[Consequence]:
    """Yield what follows for the money; `waits`: the order goes on when the customer has paid."""
    if difference_fen and order.is_cod:
        yield Consequence("COD", {"fen": owed_fen})
    elif waits:
        yield Consequence("COLLECT", {"fen": owed_fen})
    elif owed_fen < 0:
        yield Consequence("REFUND", {"fen": -owed_fen})
    elif difference_fen and is_told_by_platform(order) and owed_fen > 0:
        yield Consequence("PLATFORM_COLLECTS", {"fen": owed_fen})


def telling(order: Order) -> Iterator[Consequence]:
    """Yield that the platform is to be told, where it knows of the order."""
    if is_told_by_platform(order):
        yield Consequence("TELL_PLATFORM", {"platform": order.shop.platform})
