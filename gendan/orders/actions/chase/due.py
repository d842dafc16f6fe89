"""Making the steps that are due: drafts for colleagues, and mails that go out by themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from gendan.desk.actions import NewMessage, let_leave, write
from gendan.desk.filling import UnknownBlank, fill
from gendan.desk.models import Channel, Message, Script, Topic
from gendan.desk.scripts import script_for
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.chase_replies import choices
from gendan.orders.chasing import is_quiet, rules
from gendan.orders.models import ChaseRules, ChaseTouch, Order
from gendan.orders.stages import Stage
from gendan.orders.telling import message_about, open_way, values_of
from gendan.ui.wording import yuan
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

BATCH = 500

# The latest step that is due for each order, or a promise that has passed; then, of the orders of
# one customer, the dearest. What was said after a step was due stands for that step. Who answered,
# but for those who pay later, hears nothing by the plan until a colleague has spoken with them.
CANDIDATES = """
WITH due AS (
  SELECT c.id AS chase, c.order_id, c.customer_key, s.id AS step, NULL::bigint AS follows,
    s.channel, s.is_automatic, s.reason, at.due_at
  FROM orders_order o
  JOIN orders_chase c ON c.order_id = o.id AND NOT c.is_held_out AND c.closes_at > %(now)s
  JOIN orders_chaseplan p ON p.id = c.plan_id AND p.is_on
  JOIN orders_chasestep s ON s.plan_id = p.id AND NOT s.is_retired
  CROSS JOIN LATERAL (SELECT CASE s.anchor
    WHEN 'AFTER' THEN c.since_at + make_interval(mins => s.minutes)
    ELSE c.closes_at - make_interval(mins => s.minutes) END AS due_at) at
  WHERE o.stage = 'UNPAID' AND at.due_at <= %(now)s AND at.due_at > c.since_at
  UNION ALL
  SELECT c.id, c.order_id, c.customer_key, NULL, t.id, t.channel, false, t.reason, t.will_pay_at
  FROM orders_chasetouch t
  JOIN orders_chase c ON c.id = t.chase_id AND NOT c.is_held_out AND c.closes_at > %(now)s
  JOIN orders_order o ON o.id = c.order_id AND o.stage = 'UNPAID'
  WHERE t.will_pay_at <= %(now)s
), latest AS (
  SELECT DISTINCT ON (chase) * FROM due ORDER BY chase, due_at DESC, step
), fresh AS (
  SELECT l.* FROM latest l WHERE NOT EXISTS (
    SELECT FROM orders_chasetouch t WHERE t.chase_id = l.chase AND (
      t.step_id = l.step OR t.follows_id = l.follows
      OR greatest(t.made_at, t.said_at) >= l.due_at
      OR t.will_pay_at > %(now)s OR t.outcome = 'NO_INTEREST'
      OR (t.said_at IS NULL AND NOT l.is_automatic)
      OR EXISTS (SELECT FROM desk_message m WHERE m.id = t.message_id
        AND m.state = 'ANSWERED' AND m.answer <> 'LATER' AND NOT EXISTS (
          SELECT FROM orders_chasetouch s
          WHERE s.chase_id = l.chase AND s.said_at > m.answered_at))))
), one AS (
  SELECT DISTINCT ON (f.customer_key) f.* FROM fresh f JOIN orders_order o ON o.id = f.order_id
  ORDER BY f.customer_key, o.total_fen DESC, f.order_id
)
SELECT o.chase, o.order_id, o.customer_key, o.step, o.follows, o.channel, o.is_automatic, o.reason,
  coalesce(d.last_slot, 0) + 1 AS slot
FROM one o
CROSS JOIN LATERAL (
  SELECT max(t.slot) AS last_slot FROM orders_chasetouch t
  WHERE t.customer_key = o.customer_key AND t.on_day = %(today)s) d
WHERE coalesce(d.last_slot, 0) < %(most)s AND NOT EXISTS (
  SELECT FROM orders_chasetouch t WHERE t.customer_key = o.customer_key
    AND t.on_day >= %(today)s::date - 1
    AND greatest(t.made_at, t.said_at) > %(now)s - make_interval(mins => %(gap)s))
ORDER BY o.order_id LIMIT %(limit)s
"""

# Whoever makes the same step, or takes the same place of a customer's day, is second here.
MADE = """
INSERT INTO orders_chasetouch (chase_id, origin, step_id, follows_id, customer_key, on_day, slot,
  made_at, channel, reason, words, outcome)
SELECT n.chase, CASE WHEN n.step IS NULL THEN 'FOLLOW_UP' ELSE 'STEP' END, n.step, n.follows,
  n.customer_key, %(today)s, n.slot, %(now)s, n.channel, n.reason, '', ''
FROM unnest(%(chase)s::bigint[], %(step)s::bigint[], %(follows)s::bigint[],
  %(customer_key)s::text[], %(slot)s::smallint[], %(channel)s::text[], %(reason)s::text[]
) AS n (chase, step, follows, customer_key, slot, channel, reason)
ORDER BY n.chase
ON CONFLICT DO NOTHING
RETURNING chase_id, id
"""


class Candidate(NamedTuple):
    """A time that a customer may be chased now."""

    chase: int
    order_id: int
    customer_key: str
    step: int | None
    follows: int | None
    channel: str
    is_automatic: bool
    reason: str
    slot: int


def make_due(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Make the steps that are due now, once each; return how many.

    In the quiet hours none is made, so that what falls into them waits for their end. An order
    that somebody is working on in this moment has its turn next time.
    """
    binding = rules()
    if binding is None or not binding.is_on or is_quiet(binding, now):
        return 0
    found = _candidates(binding, now, limit)
    if not found:
        return 0
    with entry("chase.made", by=by, count=len(found)):
        orders = _still_unpaid(found)
        return _make([one for one in found if one.order_id in orders], orders, by, now)


def _candidates(binding: ChaseRules, now: datetime, limit: int) -> list[Candidate]:
    asked: dict[str, Any] = {
        "now": now,
        "today": timezone.localdate(now),
        "most": binding.daily_most,
        "gap": binding.gap_minutes,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, asked)
        return [Candidate(*row) for row in cursor.fetchall()]


def _still_unpaid(found: Sequence[Candidate]) -> dict[int, Order]:
    """Lock the orders, so that none is paid or closed meanwhile; leave out what is in use."""
    rows = Order.objects.numbered(one.order_id for one in found).filter(stage=Stage.UNPAID)
    locked = rows.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",))
    return {order.pk: order for order in locked.select_related("shop", "customer")}


def _make(found: Sequence[Candidate], orders: Mapping[int, Order], by: Actor, now: datetime) -> int:
    touches = _touches(found, now)
    made = [one for one in found if one.chase in touches]
    if not made:
        return 0
    scripts = {reason: _script(reason, by) for reason in sorted({one.reason for one in made})}
    values = values_of(orders[one.order_id] for one in made)
    drafts = [_draft(one, orders[one.order_id], scripts, values[one.order_id]) for one in made]
    messages = {m.subject_id: m for m in write([d.message for d in drafts], by=by, now=now)}
    _connect([(touches[one.chase], messages[one.order_id]) for one in made])
    goes = [messages[d.message.subject_id] for d in drafts if d.goes_out]
    _send(goes, by, now)
    waits = [d.message for d in drafts if not d.goes_out]
    open_items([_item(message, orders[message.subject_id]) for message in waits], by=by, now=now)
    return len(made)


def _touches(found: Sequence[Candidate], now: datetime) -> dict[int, int]:
    """Write down that the customers are chased; return the rows by chase, but for the second."""
    columns = ("chase", "step", "follows", "customer_key", "slot", "channel", "reason")
    asked: dict[str, Any] = {name: [getattr(one, name) for one in found] for name in columns}
    with connection.cursor() as cursor:
        cursor.execute(MADE, {**asked, "now": now, "today": timezone.localdate(now)})
        return dict(cursor.fetchall())


def _script(reason: str, by: Actor) -> Script | None:
    """Return the words for a reason; none if the house has switched all of them off."""
    try:
        return script_for(Topic.CHASE, reason, by=by)
    except Script.DoesNotExist:
        return None


class Draft(NamedTuple):
    message: NewMessage
    goes_out: bool


def _draft(
    one: Candidate, order: Order, scripts: Mapping[str, Script | None], values: Mapping[str, str]
) -> Draft:
    script, channel = scripts[one.reason], open_way(order, one.channel)
    words = script.text if script else ""
    try:
        text, is_filled = fill(words, values), bool(words)
    except UnknownBlank:  # somebody changed the script: a colleague must see it first
        text, is_filled = words, False
    message = message_about(
        order,
        Topic.CHASE,
        channel,
        text,
        script_id=script.pk if script else None,
        choices=choices(order),
    )
    return Draft(message, one.is_automatic and channel == Channel.MAIL and is_filled)


def _connect(pairs: Sequence[tuple[int, Message]]) -> None:
    """Let each touch know its message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_chasetouch t SET message_id = n.message, script_id = n.script "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS n (id, message, script) "
            "WHERE t.id = n.id",
            [
                [touch for touch, _message in pairs],
                [message.pk for _touch, message in pairs],
                [message.script_id for _touch, message in pairs],
            ],
        )


def _send(messages: Sequence[Message], by: Actor, now: datetime) -> None:
    if messages:
        ids = [message.pk for message in messages]
        let_leave(Message.objects.filter(pk__any=ids), by=by, now=now)
        ChaseTouch.objects.filter(message__in=ids).update(said_at=now)


def _item(message: NewMessage, order: Order) -> NewItem:
    facts = {"number": order.number, "total": yuan(order.total_fen - order.paid_fen)}
    return NewItem(
        Kind.CHASE,
        "order",
        order.pk,
        facts=facts,
        shop_id=order.shop_id,
        priority=order.priority,
    )
