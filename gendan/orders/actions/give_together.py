"""Giving what orders earn together in one parcel, and taking it back when they part."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gendan.catalog.queries.sets import made_of
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.gift_lines import Piece, add, drop, left_of, lock_rules
from gendan.orders.gifts import Gift, Store
from gendan.orders.gifts_seen import Seen, seen_together
from gendan.orders.gifts_together import Company

# Locks what lies of SKUs (by id), and returns what is free of each in each warehouse.
Shelf = Callable[[Sequence[int]], Mapping[tuple[int, int], int]]


@dataclass
class Outcome:
    """What no longer goes out (lines by id), and what does now."""

    gone: list[int] = field(default_factory=list)
    fresh: list[Piece] = field(default_factory=list)


def give_together(
    companies: Sequence[Company],
    *,
    shelf: Shelf,
    settled: Collection[int],
    by: Actor,
    now: datetime,
    why: str = "",
) -> Outcome:
    """Bring what orders have together to what they earn, while their parcels are locked.

    What does not lie there is not given: no parcel waits. What is in a wave (`settled`, lines by
    id), or has left, stays.
    """
    seen = seen_together(companies, settled, now)
    gone, fresh = seen.gone, [one for one in seen.missing if one[1].order_id in one[0].houses]
    if not gone and not fresh:
        return Outcome()
    with entry("order.gifts_together", by=by, why=why):
        parts = made_of({gift.sku_id for _company, gift in fresh})
        # What goes and what comes is locked at once, and balances before rules.
        free = shelf(sorted(_skus(fresh, parts).union(*(seen.lines[pk].skus for pk in gone))))
        left = _left(seen, fresh)
        drop(gone, now)
        stores = {
            house: Store(
                left,
                {sku: n for (sku, at), n in free.items() if at == house},
                parts,
                nothing_waits=True,
            )
            for house in {company.houses[gift.order_id] for company, gift in fresh}
        }
        pieces = add(_shared_out(seen, fresh, stores), now)
    return Outcome([line for pk in gone for line in sorted(seen.lines[pk].lines)], pieces)


def _skus(
    fresh: Sequence[tuple[Company, Gift]], parts: Mapping[int, Mapping[int, int]]
) -> set[int]:
    skus = {gift.sku_id for _company, gift in fresh}
    return {part for sku in skus for part in parts.get(sku, {sku: 1})}


def _left(seen: Seen, fresh: Sequence[tuple[Company, Gift]]) -> dict[int, int | None]:
    """Lock the rules; return how many pieces each may give, with those that come back."""
    back = [seen.there[pk] for pk in seen.gone]
    left = left_of(lock_rules({gift.rule_id for gift in (*back, *(one for _c, one in fresh))}))
    for gift in back:
        still = left[gift.rule_id]
        left[gift.rule_id] = None if still is None else still + gift.quantity
    return left


def _shared_out(
    seen: Seen, fresh: Sequence[tuple[Company, Gift]], stores: Mapping[int, Store]
) -> list[Gift]:
    """Return what is given: while there is some, and of no rule after an exclusive one."""
    given: list[Gift] = []
    for company, gift in fresh:
        if seen.is_closed(company, gift, given):
            continue
        if stores[company.houses[gift.order_id]].take(gift, seen.rules[gift.rule_id]):
            given.append(gift)
    return given
