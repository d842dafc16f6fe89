"""Who gets which gift: what the rules offer, and what there is to give. Nothing is written here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Func, Q, Value

from gendan.orders.finding import order_finder
from gendan.orders.models import GiftRule, Order, WhenOut
from gendan.ui.finding import FindingError

# What an order would get: the goods of the highest tier that it reaches, of each rule that it
# meets, in the order in which orders and rules have their turn.
OFFERED = """
WITH asked AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS id),
met (order_id, rule_id) AS MATERIALIZED ({met}),
bought AS (
  SELECT m.order_id, m.rule_id, CASE r.measure WHEN 'AMOUNT' THEN sum(l.total_fen)
    ELSE sum(l.quantity) END AS reached
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
SELECT b.order_id, b.rule_id, t.mark, t.sku_id, t.quantity
FROM bought b JOIN orders_order o ON o.id = b.order_id JOIN orders_giftrule r ON r.id = b.rule_id
CROSS JOIN LATERAL (
  SELECT max(mark) AS mark FROM orders_gifttier WHERE rule_id = r.id AND mark <= b.reached) top
JOIN orders_gifttier t ON t.rule_id = r.id AND t.mark = top.mark
ORDER BY coalesce(o.paid_at, o.placed_at), o.id, r.position, r.id, t.id
"""
NOBODY = "SELECT NULL::bigint, NULL::bigint WHERE false"
FREE = """
SELECT sku_id, sum(on_hand - reserved) FROM stock_balance WHERE sku_id = ANY(%s) GROUP BY sku_id
"""


class Gift(NamedTuple):
    """So many pieces of a SKU for an order, by a rule's tier that begins at a mark."""

    order_id: int
    rule_id: int
    mark: int
    sku_id: int
    quantity: int


@dataclass
class Store:
    """What there is to give: pieces by rule (None: as many as wanted) and by SKU."""

    left: dict[int, int | None]
    free: dict[int, int] = field(default_factory=dict)

    def take(self, gift: Gift, rule: GiftRule) -> bool:
        """Take the gift out; say whether it was there. A gift that is waited for always is."""
        left, free = self.left[rule.pk], self.free.get(gift.sku_id, 0)
        skips = rule.when_out == WhenOut.SKIP
        if (left is not None and left < gift.quantity) or (skips and free < gift.quantity):
            return False
        if left is not None:
            self.left[rule.pk] = left - gift.quantity
        self.free[gift.sku_id] = free - gift.quantity
        return True


def offered(rules: Sequence[GiftRule], orders: Collection[int], *, now: datetime) -> list[Gift]:
    """Return what the rules offer orders (by id), first come first.

    A rule whose condition can't be read any more offers nothing, as its page says.
    """
    parts = [part for rule in rules if (part := _met(rule, now)) is not None]
    met = " UNION ALL ".join(f"({sql})" for sql, _params in parts) or NOBODY
    params = [list(orders), *(param for _sql, some in parts for param in some)]
    with connection.cursor() as cursor:
        cursor.execute(OFFERED.replace("{met}", met), params)
        return [Gift(*row) for row in cursor.fetchall()]


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


def free_pieces(skus: Collection[int]) -> dict[int, int]:
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
