"""Giving gifts: orders get what the rules say, and lose what they no longer earn."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.gifts import Gift, Store, free_pieces, offered, share_out
from gendan.orders.models import GiftLine, GiftRule, Order
from gendan.orders.move import move
from gendan.orders.stages import Stage

# One statement for the lines and what is kept beside them.
ADD = """
WITH wanted AS (
  SELECT n.*, row_number() OVER (PARTITION BY n.order_id ORDER BY n.turn) AS place
  FROM unnest(%(orders)s::bigint[], %(rules)s::bigint[], %(marks)s::bigint[], %(skus)s::bigint[],
    %(quantities)s::int[]) WITH ORDINALITY AS n (order_id, rule_id, mark, sku_id, quantity, turn)
), placed AS MATERIALIZED (
  SELECT w.*, nextval(pg_get_serial_sequence('orders_line', 'id')) AS line_id,
    w.place + (SELECT max(position) FROM orders_line x WHERE x.order_id = w.order_id) AS position
  FROM wanted w ORDER BY w.turn
), lines AS (
  INSERT INTO orders_line (id, order_id, position, sub_order, sku_id, shop_code, title,
    specification, quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled,
    refund_state, shipped, returned)
  SELECT p.line_id, p.order_id, p.position, '', p.sku_id, '', k.title, k.specification,
    p.quantity, 0, 0, 0, true, false, 'NONE', 0, 0
  FROM placed p JOIN catalog_sku k ON k.id = p.sku_id ORDER BY p.turn
)
INSERT INTO orders_giftline (line_id, order_id, rule_id, mark, quantity, given_at)
SELECT line_id, order_id, rule_id, mark, quantity, %(now)s FROM placed ORDER BY turn
"""
DROP = """
WITH gone AS (
  UPDATE orders_giftline SET taken_back_at = %(now)s
  WHERE id = ANY(%(gifts)s) AND taken_back_at IS NULL RETURNING line_id
)
UPDATE orders_line SET is_cancelled = true
WHERE id IN (SELECT line_id FROM gone) AND NOT is_cancelled AND shipped = 0
"""
COUNT = """
UPDATE orders_giftrule r SET given = r.given + n.pieces
FROM unnest(%s::bigint[], %s::bigint[]) AS n (rule_id, pieces) WHERE r.id = n.rule_id
"""
# Orders that lack nothing but gifts without which they may go.
LACKING = """
SELECT g.id FROM orders_giftline g JOIN orders_line l ON l.id = g.line_id
JOIN orders_giftrule r ON r.id = g.rule_id AND r.when_out = 'SKIP'
JOIN stock_shortage s ON s.order_id = g.order_id AND s.sku_id = l.sku_id
JOIN orders_order o ON o.id = g.order_id AND o.stage = 'SHORT'
WHERE g.taken_back_at IS NULL AND NOT EXISTS (
  SELECT FROM stock_shortage x WHERE x.order_id = g.order_id AND x.sku_id <> ALL(
    SELECT gl.sku_id FROM orders_giftline gg JOIN orders_line gl ON gl.id = gg.line_id
    JOIN orders_giftrule gr ON gr.id = gg.rule_id
    WHERE gg.order_id = x.order_id AND gg.taken_back_at IS NULL AND gr.when_out = 'SKIP'))
ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED
"""


def give(orders: Collection[int], *, by: Actor, now: datetime, why: str = "") -> int:
    """Bring the gifts of orders (by id, locked) to what the rules that are on say.

    What a rule gave that is switched off by now stays. Return how many lines came or went.
    """
    rules = list(GiftRule.objects.filter(is_on=True))
    gifts = offered(rules, orders, now=now)
    there = _there(orders, rules)
    if not any(_decided(gifts, there, rules)):
        return 0
    with entry("order.gifts_given", by=by, why=why):
        # Once more under the lock of the rules: nobody else gives the same pieces.
        locked = _lock({gift.rule_id for gift in (*gifts, *there.values())})
        gone, fresh = _decided(gifts, there, locked)
        return _drop(gone, now) + _add(fresh, now)


def take_back(*, by: Actor, now: datetime, why: str = "") -> int:
    """Count as not given what was meant for cancelled orders or lines; return how many gifts."""
    lost = GiftLine.objects.filter(taken_back_at=None)
    lost = lost.filter(order__stage=Stage.CANCELLED) | lost.filter(line__is_cancelled=True)
    if not lost.exists():
        return 0
    with entry("gifts.taken_back", by=by, why=why or _("not sent")):
        ids = list(lost.values_list("pk", flat=True))
        _lock(set(lost.values_list("rule_id", flat=True)))
        return _drop(ids, now)


def skip_lacking(*, by: Actor, now: datetime, why: str = "") -> int:
    """Let orders that lack only gifts be served without them, where the rules say so."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LACKING)
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        with entry("gifts.skipped", by=by, why=why or _("The gift is out of stock.")):
            gifts = GiftLine.objects.filter(pk__any=ids)
            _lock(set(gifts.values_list("rule_id", flat=True)))
            move(Order.objects.filter(gifts__pk__any=ids), Stage.READY)
            return _drop(ids, now)


def _decided(
    gifts: Sequence[Gift], there: Mapping[int, Gift], rules: Sequence[GiftRule]
) -> tuple[list[int], list[Gift]]:
    """Return which gifts (by id) orders lose, and which come to them."""
    if not gifts and not there:
        return [], []
    got = share_out(gifts, {rule.pk: rule for rule in rules}, _store(rules, gifts, there))
    wanted = Counter(gift for some in got.values() for gift in some)
    gone = []
    for pk, gift in there.items():
        if wanted[gift]:
            wanted[gift] -= 1
        else:
            gone.append(pk)
    return gone, [gift for gift in gifts if wanted[gift]]


def _lock(rules: Iterable[int]) -> list[GiftRule]:
    rows = GiftRule.objects.filter(pk__in=rules).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def _there(orders: Collection[int], rules: Sequence[GiftRule]) -> dict[int, Gift]:
    """Return what orders have already of rules that are on, by the id of the gift."""
    have = GiftLine.objects.filter(
        order_id__any=list(orders), rule__in=rules, taken_back_at=None, line__is_cancelled=False
    )
    rows = have.values_list("pk", "order_id", "rule_id", "mark", "line__sku_id", "quantity")
    return {pk: Gift(*rest) for pk, *rest in rows}


def _store(rules: Iterable[GiftRule], gifts: Sequence[Gift], there: Mapping[int, Gift]) -> Store:
    """Return what there is to give, with what these orders have already and may keep."""
    left = {rule.pk: None if rule.limit is None else rule.limit - rule.given for rule in rules}
    free: dict[int, int] = defaultdict(int, free_pieces({gift.sku_id for gift in gifts}))
    for gift in there.values():
        free[gift.sku_id] += gift.quantity
        still = left[gift.rule_id]
        if still is not None:
            left[gift.rule_id] = still + gift.quantity
    return Store(left, free)


def _drop(gifts: Sequence[int], now: datetime) -> int:
    if not gifts:
        return 0
    lost = GiftLine.objects.filter(pk__any=list(gifts), taken_back_at=None)
    pieces: Counter[int] = Counter()
    for rule, quantity in lost.values_list("rule_id", "quantity"):
        pieces[rule] -= quantity
    _count(pieces)
    with connection.cursor() as cursor:
        cursor.execute(DROP, {"gifts": list(gifts), "now": now})
    return len(gifts)


def _add(gifts: Sequence[Gift], now: datetime) -> int:
    if not gifts:
        return 0
    pieces: Counter[int] = Counter()
    for gift in gifts:
        pieces[gift.rule_id] += gift.quantity
    _count(pieces)
    orders, rules, marks, skus, quantities = (list(column) for column in zip(*gifts, strict=True))
    names: dict[str, Any] = {
        "orders": orders,
        "rules": rules,
        "marks": marks,
        "skus": skus,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD, {**names, "quantities": quantities})
    return len(gifts)


def _count(pieces: Mapping[int, int]) -> None:
    """Add to what rules (by id) have given."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(pieces), list(pieces.values())])
