"""Gifts that orders earn with whom they share parcels, and did not get, with the reason."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from gendan.catalog.models import Sku
from gendan.orders.gift_lines import left_of
from gendan.orders.gifts import Gift
from gendan.orders.gifts_seen import Seen, seen_together
from gendan.orders.gifts_together import Company, counts_together
from gendan.orders.models import GiftRule, Order
from gendan.warehouse.queries.sharing import companies, held_together


class Why(StrEnum):
    """Why nobody got it."""

    CLOSED = "CLOSED"  # all their parcels were in a wave, or packed
    GIVEN = "GIVEN"  # the rule has nothing left to give
    NOT_THERE = "NOT_THERE"  # it did not lie in the warehouse of their parcel


class Missed(NamedTuple):
    """So many pieces that orders (their numbers) earned together, and nobody got."""

    orders: Sequence[str]
    rule: GiftRule
    sku: Sku
    quantity: int
    why: Why


def missed_gifts(orders: Collection[int], *, now: datetime) -> list[Missed]:
    """Return what orders (by id), and all with whom they share parcels, should have by the rules.

    A house in which nothing is counted together pays one look.
    """
    if not counts_together(orders):
        return []
    held = held_together(orders)
    found = [one for one in companies(orders, held) if len(one.orders) > 1]
    if not found:
        return []
    seen = seen_together(found, {one.line_id for one in held if not one.is_open}, now)
    missed = [one for one in seen.missing if not seen.is_closed(*one)]
    numbers = dict(
        Order.objects.numbered(
            {order for _company, gift in missed for order in gift.counted_with}
        ).values_list("pk", "number")
    )
    skus = Sku.objects.in_bulk({gift.sku_id for _company, gift in missed})
    return [
        Missed(
            [numbers[pk] for pk in gift.counted_with],
            seen.rules[gift.rule_id],
            skus[gift.sku_id],
            gift.quantity,
            _why(seen, company, gift),
        )
        for company, gift in missed
    ]


def _why(seen: Seen, company: Company, gift: Gift) -> Why:
    left = left_of([seen.rules[gift.rule_id]])[gift.rule_id]
    if gift.order_id not in company.houses:
        return Why.CLOSED
    return Why.GIVEN if left is not None and left < gift.quantity else Why.NOT_THERE
