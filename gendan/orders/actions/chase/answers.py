"""What customers answer to a word about payment; each answer is carried out at once.

Who answers hears nothing more by the plan before a colleague has spoken with them, but for those
who pay later. Nothing that was paid meanwhile is cancelled: the orders are locked, and looked at.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.desk.actions import withdraw
from gendan.desk.answers import answered
from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.chase_replies import Reply, ends_by_a_word, may_end
from gendan.orders.models import Chase, ChaseOutcome, ChaseTouch, Order
from gendan.orders.stages import Stage
from gendan.ui.wording import yuan
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.clock import calendar
from gendan.worklist.kinds import TERMS
from gendan.worklist.models import Kind

EVENING = 20  # when “later today” has passed
HOUR = timedelta(hours=1)

# A message that was sent from its own page was said then, whoever noted it.
NOTED = """
UPDATE orders_chasetouch t SET outcome = n.outcome, outcome_at = %(now)s, will_pay_at = n.at,
  words = n.words, said_at = coalesce(t.said_at, m.sent_at, %(now)s)
FROM unnest(%(messages)s::bigint[], %(outcomes)s::text[], %(at)s::timestamptz[], %(words)s::text[])
  AS n (message, outcome, at, words) JOIN desk_message m ON m.id = n.message
WHERE t.message_id = n.message
"""


OUTCOMES: dict[str, ChaseOutcome] = {
    Reply.PAID: ChaseOutcome.SAYS_PAID,
    Reply.HELP: ChaseOutcome.NEEDS_HELP,
    Reply.CHANGE: ChaseOutcome.WANTS_CHANGE,
    Reply.LATER: ChaseOutcome.WILL_PAY,
    Reply.NO: ChaseOutcome.NO_INTEREST,
}
# What a person has to do after an answer, as long as the order is not paid; and once it is over.
UNPAID_ASKS = (Reply.PAID, Reply.HELP, Reply.CHANGE, Reply.NO)
PAID_ASKS = (Reply.CHANGE, Reply.NO)
CANCELLED_ASKS = (Reply.PAID, Reply.HELP, Reply.CHANGE, Reply.LATER)


@answered(Topic.CHASE)
def carry_out(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Do what the customers answered: stop or shift the plan, cancel, or let a person see to it."""
    said = {message.subject_id: message for message in messages}
    with entry("chase.answered", by=by, count=len(messages)):
        orders = _locked(said)
        _note(messages, _evenings(said, now), now)
        unpaid = {pk: order for pk, order in orders.items() if order.stage == Stage.UNPAID}
        _close_words(unpaid, by, now)
        _take_back([pk for pk in unpaid if said[pk].answer == Reply.LATER], by)
        gone = {pk for pk, order in unpaid.items() if may_end(by) and _ends(order, said[pk])}
        asks = [pk for pk, order in orders.items() if pk not in gone and _asks(order, said[pk])]
        due = calendar().after(now, TERMS[Kind.CUSTOMER].minutes)
        open_items([_item(orders[pk], said[pk], due) for pk in asks], by=by, now=now)
        _cancel(gone, said, by, now)


def _locked(ids: Iterable[int]) -> dict[int, Order]:
    """Lock the orders, so that none is paid or closed meanwhile."""
    rows = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    return {order.pk: order for order in rows.select_related("shop")}


def _evenings(said: Mapping[int, Message], now: datetime) -> dict[int, datetime]:
    """Return until when the plan is silent about the orders whose customers pay later today."""
    later = [pk for pk, message in said.items() if message.answer == Reply.LATER]
    closes = Chase.objects.filter(order__any=later).values_list("order_id", "closes_at")
    return {pk: _evening(closes_at, now) for pk, closes_at in closes}


def _evening(closes_at: datetime, now: datetime) -> datetime:
    """Return the evening, an hour at least; what closes before gets half of the time it has."""
    evening = timezone.localtime(now).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    at = max(evening, now + HOUR)
    return at if at < closes_at - HOUR else now + max(closes_at - now, HOUR) / 2


def _note(messages: Sequence[Message], evenings: Mapping[int, datetime], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            NOTED,
            {
                "now": now,
                "messages": [message.pk for message in messages],
                "outcomes": [OUTCOMES[message.answer].value for message in messages],
                "at": [_until(message, evenings) for message in messages],
                "words": [message.words for message in messages],
            },
        )


def _until(message: Message, evenings: Mapping[int, datetime]) -> datetime | None:
    return evenings.get(message.subject_id) if message.answer == Reply.LATER else None


def _close_words(orders: Iterable[int], by: Actor, now: datetime) -> None:
    """What a colleague was to say is said no more: the customer has spoken."""
    why = _("The customer has answered")
    close_items([Kind.CHASE], "order", list(orders), by=by, now=now, why=why)


def _take_back(orders: Sequence[int], by: Actor) -> None:
    """Take back what the plan still wanted to be said to those who pay later."""
    if not orders:
        return
    unsaid = ChaseTouch.objects.filter(chase__order__any=orders, said_at=None)
    drafts = [pk for pk in unsaid.values_list("message_id", flat=True) if pk]
    unsaid.delete()
    withdraw(Message.objects.filter(pk__any=drafts), by=by, why=_("The customer has answered"))


def _ends(order: Order, message: Message) -> bool:
    """Say whether the order ends by the answer; else a person sees to it."""
    return message.answer == Reply.NO and ends_by_a_word(order)


def _asks(order: Order, message: Message) -> bool:
    if order.stage == Stage.UNPAID:
        return message.answer in UNPAID_ASKS
    return message.answer in (CANCELLED_ASKS if order.stage == Stage.CANCELLED else PAID_ASKS)


def _item(order: Order, message: Message, due_at: datetime) -> NewItem:
    """Whoever answers waits for us, as they do who report a problem.

    About an unpaid order it is a word about payment; about any other, the order itself.
    """
    unpaid = order.stage == Stage.UNPAID
    left = yuan(order.total_fen - order.paid_fen) if unpaid else ""
    return NewItem(
        Kind.CHASE if unpaid else Kind.CUSTOMER,
        "order",
        order.pk,
        message.chosen[:120],
        facts={"number": order.number, "total": left, "words": message.words[:200]},
        shop_id=order.shop_id,
        priority=order.priority,
        due_at=due_at,
    )


def _cancel(ids: Collection[int], said: Mapping[int, Message], by: Actor, now: datetime) -> None:
    if not ids:
        return
    words = dict.fromkeys(said[pk].words or said[pk].chosen for pk in sorted(ids))
    cancel(Order.objects.numbered(ids), by=by, now=now, why="；".join(words))
