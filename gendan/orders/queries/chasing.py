"""The queue of unpaid orders: who is next, what was said, and with which words."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from gendan.desk.filling import UnknownBlank, fill
from gendan.desk.models import Channel, Message, Script, State, Topic
from gendan.orders.chasing import HELP, Due, next_due, rules
from gendan.orders.models import (
    Chase,
    ChaseOffer,
    ChaseReason,
    ChaseStep,
    ChaseTouch,
    OfferState,
    Order,
    OrderQuerySet,
)
from gendan.orders.stages import Stage
from gendan.orders.telling import values_of
from gendan.people.access import Worker

# Whoever has begun with one goes on with it; then who answered us (the answer is the detail), then
# most money for each hour that is left.
NEXT = """
SELECT o.number, i.id FROM worklist_item i
JOIN orders_order o ON o.id = i.subject_id AND o.stage = 'UNPAID'
JOIN orders_chase c ON c.order_id = o.id
WHERE i.kind = 'CHASE' AND i.subject = 'order' AND i.done_at IS NULL
  AND (i.owner_id IS NULL OR i.owner_id = %(person)s)
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
  AND o.number <> ALL(%(skipped)s)
ORDER BY i.owner_id NULLS LAST, i.detail = '',
  (o.total_fen - o.paid_fen) / greatest(extract(epoch FROM c.closes_at - %(now)s), 600) DESC, o.id
LIMIT 1
"""
WAITING = """
SELECT count(*), coalesce(sum(o.total_fen - o.paid_fen), 0)::bigint FROM worklist_item i
JOIN orders_order o ON o.id = i.subject_id AND o.stage = 'UNPAID'
WHERE i.kind = 'CHASE' AND i.subject = 'order' AND i.done_at IS NULL
  AND (i.owner_id IS NULL OR i.owner_id = %(person)s)
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
"""


@dataclass(frozen=True)
class Next:
    """The order whose turn it is, and the work item about it."""

    number: str
    item_id: int


@dataclass(frozen=True)
class Waiting:
    orders: int
    fen: int


@dataclass(frozen=True)
class Words:
    """What can be said for a reason, filled with the order's own values."""

    code: str
    label: str
    text: str
    script_id: int | None


@dataclass(frozen=True)
class Talk:
    """Everything that a clerk needs who speaks with a customer about payment."""

    order: Order
    chase: Chase | None
    touches: Sequence[ChaseTouch]
    reasons: Sequence[Words]
    help: Sequence[Words]
    text: str
    reason: str
    channel: str
    offer: ChaseOffer | None
    due: Due | None
    today: int
    is_over: bool  # the time to pay
    draft: Message | None  # what the plan wants to be said
    answer: Message | None  # what the customer answered, and nobody has spoken about since

    @property
    def left_fen(self) -> int:
        return self.order.total_fen - self.order.paid_fen

    @property
    def times(self) -> int:
        return len(self.touches)


def queue(worker: Worker) -> OrderQuerySet:
    """Return the unpaid orders that the worker sees."""
    waiting = Order.objects.visible_to(worker).filter(stage=Stage.UNPAID, is_cod=False)
    return waiting.select_related("shop", "chase__plan")


def next_in_turn(worker: Worker, *, now: datetime, skipped: Iterable[str] = ()) -> Next | None:
    """Return the order to speak about now; none if nothing is due."""
    asked = {"skipped": list(skipped), "now": now, **_who(worker)}
    with connection.cursor() as cursor:
        cursor.execute(NEXT, asked)
        row = cursor.fetchone()
    return Next(*row) if row else None


def waiting_now(worker: Worker) -> Waiting:
    """Return how many orders, and how much money, are due for a word."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, _who(worker))
        return Waiting(*cursor.fetchone())


def talk(order: Order, *, now: datetime) -> Talk:
    """Gather what is to be known and said about an unpaid order."""
    chase = Chase.objects.filter(order=order).select_related("plan").first()
    touches = list(said_about([order.pk]))
    reasons, help_texts = _words(order)
    unsaid = next((touch for touch in touches if touch.said_at is None), None)
    draft = unsaid.message if unsaid else None
    reason = unsaid.reason if unsaid else ""
    # Filled anew: an offer may have changed what is to be paid since the draft was made.
    fresh = next((words.text for words in reasons if words.code == reason), "")
    last = max((touch.said_at or touch.made_at for touch in touches), default=None)
    answer = unheard(touches)  # until a colleague has spoken with them, the plan is silent
    return Talk(
        order=order,
        chase=chase,
        touches=touches,
        reasons=[words for words in reasons if words.code],  # the plain reminder needs none
        help=help_texts,
        text=fresh or (draft.text if draft and draft.state == State.DRAFT else ""),
        reason=reason,
        channel=unsaid.channel if unsaid else Channel.CHAT,
        offer=_offer(chase),
        due=next_due(chase, _steps(chase), last, rules()) if chase and not answer else None,
        today=_today(chase, now),
        is_over=bool(chase and chase.closes_at <= now),
        draft=draft if draft and draft.state == State.DRAFT else None,
        answer=answer,
    )


def unheard(touches: Sequence[ChaseTouch]) -> Message | None:
    """Return what a customer answered last, unless a colleague has spoken with them since."""
    answers = [
        (message.answered_at, message)
        for touch in touches
        if (message := touch.message) and message.answered_at
    ]
    if not answers:
        return None
    at, last = max(answers, key=lambda answer: answer[0])
    return None if any(touch.said_at and touch.said_at > at for touch in touches) else last


def said_about(orders: Sequence[int]) -> QuerySet[ChaseTouch]:
    """Return what was and is to be said about orders (ids), the latest first."""
    touches = ChaseTouch.objects.filter(chase__order__any=list(orders))
    return touches.select_related("said_by", "message", "step").order_by("-made_at", "-pk")


def _who(worker: Worker) -> dict[str, Any]:
    return {"person": worker.pk, "shops": worker.shop_ids}


def _words(order: Order) -> tuple[list[Words], list[Words]]:
    """Return the scripts for reasons, the plain reminder first, and those that help to pay."""
    values = values_of([order])[order.pk]
    found = list(Script.objects.filter(topic=Topic.CHASE, is_on=True))
    first = {script.reason: script for script in reversed(found)}
    reasons = [
        _filled(code, str(label), first.get(code), values)
        for code, label in (("", ""), *ChaseReason.choices)
    ]
    helps = [script for script in found if script.reason.startswith(HELP)]
    return reasons, [_filled(s.reason, s.label, s, values) for s in helps]


def _filled(code: str, label: str, script: Script | None, values: Mapping[str, str]) -> Words:
    text = script.text if script else ""
    with suppress(UnknownBlank):  # the clerk sees the blank, and fills it
        text = fill(text, values)
    return Words(code, label, text, script.pk if script else None)


def _offer(chase: Chase | None) -> ChaseOffer | None:
    if chase is None:
        return None
    offers = ChaseOffer.objects.filter(chase=chase).select_related("changed_by")
    still = Q(state__in=(OfferState.ASKED, OfferState.GIVEN))
    to_restore = Q(state__in=(OfferState.EXPIRED, OfferState.WITHDRAWN), restored_at=None)
    return offers.filter(still | (to_restore & Q(changed_at__isnull=False))).last()


def _steps(chase: Chase) -> list[ChaseStep]:
    return list(ChaseStep.objects.filter(plan=chase.plan_id, is_retired=False))


def _today(chase: Chase | None, now: datetime) -> int:
    """Return how often the customer has heard from us today, about any order."""
    if chase is None:
        return 0
    today = timezone.localdate(now)
    touches = ChaseTouch.objects.filter(customer_key=chase.customer_key, on_day=today)
    return touches.aggregate(most=Max("slot"))["most"] or 0
