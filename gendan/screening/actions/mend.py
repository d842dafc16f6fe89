"""The remedies that change an order; afterwards the rules are asked again."""

from collections.abc import Mapping
from datetime import datetime

from gendan.catalog import actions as catalog
from gendan.customers.addresses import Address
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.correct import Receiver, correct
from gendan.orders.actions.set_skus import follow_codes, set_skus
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.screening.actions.screen import rescreen


def map_codes(skus: Mapping[int, int], *, by: Actor, now: datetime, why: str = "") -> int:
    """Let shop codes (by id) mean SKUs (by id) wherever a shop says them.

    Return how many orders that were in.

    :raises UnknownSku: if a SKU is not there or no longer sold
    """
    with entry("order.goods_named", by=by, why=why):
        catalog.map_codes(skus, by=by, now=now, why=why)
        return _again(follow_codes(by=by, why=why), by=by, now=now)


def map_lines(skus: Mapping[int, int], *, by: Actor, now: datetime, why: str = "") -> int:
    """Let order lines (by id) mean SKUs (by id): those that came without any code."""
    with entry("order.goods_named", by=by, why=why):
        return _again(set_skus(skus, by=by, why=why), by=by, now=now)


def correct_address(
    addresses: Mapping[int, Address], *, by: Actor, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Send orders (by id) to other addresses, and ask the rules again.

    :raises StillWrong: if a parcel could not go there
    :raises WrongStage: if any of them has passed screening
    """
    receivers = {pk: Receiver(address=address) for pk, address in addresses.items()}
    return _correct(receivers, by=by, now=now, why=why)


def correct_phone(
    phones: Mapping[int, str], *, by: Actor, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Give orders (by id) numbers that can be called, and ask the rules again.

    :raises StillWrong: if one can't be called
    :raises WrongStage: if any of them has passed screening
    """
    receivers = {pk: Receiver(phone=phone) for pk, phone in phones.items()}
    return _correct(receivers, by=by, now=now, why=why)


def _correct(
    receivers: Mapping[int, Receiver], *, by: Actor, now: datetime, why: str
) -> OrderQuerySet:
    with entry("order.corrected", by=by, why=why):
        orders = correct(receivers, by=by, why=why)
        rescreen(orders, by=by, now=now)
    return orders


def _again(orders: OrderQuerySet, *, by: Actor, now: datetime) -> int:
    ids = list(orders.values_list("pk", flat=True))
    held = Order.objects.numbered(ids).filter(stage__in=(Stage.SCREENING, Stage.HELD))
    rescreen(Order.objects.numbered(held.values_list("pk", flat=True)), by=by, now=now)
    return len(ids)
