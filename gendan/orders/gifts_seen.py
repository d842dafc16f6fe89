"""What orders that share parcels have of gifts, beside what they earn. Nothing is written here."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from gendan.orders.gift_lines import gifts_of, standing
from gendan.orders.gifts import Gift
from gendan.orders.gifts_together import Company, earned_together
from gendan.orders.models import GiftRule, Scope

# Which lines go out for a gift: its own, or its parts if it is a set.
LINES = """
SELECT g.id, array_agg(l.id ORDER BY l.id), array_agg(l.sku_id), bool_or(l.shipped > 0)
FROM orders_giftline g JOIN orders_line l ON l.order_id = g.order_id
  AND coalesce(l.part_of_id, l.id) = g.line_id AND NOT l.is_set
WHERE g.id = ANY(%s) GROUP BY g.id
"""


class Goods(NamedTuple):
    """The lines (by id) that go out for a gift, and their SKUs."""

    lines: set[int]
    skus: set[int]


@dataclass(frozen=True)
class Seen:
    """What companies have, and what they earn together.

    `lines` are what goes out for the gifts (by id) that they have together and that can still go.
    """

    companies: Sequence[Company]
    rules: Mapping[int, GiftRule]
    there: Mapping[int, Gift]
    lines: "Mapping[int, Goods]"
    wanted: Sequence[tuple[Company, Gift]]

    @cached_property
    def gone(self) -> list[int]:
        """The gifts (by id) that they have no longer."""
        return self._compared[0]

    @cached_property
    def missing(self) -> list[tuple[Company, Gift]]:
        """What they earn and do not have, whether or not a parcel can still take it."""
        return self._compared[1]

    @cached_property
    def _compared(self) -> tuple[list[int], list[tuple[Company, Gift]]]:
        missing = Counter(gift[:5] for _company, gift in self.wanted)
        gone = []
        for pk in self.lines:
            gift = self.there[pk]
            earned = missing[gift[:5]] > 0 or not self.is_counted(gift)
            if earned and self.are_together(gift):
                missing[gift[:5]] -= 1
            else:
                gone.append(pk)
        return gone, [one for one in self.wanted if missing[one[1][:5]] > 0]

    def is_closed(self, company: Company, gift: Gift, given: Iterable[Gift] = ()) -> bool:
        """Say whether an exclusive rule before its own has given something to one of them."""
        stay = (one for pk, one in self.there.items() if pk not in self.gone)
        have = {one.rule_id for one in (*stay, *given) if one.order_id in company.orders}
        rule = self.rules[gift.rule_id]
        before = (self.rules[pk] for pk in have if pk in self.rules)
        return any(
            one.is_exclusive and (one.position, one.pk) < (rule.position, rule.pk) for one in before
        )

    def are_together(self, gift: Gift) -> bool:
        """Say whether those with whom it was earned still share parcels."""
        return any(company.orders.issuperset(gift.counted_with) for company in self.companies)

    def is_counted(self, gift: Gift) -> bool:
        """Say whether its rule decides about it; what a rule gave that is off by now stays."""
        rule = self.rules.get(gift.rule_id)
        return bool(rule and rule.scope == Scope.PARCEL)


def seen_together(companies: Sequence[Company], settled: Collection[int], now: datetime) -> Seen:
    """Return what companies have and earn; `settled` are lines (by id) that stay in any case."""
    rules = list(GiftRule.objects.filter(is_on=True))
    there = gifts_of(standing([pk for company in companies for pk in company.orders]))
    lines = _lines([pk for pk, gift in there.items() if gift.counted_with], settled)
    away = {pk: gift for pk, gift in there.items() if gift.counted_with and pk not in lines}
    rest = [gift for pk, gift in there.items() if pk not in away]
    wanted = earned_together(rules, companies, rest, list(away.values()), now=now)
    return Seen(companies, {rule.pk: rule for rule in rules}, there, lines, list(wanted))


def _lines(gifts: Collection[int], settled: Collection[int]) -> dict[int, Goods]:
    """Return what goes out for those of the gifts that nobody handles yet."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [list(gifts)])
        return {
            gift: Goods(set(lines), set(skus))
            for gift, lines, skus, has_left in cursor.fetchall()
            if not has_left and set(lines).isdisjoint(settled)
        }
