"""Who gets which gift: what the rules offer, and what there is to give. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Func, Q, Value

from gendan.catalog.queries.sets import made_of
from gendan.orders.finding import order_finder
from gendan.orders.models import GiftRule, GiftTier, Order, Reach, WhenOut
from gendan.ui.finding import FindingError

# How far orders get with the rules that they meet, as orders and rules have their
# turn. Gifts, and the parts of sets, do not count.
REACHED = """
WITH asked AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS id),
met (order_id, rule_id) AS MATERIALIZED ({met}),
bought AS (
  SELECT m.order_id, m.rule_id, (CASE r.measure WHEN 'AMOUNT' THEN sum(l.total_fen)
    ELSE sum(l.quantity) END)::bigint AS reached
  FROM met m JOIN orders_giftrule r ON r.id = m.rule_id
  JOIN orders_order o ON o.id = m.order_id
  JOIN orders_line l ON l.order_id = m.order_id
  WHERE NOT l.is_gift AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
    AND l.part_of_id IS NULL AND coalesce(o.paid_at, o.placed_at) >= r.from_at
    AND coalesce(o.paid_at, o.placed_at) < r.until_at
    AND (cardinality(r.counts) = 0 OR EXISTS (
      SELECT FROM catalog_sku k JOIN catalog_product p ON p.id = k.product_id
      WHERE k.id = l.sku_id AND (k.code = ANY(r.counts) OR p.style = ANY(r.counts))))
  GROUP BY m.order_id, m.rule_id, r.measure
)
SELECT b.order_id, b.rule_id, b.reached
FROM bought b JOIN orders_order o ON o.id = b.order_id JOIN orders_giftrule r ON r.id = b.rule_id
ORDER BY coalesce(o.paid_at, o.placed_at), o.id, r.position, r.id
"""
NOBODY = "SELECT NULL::bigint, NULL::bigint WHERE false"
FREE = """
SELECT sku_id, sum(on_hand - reserved) FROM stock_balance WHERE sku_id = ANY(%s) GROUP BY sku_id
"""


class Reached(NamedTuple):
    """How far an order gets with a rule: fen or pieces."""

    order_id: int
    rule_id: int
    reached: int


class Gift(NamedTuple):
    """So many pieces of a SKU for an order, by a rule's tier that begins at a mark.

    `counted_with` are all the orders that reached it together, if it took several.
    """

    order_id: int
    rule_id: int
    mark: int
    sku_id: int
    quantity: int
    counted_with: tuple[int, ...] = ()


class Ladder:
    """The tiers of rules (by id): what is earned by how far somebody gets."""

    def __init__(self, rules: Iterable[GiftRule]) -> None:
        self.rules = {rule.pk: rule for rule in rules}
        self.tiers: dict[int, list[GiftTier]] = defaultdict(list)
        for tier in GiftTier.objects.filter(rule__in=self.rules):
            self.tiers[tier.rule_id].append(tier)

    def earned(self, rule_id: int, reached: int) -> Iterator[tuple[int, int, int]]:
        """Yield the goods of the highest tier, or of each tier for every time it is reached.

        Each as the mark of its tier, the SKU, and how many pieces.
        """
        rule = self.rules[rule_id]
        tiers = [tier for tier in self.tiers[rule_id] if tier.mark <= reached]
        top = max((tier.mark for tier in tiers), default=0)
        for tier in tiers:
            if rule.reach == Reach.EVERY:
                times = min(reached // tier.mark, rule.most_times or reached)
                yield tier.mark, tier.sku_id, tier.quantity * times
            elif tier.mark == top:
                yield tier.mark, tier.sku_id, tier.quantity


@dataclass
class Store:
    """What there is to give: pieces by rule (None: as many as wanted) and by SKU."""

    left: dict[int, int | None]
    free: dict[int, int]
    made_of: Mapping[int, Mapping[int, int]]  # the parts of sets
    nothing_waits: bool = False  # whatever the rules say, what is not there is not given

    @classmethod
    def of(cls, left: dict[int, int | None], skus: Collection[int]) -> "Store":
        """Return the store with what is free of the SKUs, or of the parts that they are made of."""
        parts = made_of(skus)
        lying = {part for sku in skus for part in parts.get(sku, {sku: 1})}
        return cls(left, _free_pieces(lying), parts)

    def needs(self, gift: Gift) -> dict[int, int]:
        """Return the pieces that go out with a gift, by SKU: those of its parts if it is a set."""
        parts = self.made_of.get(gift.sku_id, {gift.sku_id: 1})
        return {sku: number * gift.quantity for sku, number in parts.items()}

    def take(self, gift: Gift, rule: GiftRule) -> bool:
        """Take the gift out; say whether it was there. A gift that is waited for always is."""
        left, needs = self.left[rule.pk], self.needs(gift)
        must_lie = self.nothing_waits or rule.when_out == WhenOut.SKIP
        lies = all(self.free.get(sku, 0) >= number for sku, number in needs.items())
        if (left is not None and left < gift.quantity) or (must_lie and not lies):
            return False
        self._add(gift, -1)
        return True

    def put_back(self, gift: Gift) -> None:
        """Put something back that was given before."""
        self._add(gift, 1)

    def _add(self, gift: Gift, sign: int) -> None:
        left = self.left[gift.rule_id]
        if left is not None:
            self.left[gift.rule_id] = left + sign * gift.quantity
        for sku, number in self.needs(gift).items():
            self.free[sku] = self.free.get(sku, 0) + sign * number


def offered(rules: Sequence[GiftRule], orders: Collection[int], *, now: datetime) -> list[Gift]:
    """Return what the rules offer orders (by id) one by one, first come first."""
    ladder = Ladder(rules)
    return [
        Gift(order, rule, *goods)
        for order, rule, far in reached(rules, orders, now=now)
        for goods in ladder.earned(rule, far)
    ]


def reached(rules: Sequence[GiftRule], orders: Collection[int], *, now: datetime) -> list[Reached]:
    """Return how far orders (by id) get with the rules that they meet, first come first.

    Nobody meets a rule whose condition can't be read any more, as its page says.
    """
    parts = [part for rule in rules if (part := _met(rule, now)) is not None]
    met = " UNION ALL ".join(f"({sql})" for sql, _params in parts) or NOBODY
    params = [list(orders), *(param for _sql, some in parts for param in some)]
    with connection.cursor() as cursor:
        cursor.execute(REACHED.replace("{met}", met), params)
        return [Reached(*row) for row in cursor.fetchall()]


def share_out(
    gifts: Sequence[Gift], rules: Mapping[int, GiftRule], store: Store
) -> dict[int, list[Gift]]:
    """Return what each order gets: while there is some, and of no rule after an exclusive one."""
    got: dict[int, list[Gift]] = defaultdict(list)
    closed: dict[int, int] = {}  # order -> the exclusive rule of which it has something
    for gift in gifts:
        if closed.get(gift.order_id, gift.rule_id) != gift.rule_id:
            continue
        if store.take(gift, rules[gift.rule_id]):
            got[gift.order_id].append(gift)
            if rules[gift.rule_id].is_exclusive:
                closed[gift.order_id] = gift.rule_id
    return got


def _free_pieces(skus: Collection[int]) -> dict[int, int]:
    """Return what nobody is promised of SKUs (by id); stock is a later room."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [list(skus)])
        return {sku: int(free) for sku, free in cursor.fetchall()}


def _met(rule: GiftRule, now: datetime) -> tuple[str, tuple[Any, ...]] | None:
    asked = Func(template="ARRAY(SELECT id FROM asked)", output_field=ArrayField(BigIntegerField()))
    try:
        condition = order_finder.q(rule.expression, now=now) if rule.expression.strip() else Q()
    except FindingError:
        return None
    rows = Order.objects.filter(condition, pk__any=asked).order_by()
    said = rows.annotate(said=Value(rule.pk)).values_list("pk", "said")
    try:
        sql, params = said.query.sql_with_params()
    except EmptyResultSet:  # no order can meet it, as things are
        return None
    return sql, params
