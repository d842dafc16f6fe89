"""Giving gifts: orders get what the rules say, and lose what they no longer earn."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.gift_lines import add, drop, gifts_of, left_of, lock_rules, standing, unsent
from gendan.orders.gifts import Gift, Store, offered, share_out
from gendan.orders.models import GiftLine, GiftRule, Order
from gendan.orders.move import move
from gendan.orders.stages import Stage

# Orders that lack nothing but gifts without which they may go. Of a set it is a part that lacks.
LACKING = """
SELECT g.id FROM orders_giftline g
JOIN orders_giftrule r ON r.id = g.rule_id AND r.when_out = 'SKIP'
JOIN orders_order o ON o.id = g.order_id AND o.stage = 'SHORT'
WHERE g.taken_back_at IS NULL AND EXISTS (
  SELECT FROM stock_shortage s JOIN orders_line l USING (order_id, sku_id)
  WHERE s.order_id = g.order_id AND coalesce(l.part_of_id, l.id) = g.line_id
) AND NOT EXISTS (
  SELECT FROM stock_shortage x WHERE x.order_id = g.order_id AND x.sku_id <> ALL(
    SELECT gl.sku_id FROM orders_giftline gg JOIN orders_giftrule gr ON gr.id = gg.rule_id
    JOIN orders_line gl ON gl.order_id = gg.order_id
      AND coalesce(gl.part_of_id, gl.id) = gg.line_id AND gl.sku_id IS NOT NULL
    WHERE gg.order_id = x.order_id AND gg.taken_back_at IS NULL AND gr.when_out = 'SKIP'))
ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED
"""


# Released orders that have gifts, and of whose goods something was given up since.
GIVEN_UP = """
SELECT o.id FROM orders_order o WHERE o.stage IN ('READY', 'SHORT')
  AND EXISTS (SELECT FROM orders_giftline g WHERE g.order_id = o.id AND g.taken_back_at IS NULL)
  AND EXISTS (SELECT FROM orders_line l WHERE l.order_id = o.id AND NOT l.is_gift
    AND (l.is_cancelled OR l.refund_state = 'REFUNDED'))
ORDER BY o.id FOR NO KEY UPDATE SKIP LOCKED
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
        locked = lock_rules({gift.rule_id for gift in (*gifts, *there.values())})
        gone, fresh = _decided(gifts, there, locked)
        drop(gone, now)
        add(fresh, now)
        return len(gone) + len(fresh)


def take_back(*, by: Actor, now: datetime, why: str = "") -> int:
    """Count as not given what was meant for cancelled orders or lines; return how many gifts."""
    lost = GiftLine.objects.filter(taken_back_at=None)
    lost = unsent(lost.filter(Q(order__stage=Stage.CANCELLED) | Q(line__is_cancelled=True)))
    if not lost.exists():
        return 0
    with entry("gifts.taken_back", by=by, why=why or _("not sent")):
        ids = list(lost.values_list("pk", flat=True))
        lock_rules(set(lost.values_list("rule_id", flat=True)))
        return drop(ids, now)


def follow_refunds(*, by: Actor, now: datetime, why: str = "") -> int:
    """Let released orders whose goods were refunded have the gifts that the rest earns.

    What is promised already follows when its promise is taken back. Return how many lines came or
    went.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(GIVEN_UP)
            ids = [row[0] for row in cursor.fetchall()]
        return give(ids, by=by, now=now, why=why) if ids else 0


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
            lock_rules(set(gifts.values_list("rule_id", flat=True)))
            move(Order.objects.filter(gifts__pk__any=ids), Stage.READY)
            return drop(ids, now)


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
    return _unsent(gone), [gift for gift in gifts if wanted[gift]]


def _unsent(gifts: Sequence[int]) -> list[int]:
    if not gifts:
        return []
    return list(unsent(GiftLine.objects.filter(pk__any=gifts)).values_list("pk", flat=True))


def _there(orders: Collection[int], rules: Sequence[GiftRule]) -> dict[int, Gift]:
    """Return what orders have already of rules that are on, by the id of the gift."""
    have = standing(orders).filter(rule__in=rules)
    return gifts_of(have)


def _store(rules: Iterable[GiftRule], gifts: Sequence[Gift], there: Mapping[int, Gift]) -> Store:
    """Return what there is to give, with what these orders have already and may keep."""
    store = Store.of(left_of(rules), {gift.sku_id for gift in (*gifts, *there.values())})
    for gift in there.values():
        store.put_back(gift)
    return store
