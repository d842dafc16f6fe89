"""Gifts that orders earn with whom they share parcels, and did not get, with the reason."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from gendan.catalog.models import Sku
from gendan.catalog.queries.sets import made_of
from gendan.orders.gift_lines import left_of
from gendan.orders.gifts import Gift
from gendan.orders.gifts_seen import Seen, seen_together
from gendan.orders.gifts_together import Company, counts_together
from gendan.orders.models import GiftRule, Order
from gendan.stock.models import Balance
from gendan.stock.needs import safety
from gendan.warehouse.queries.sharing import companies, held_together


class Why(StrEnum):
    """Why nobody got it."""

    CLOSED = "CLOSED"  # all their parcels were in a wave, or packed
    GIVEN = "GIVEN"  # the rule has nothing left to give
    NOT_THERE = "NOT_THERE"  # it does not lie in the warehouse of their parcel
    LATER = "LATER"  # it does by now: the goods, or the rule, came after they were put together


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
    lying = _lying(skus)
    return [
        Missed(
            [numbers[pk] for pk in gift.counted_with],
            seen.rules[gift.rule_id],
            skus[gift.sku_id],
            gift.quantity,
            _why(seen, company, gift, lying),
        )
        for company, gift in missed
    ]


def _lying(skus: Collection[int]) -> dict[int, dict[int, int]]:
    """Return how many of each SKU could be given from each warehouse; a set is as many as parts."""
    parts = made_of(skus)
    needs = {sku: parts.get(sku, {sku: 1}) for sku in skus}
    there = Balance.objects.filter(sku_id__any=[one for some in needs.values() for one in some])
    free = {(b.sku_id, b.warehouse_id): b.on_hand - b.reserved for b in there}
    kept = safety([sku for sku, _place in free])
    places = {place for _sku, place in free}
    return {
        sku: {
            place: min(
                (free.get((one, place), 0) - kept.get(one, 0)) // n for one, n in some.items()
            )
            for place in places
        }
        for sku, some in needs.items()
    }


def _why(seen: Seen, company: Company, gift: Gift, lying: Mapping[int, Mapping[int, int]]) -> Why:
    left = left_of([seen.rules[gift.rule_id]])[gift.rule_id]
    if gift.order_id not in company.houses:
        return Why.CLOSED
    if left is not None and left < gift.quantity:
        return Why.GIVEN
    place = company.houses[gift.order_id]
    return Why.LATER if lying[gift.sku_id].get(place, 0) >= gift.quantity else Why.NOT_THERE
