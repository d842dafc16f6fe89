"""What orders earn together because they leave in one parcel. Nothing is written here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


SHARED = """
SELECT array_agg(DISTINCT sl.order_id) FROM warehouse_shipmentline sl
JOIN warehouse_shipment s ON s.id = sl.shipment_id AND s.stage <> 'RECALLED'
WHERE sl.order_id = ANY(%s)
GROUP BY sl.shipment_id HAVING count(DISTINCT sl.order_id) > 1
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


def crowds(orders: Iterable[int], parcels: Iterable[Collection[int]]) -> list[frozenset[int]]:
    """Return who goes with whom over the parcels (the orders in each), and who goes alone."""
    found: dict[int, frozenset[int]] = {order: frozenset([order]) for order in orders}
    for together in parcels:
        crowd = frozenset().union(*(found.get(order, {order}) for order in together))
        found.update(dict.fromkeys(crowd, crowd))
    return sorted(set(found.values()), key=min)


def went_together(orders: Collection[int]) -> list[Company]:
    """Return those of orders (by id) that have shared parcels, now or before.

    Parcels are a later room's. None of them counts as closed: it is asked what might have been.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [list(orders)])
        parcels = [row[0] for row in cursor.fetchall()]
    return [Company(crowd, dict.fromkeys(crowd, 0)) for crowd in crowds([], parcels)]


def earned_together(
    rules: Sequence[GiftRule],
    companies: Sequence[Company],
    there: Collection[Gift],
    away: Collection[Gift] = (),
    *,
    now: datetime,
) -> Iterator[tuple[Company, Gift]]:
    """Yield what companies earn beyond what each of their orders earns, or has, alone.

    Nobody loses what it earned alone. One order gets it all: that which has some of it (`there`
    are the gifts that the orders have), else the first come that has an open parcel, whether it
    counted or only goes along. If none has, it is yielded for the first come, who can't get it.
    What is in a wave of it, or has left (`away`), is not given again.
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
        theirs = _theirs(there, company, rule)
        given = _pieces(ladder.rules[rule], _theirs(away, company, rule))
        alone = _alone(ladder, some, theirs) + given
        counted = tuple(sorted(one.order_id for one in some))
        for mark, sku, number in ladder.earned(rule, sum(one.reached for one in some)):
            more = number - alone[_same(ladder.rules[rule], mark), sku]
            if more > 0:
                has = [gift for gift in theirs if gift.counted_with]
                who = _receiver(company, has, [one.order_id for one in some])
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


def _theirs(gifts: Collection[Gift], company: Company, rule: int) -> list[Gift]:
    return [gift for gift in gifts if gift.rule_id == rule and gift.order_id in company.orders]


def _alone(
    ladder: Ladder, some: Sequence[Reached], there: Sequence[Gift]
) -> Counter[tuple[int, int]]:
    """Return the pieces that orders earn one by one, or have although they earn less by now."""
    rule = ladder.rules[some[0].rule_id]
    earned: Counter[tuple[int, int]] = Counter()
    for one in some:
        for mark, sku, number in ladder.earned(rule.pk, one.reached):
            earned[_same(rule, mark), sku] += number
    return earned | _pieces(rule, [gift for gift in there if not gift.counted_with])


def _pieces(rule: GiftRule, gifts: Sequence[Gift]) -> Counter[tuple[int, int]]:
    pieces: Counter[tuple[int, int]] = Counter()
    for gift in gifts:
        pieces[_same(rule, gift.mark), gift.sku_id] += gift.quantity
    return pieces


def _same(rule: GiftRule, mark: int) -> int:
    """A higher tier takes the place of a lower one; what is given for every mark stands apart."""
    return mark if rule.reach == Reach.EVERY else 0


def _receiver(company: Company, has: Sequence[Gift], turns: Sequence[int]) -> int:
    """Return who gets it: in its turn, and those who count before those who only go along."""
    if has:
        return has[0].order_id
    along = sorted(company.orders.difference(turns))
    return next((order for order in (*turns, *along) if order in company.houses), turns[0])
