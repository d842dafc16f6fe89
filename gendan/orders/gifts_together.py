"""What orders earn together because they leave in one parcel. Nothing is written here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from gendan.orders.gifts import Gift, Ladder, Reached, reached
from gendan.orders.models import GiftRule, Reach, Scope

# A house in which nothing is counted together pays this one look.
ANY = """
SELECT EXISTS (SELECT FROM orders_giftrule WHERE is_on AND scope = 'PARCEL') OR EXISTS (
  SELECT FROM orders_giftline
  WHERE order_id = ANY(%s) AND counted_with <> '{}' AND taken_back_at IS NULL)
"""


class Company(NamedTuple):
    """Orders (by id) that share parcels.

    `houses` are the warehouses of those that have a parcel into which something can still be put.
    """

    orders: frozenset[int]
    houses: Mapping[int, int]


def counts_together(orders: Collection[int]) -> bool:
    """Say whether anything has to be looked at for orders (by id) that may share a parcel."""
    with connection.cursor() as cursor:
        cursor.execute(ANY, [list(orders)])
        found: bool = cursor.fetchone()[0]
    return found


def earned_together(
    rules: Sequence[GiftRule],
    companies: Sequence[Company],
    there: Collection[Gift],
    *,
    now: datetime,
) -> Iterator[tuple[Company, Gift]]:
    """Yield what companies earn beyond what each of their orders earns, or has, alone.

    Nobody loses what it earned alone. One order gets it all: that which has some of it (`there`
    are the gifts that the orders have), else the first come, as far as it can still get anything.
    """
    counting = [rule for rule in rules if rule.scope == Scope.PARCEL]
    among = {
        order: company
        for company in companies
        if len(company.orders) > 1
        for order in company.orders
    }
    if not counting or not among:
        return
    ladder = Ladder(counting)
    for (company, rule), some in _by_company(reached(counting, list(among), now=now), among):
        alone = _alone(ladder, some, [gift for gift in there if gift.order_id in company.orders])
        counted = tuple(sorted(one.order_id for one in some))
        for mark, sku, number in ladder.earned(rule, sum(one.reached for one in some)):
            more = number - alone[_same(ladder.rules[rule], mark), sku]
            who = _receiver(company, rule, counted, there, [one.order_id for one in some])
            if more > 0 and who:
                yield company, Gift(who, rule, mark, sku, more, counted)


def _by_company(
    far: Sequence[Reached], among: Mapping[int, Company]
) -> Iterator[tuple[tuple[Company, int], list[Reached]]]:
    """Yield who counts together, rule by rule in their turn; one alone is no company."""
    groups: dict[tuple[int, frozenset[int]], list[Reached]] = defaultdict(list)
    for one in far:
        groups[one.rule_id, among[one.order_id].orders].append(one)
    for (rule, _orders), some in groups.items():
        if len(some) > 1:
            yield (among[some[0].order_id], rule), some


def _alone(
    ladder: Ladder, some: Sequence[Reached], there: Sequence[Gift]
) -> Counter[tuple[int, int]]:
    """Return the pieces that orders earn one by one, or have although they earn less by now."""
    rule = ladder.rules[some[0].rule_id]
    earned: Counter[tuple[int, int]] = Counter()
    for one in some:
        for mark, sku, number in ladder.earned(rule.pk, one.reached):
            earned[_same(rule, mark), sku] += number
    have: Counter[tuple[int, int]] = Counter()
    for gift in there:
        if gift.rule_id == rule.pk and not gift.counted_with:
            have[_same(rule, gift.mark), gift.sku_id] += gift.quantity
    return earned | have


def _same(rule: GiftRule, mark: int) -> int:
    """A higher tier takes the place of a lower one; what is given for every mark stands apart."""
    return mark if rule.reach == Reach.EVERY else 0


def _receiver(
    company: Company,
    rule: int,
    counted: Sequence[int],
    there: Collection[Gift],
    turns: Sequence[int],
) -> int | None:
    for gift in there:
        if gift.rule_id == rule and gift.counted_with and gift.order_id in counted:
            return gift.order_id
    return next((order for order in turns if order in company.houses), None)
