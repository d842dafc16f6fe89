"""The lines that are gifts: what orders have, and giving and taking back as a part of an act."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from gendan.orders.gifts import Gift
from gendan.orders.models import GiftLine, GiftRule

# One statement for the lines, the parts of those that are sets, and what is kept beside them.
ADD = """
WITH wanted AS (
  SELECT * FROM unnest(%(orders)s::bigint[], %(rules)s::bigint[], %(marks)s::bigint[],
    %(skus)s::bigint[], %(quantities)s::int[], %(with)s::text[])
    WITH ORDINALITY AS n (order_id, rule_id, mark, sku_id, quantity, counted_with, turn)
), placed AS MATERIALIZED (
  SELECT w.*, nextval(pg_get_serial_sequence('orders_line', 'id')) AS line_id
  FROM wanted w ORDER BY w.turn
), goods AS MATERIALIZED (
  SELECT p.line_id AS id, NULL::bigint AS part_of_id, p.order_id, p.sku_id, p.quantity, p.turn,
    0 AS part, EXISTS (SELECT FROM catalog_setpart s WHERE s.set_id = p.sku_id) AS is_set
  FROM placed p
  UNION ALL
  SELECT nextval(pg_get_serial_sequence('orders_line', 'id')), p.line_id, p.order_id, s.part_id,
    s.quantity * p.quantity, p.turn, s.id, false
  FROM placed p JOIN catalog_setpart s ON s.set_id = p.sku_id
), numbered AS MATERIALIZED (
  SELECT g.*, row_number() OVER (PARTITION BY g.order_id ORDER BY g.turn, g.part)
    + (SELECT max(position) FROM orders_line x WHERE x.order_id = g.order_id) AS position
  FROM goods g
), lines AS (
  INSERT INTO orders_line (id, order_id, position, sub_order, sku_id, shop_code, title,
    specification, quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled,
    refund_state, shipped, returned, is_set, part_of_id)
  SELECT n.id, n.order_id, n.position, '', n.sku_id, '', k.title, k.specification,
    n.quantity, 0, 0, 0, true, false, 'NONE', 0, 0, n.is_set, n.part_of_id
  FROM numbered n JOIN catalog_sku k ON k.id = n.sku_id ORDER BY n.turn, n.part
), kept AS (
  INSERT INTO orders_giftline (line_id, order_id, rule_id, mark, quantity, counted_with, given_at)
  SELECT line_id, order_id, rule_id, mark, quantity, counted_with::bigint[], %(now)s
  FROM placed ORDER BY turn
)
SELECT id, order_id, sku_id, quantity FROM numbered WHERE NOT is_set ORDER BY turn, part
"""
DROP = """
WITH gone AS (
  UPDATE orders_giftline SET taken_back_at = %(now)s
  WHERE id = ANY(%(gifts)s) AND taken_back_at IS NULL RETURNING order_id, line_id
)
UPDATE orders_line l SET is_cancelled = true FROM gone
WHERE l.order_id = gone.order_id AND coalesce(l.part_of_id, l.id) = gone.line_id
  AND NOT l.is_cancelled AND l.shipped = 0
"""
COUNT = """
UPDATE orders_giftrule r SET given = r.given + n.pieces
FROM unnest(%s::bigint[], %s::bigint[]) AS n (rule_id, pieces) WHERE r.id = n.rule_id
"""


class Piece(NamedTuple):
    """So many pieces that go out for a line of an order."""

    line_id: int
    order_id: int
    sku_id: int
    quantity: int


def standing(orders: Collection[int]) -> "QuerySet[GiftLine]":
    """Return the gifts that orders (by id) have."""
    return GiftLine.objects.filter(
        order_id__any=list(orders), taken_back_at=None, line__is_cancelled=False
    )


def gifts_of(lines: "QuerySet[GiftLine]") -> dict[int, Gift]:
    """Return what was given, by the id of the gift."""
    names = ("order_id", "rule_id", "mark", "line__sku_id", "quantity", "counted_with")
    rows = lines.order_by("pk").values_list("pk", *names)
    return {pk: Gift(*told)._replace(counted_with=tuple(told[-1])) for pk, *told in rows}


def unsent(gifts: "QuerySet[GiftLine]") -> "QuerySet[GiftLine]":
    """Leave out what has been sent: it stays given, whatever becomes of its order."""
    return gifts.exclude(line__shipped__gt=0).exclude(line__parts__shipped__gt=0)


def left_of(rules: Iterable[GiftRule]) -> dict[int, int | None]:
    """Return how many pieces rules (by id) have left to give; None: as many as wanted."""
    return {rule.pk: None if rule.limit is None else rule.limit - rule.given for rule in rules}


def lock_rules(rules: Iterable[int]) -> list[GiftRule]:
    """Lock all rules, so that nobody else gives; return some (by id). Balances are locked before.

    An act may give more than once: what it locks first, it has locked whatever it gives then.
    """
    chosen = set(rules)
    rows = GiftRule.objects.order_by("pk").select_for_update(no_key=True)
    return [rule for rule in rows if rule.pk in chosen]


def drop(gifts: Sequence[int], now: datetime) -> int:
    """Take gifts (by id) back, as a part of an act that has their rules locked; return how many.

    What has been sent stays given.
    """
    if not gifts:
        return 0
    lost = unsent(GiftLine.objects.filter(pk__any=list(gifts), taken_back_at=None))
    rows = list(lost.values_list("pk", "rule_id", "quantity"))
    pieces: Counter[int] = Counter()
    for _pk, rule, quantity in rows:
        pieces[rule] -= quantity
    _count(pieces)
    with connection.cursor() as cursor:
        cursor.execute(DROP, {"gifts": [row[0] for row in rows], "now": now})
    return len(rows)


def add(gifts: Sequence[Gift], now: datetime) -> list[Piece]:
    """Give gifts, as a part of an act that has their rules locked; return what goes out."""
    if not gifts:
        return []
    pieces: Counter[int] = Counter()
    for gift in gifts:
        pieces[gift.rule_id] += gift.quantity
    _count(pieces)
    orders, rules, marks, skus, quantities, companies = zip(*gifts, strict=True)
    names: dict[str, Any] = {
        "orders": list(orders),
        "rules": list(rules),
        "marks": list(marks),
        "skus": list(skus),
        "quantities": list(quantities),
        "with": ["{" + ",".join(map(str, company)) + "}" for company in companies],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, names)
        return [Piece(*row) for row in cursor.fetchall()]


def _count(pieces: Mapping[int, int]) -> None:
    """Add to what rules (by id) have given."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(pieces), list(pieces.values())])
