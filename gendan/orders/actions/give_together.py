"""Giving what orders earn together in one parcel, and taking it back when they part."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from gendan.catalog.queries.sets import made_of
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.gift_lines import Piece, add, drop, gifts_of, left_of, lock_rules, standing
from gendan.orders.gifts import Gift, Store
from gendan.orders.gifts_together import Company, earned_together
from gendan.orders.models import GiftRule, Scope

# Which lines go out for a gift: its own, or its parts if it is a set.
LINES = """
SELECT g.id, array_agg(l.id ORDER BY l.id), array_agg(l.sku_id)
FROM orders_giftline g JOIN orders_line l ON l.order_id = g.order_id
  AND coalesce(l.part_of_id, l.id) = g.line_id AND NOT l.is_set
WHERE g.id = ANY(%s) GROUP BY g.id
"""

# Locks what lies of SKUs (by id), and returns what is free of each in each warehouse.
Shelf = Callable[[Sequence[int]], Mapping[tuple[int, int], int]]


@dataclass
class Outcome:
    """What no longer goes out (lines by id), and what does now."""

    gone: list[int] = field(default_factory=list)
    fresh: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """What companies have, and what they earn together. `extra` is what they have together."""

    companies: Sequence[Company]
    rules: Mapping[int, GiftRule]
    there: Mapping[int, Gift]
    wanted: Sequence[tuple[Company, Gift]]

    @property
    def extra(self) -> dict[int, Gift]:
        return {pk: gift for pk, gift in self.there.items() if gift.counted_with}

    def are_together(self, gift: Gift) -> bool:
        """Say whether those with whom it was earned still share parcels."""
        return any(company.orders.issuperset(gift.counted_with) for company in self.companies)

    def is_counted(self, gift: Gift) -> bool:
        """Say whether its rule decides about it; what a rule gave that is off by now stays."""
        rule = self.rules.get(gift.rule_id)
        return bool(rule and rule.scope == Scope.PARCEL)


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

    What does not lie there is not given: no parcel waits. What is in a wave (lines by id) stays.
    """
    seen = _seen(companies, now)
    lines, skus = _lines(seen.extra)
    gone, fresh = _compared(seen, {pk for pk in lines if not lines[pk].isdisjoint(settled)})
    if not gone and not fresh:
        return Outcome()
    with entry("order.gifts_together", by=by, why=why):
        parts = made_of({gift.sku_id for _company, gift in fresh})
        # What goes and what comes is locked at once, and balances before rules.
        free = shelf(sorted(_skus(fresh, parts).union(*(skus[pk] for pk in gone))))
        left = _left(seen, gone, fresh)
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
        pieces = add(_shared_out(seen, gone, fresh, stores), now)
    return Outcome([line for pk in gone for line in sorted(lines[pk])], pieces)


def _seen(companies: Sequence[Company], now: datetime) -> Seen:
    rules = list(GiftRule.objects.filter(is_on=True))
    there = gifts_of(standing([pk for company in companies for pk in company.orders]))
    wanted = list(earned_together(rules, companies, list(there.values()), now=now))
    return Seen(companies, {rule.pk: rule for rule in rules}, there, wanted)


def _lines(gifts: Collection[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Return the lines that go out for each gift, and their SKUs."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [list(gifts)])
        rows = cursor.fetchall()
    return {row[0]: set(row[1]) for row in rows}, {row[0]: set(row[2]) for row in rows}


def _compared(seen: Seen, settled: Collection[int]) -> tuple[list[int], list[tuple[Company, Gift]]]:
    """Return which gifts (by id) go, and which come; what is settled stays."""
    missing = Counter(gift[:5] for _company, gift in seen.wanted)
    gone = []
    for pk, gift in seen.extra.items():
        earned = missing[gift[:5]] > 0 or not seen.is_counted(gift)
        if pk in settled or (earned and seen.are_together(gift)):
            missing[gift[:5]] -= 1
        else:
            gone.append(pk)
    return gone, [(company, gift) for company, gift in seen.wanted if missing[gift[:5]] > 0]


def _skus(
    fresh: Sequence[tuple[Company, Gift]], parts: Mapping[int, Mapping[int, int]]
) -> set[int]:
    skus = {gift.sku_id for _company, gift in fresh}
    return {part for sku in skus for part in parts.get(sku, {sku: 1})}


def _left(
    seen: Seen, gone: Collection[int], fresh: Sequence[tuple[Company, Gift]]
) -> dict[int, int | None]:
    """Lock the rules; return how many pieces each may give, with those that come back."""
    back = [seen.extra[pk] for pk in gone]
    left = left_of(lock_rules({gift.rule_id for gift in (*back, *(one for _c, one in fresh))}))
    for gift in back:
        still = left[gift.rule_id]
        left[gift.rule_id] = None if still is None else still + gift.quantity
    return left


def _shared_out(
    seen: Seen,
    gone: Collection[int],
    fresh: Sequence[tuple[Company, Gift]],
    stores: Mapping[int, Store],
) -> list[Gift]:
    """Return what is given: while there is some, and of no rule after an exclusive one."""
    given: list[Gift] = []
    stay = [gift for pk, gift in seen.there.items() if pk not in gone]
    for company, gift in fresh:
        have = {one.rule_id for one in (*stay, *given) if one.order_id in company.orders}
        closing = [seen.rules[rule] for rule in have if rule in seen.rules]
        rule = seen.rules[gift.rule_id]
        turn = (rule.position, rule.pk)
        if any(one.is_exclusive and (one.position, one.pk) < turn for one in closing):
            continue
        if stores[company.houses[gift.order_id]].take(gift, rule):
            given.append(gift)
    return given
