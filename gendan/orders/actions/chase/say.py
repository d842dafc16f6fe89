"""A clerk's word with a customer about payment: what was said, and what came of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from gendan.desk.actions import NewMessage, let_leave, write
from gendan.desk.models import Channel, Message, State, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.chase_replies import choices, ends_by_a_word, may_end
from gendan.orders.chase_words import (
    CannotChase,
    Said,
    one_at_a_time,
    places,
    refuse_chase,
    refuse_quiet,
    refuse_twice,
)
from gendan.orders.chasing import rules
from gendan.orders.models import (
    Chase,
    ChaseOutcome,
    ChaseRules,
    ChaseTouch,
    Order,
)
from gendan.orders.stages import Stage
from gendan.orders.telling import message_about, reached_at
from gendan.people.access import Worker
from gendan.people.models import Person
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

KEPT = (
    "on_day",
    "slot",
    "message",
    "said_at",
    "said_by",
    "channel",
    "reason",
    "words",
    "outcome",
    "will_pay_at",
    "outcome_at",
)


def say(said: Sequence[Said], *, by: Worker, now: datetime, why: str = "") -> list[ChaseTouch]:
    """Note what was said to customers; mail is sent, everything else has been said already.

    Who no longer wants the goods has the order cancelled, if it is ours and nothing was paid.

    :raises CannotChase: if one is not unpaid, held out, was chased meanwhile or too often today,
        or nobody is to be disturbed now
    """
    with entry("chase.said", by=by, why=why, count=len(said)):
        binding = rules() or ChaseRules()
        refuse_quiet(said, binding, now)
        chases = _locked([one.order_id for one in said])
        waiting = _waiting(chases)
        _refuse(said, chases, now)
        touches = places(said, waiting, chases, binding, now)
        _tell(said, touches, chases, by, now)
        _keep(said, touches, by, now)
        ids = [one.order_id for one in said]
        close_items([Kind.CHASE], "order", ids, by=by, now=now, why=_("Said"))
        _let_go(said, [chase.order for chase in chases.values()], by, now)
    return [touches[one.order_id] for one in said]


def note_outcome(
    touch: ChaseTouch,
    outcome: str,
    *,
    by: Worker,
    now: datetime,
    will_pay_at: datetime | None = None,
    words: str = "",
    why: str = "",
) -> ChaseTouch:
    """Note later what came of a word with the customer, or correct it.

    :raises CannotChase: if it was not said yet, the promise makes no sense, or who is said to want
        nothing any more has paid
    """
    said = Said(touch.chase.order_id, touch.channel, "", "", outcome, will_pay_at, words)
    _refuse_outcome(said, now)
    with entry("chase.outcome", by=by, why=why):
        order = _orders([said.order_id])[said.order_id]
        _refuse_paid(said, order)
        fields = {"outcome": outcome, "will_pay_at": will_pay_at, "words": words}
        spoken = ChaseTouch.objects.filter(pk=touch.pk, said_at__isnull=False)
        if not spoken.update(outcome_at=now, **fields):
            raise CannotChase(_("Nothing was said yet. Say it first, then note what came of it."))
        _let_go([said], [order], by, now)
    touch.refresh_from_db()
    return touch


def _locked(ids: Sequence[int]) -> dict[int, Chase]:
    """Lock the orders, so that nobody pays, closes or chases them meanwhile."""
    orders = _orders(ids)
    found: dict[int, Chase] = {}
    for chase in Chase.objects.filter(order__any=list(orders)):
        chase.order = orders[chase.order_id]
        found[chase.order_id] = chase
    return found


def _orders(ids: Sequence[int]) -> dict[int, Order]:
    rows = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    return {order.pk: order for order in rows.select_related("shop", "customer")}


def _waiting(chases: Mapping[int, Chase]) -> dict[int, ChaseTouch]:
    """Return what the plan wants to be said about the orders (by id)."""
    ids = [chase.pk for chase in chases.values()]
    unsaid = ChaseTouch.objects.filter(chase__any=ids, said_at=None).order_by("pk")
    return {touch.chase.order_id: touch for touch in unsaid.select_related("chase", "message")}


def _refuse(said: Sequence[Said], chases: Mapping[int, Chase], now: datetime) -> None:
    refuse_twice(said)
    heard = _times(chases)
    for one in said:
        chase = chases.get(one.order_id)
        if chase is None:
            raise CannotChase(_("This order is not in the queue. Wait a minute, and try again."))
        refuse_chase(chase)
        _refuse_slower(one, chase, heard.get(chase.pk, 0))
        _refuse_outcome(one, now)


def _times(chases: Mapping[int, Chase]) -> dict[int, int]:
    """Return how often the customers were chased for each of the orders (by the chase's id)."""
    touches = ChaseTouch.objects.filter(chase__any=[chase.pk for chase in chases.values()])
    return dict(touches.order_by().values_list("chase").annotate(times=Count("pk")))


def _refuse_slower(one: Said, chase: Chase, times: int) -> None:
    if one.times is not None and one.times != times:
        raise CannotChase(
            _("A colleague has spoken with the buyer of %(number)s meanwhile. Load the page again.")
            % {"number": chase.order.number}
        )


def _refuse_outcome(one: Said, now: datetime) -> None:
    if one.outcome and one.outcome not in ChaseOutcome.values:
        raise CannotChase(_("There is no such outcome. Choose one of the list."))
    if one.outcome == ChaseOutcome.WILL_PAY and (not one.will_pay_at or one.will_pay_at <= now):
        raise CannotChase(_("Ask when they will pay: a time that is still to come."))
    if one.will_pay_at and one.outcome != ChaseOutcome.WILL_PAY:
        raise CannotChase(_("A time belongs to “will pay” only."))


def _refuse_paid(one: Said, order: Order) -> None:
    over = (Stage.UNPAID, Stage.CANCELLED)
    if one.outcome == ChaseOutcome.NO_INTEREST and order.stage not in over:
        raise CannotChase(
            _(
                "Order %(number)s is paid: a word about payment does not cancel it. If the "
                "customer insists, cancel it on its page."
            )
            % {"number": order.number}
        )


def _tell(
    said: Sequence[Said],
    touches: Mapping[int, ChaseTouch],
    chases: Mapping[int, Chase],
    by: Actor,
    now: datetime,
) -> None:
    """Send the words: the plan's drafts as the clerk has changed them, or messages of their own."""
    spoken = [one for one in said if one.text]
    drafts = list(_drafts(spoken, touches, chases))
    if drafts:
        with entry("message.rewritten", by=by):
            Message.objects.bulk_update(drafts, ["text", "channel", "to"])
    old = {draft.subject_id: draft for draft in drafts}
    news = [_message(one, chases[one.order_id].order) for one in spoken if one.order_id not in old]
    messages = {**old, **{m.subject_id: m for m in write(news, by=by, now=now)}}
    if messages:
        let_leave(
            Message.objects.filter(pk__any=[m.pk for m in messages.values()]),
            by=by,
            now=now,
        )
    for order, message in messages.items():
        touches[order].message = message


def _drafts(
    said: Sequence[Said], touches: Mapping[int, ChaseTouch], chases: Mapping[int, Chase]
) -> Iterator[Message]:
    for one in said:
        draft = touches[one.order_id].message
        if draft and draft.state == State.DRAFT:
            draft.text, draft.channel = one.text, one.channel
            draft.to = reached_at(chases[one.order_id].order, one.channel)
            yield draft


def _message(one: Said, order: Order) -> NewMessage:
    """Who speaks hears the answer at once; what is written brings its choices along."""
    offered = () if one.channel == Channel.PHONE else choices(order)
    return message_about(order, Topic.CHASE, one.channel, one.text, choices=offered)


def _keep(
    said: Sequence[Said], touches: Mapping[int, ChaseTouch], by: Actor, now: datetime
) -> None:
    for one in said:
        touch = touches[one.order_id]
        touch.said_at, touch.said_by = now, by if isinstance(by, Person) else None
        touch.channel, touch.reason, touch.words = one.channel, one.reason, one.words
        touch.outcome, touch.will_pay_at = one.outcome, one.will_pay_at
        touch.outcome_at = now if one.outcome else None
    with one_at_a_time():
        ChaseTouch.objects.bulk_update(touches.values(), KEPT)


def _let_go(said: Sequence[Said], orders: Iterable[Order], by: Worker, now: datetime) -> None:
    """Cancel those of the locked orders that nobody wants any more, where a word is enough."""
    ending = {order.pk for order in orders if ends_by_a_word(order)}
    unwanted = (one for one in said if one.outcome == ChaseOutcome.NO_INTEREST)
    gone = [one for one in unwanted if one.order_id in ending]
    if not gone:
        return
    if not may_end(by):
        raise CannotChase(_("You may not cancel orders. Note another outcome, or ask a colleague."))
    words = "；".join(dict.fromkeys(one.words for one in gone if one.words))
    chosen = Order.objects.numbered(one.order_id for one in gone)
    cancel(chosen, by=by, now=now, why=words or str(ChaseOutcome.NO_INTEREST.label))
