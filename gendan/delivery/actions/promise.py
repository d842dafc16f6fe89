"""Another date for orders: asked of the customer, agreed, refused; and what follows from each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gendan.delivery.actions.tell_late import tell
from gendan.delivery.models import Forecast, Promise, PromiseSource, PromiseState
from gendan.delivery.risk import parcels_follow, weigh
from gendan.desk.actions import NewMessage, withdraw, write
from gendan.desk.answers import answered
from gendan.desk.filling import fill
from gendan.desk.models import Channel, Message, MessageQuerySet, Script, Topic
from gendan.desk.models import State as MessageState
from gendan.desk.scripts import script_for
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions import cancel
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import IN_HAND, Stage
from gendan.orders.telling import lock_orders, message_about, open_way, values_of
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.models import ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import Stage as Parcel
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

ACCEPT, REFUND = "ACCEPT", "REFUND"
OPEN_MESSAGES = (MessageState.DRAFT, MessageState.SENDING, MessageState.SENT, MessageState.FAILED)

# Several orders at once each get their own date.
MOVE = """
UPDATE orders_order o SET promise_at = w.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS w (id, at) WHERE o.id = w.id
"""


class NoReason(Refused):
    """Nobody said why."""


class NoSuchDate(Refused):
    """The date has passed."""


def promise_anew(
    orders: OrderQuerySet, *, at: datetime, by: Actor, now: datetime, why: str
) -> OrderQuerySet:
    """Promise orders for another date, which their customers have agreed to.

    :raises NoReason: if `why` is empty
    :raises NoSuchDate: if the date has passed
    :raises WrongStage: if any of them is not under way, or has left
    """
    _refuse_unreasonable(at, now, why)
    with entry("promise.changed", by=by, why=why):
        chosen = _lock(orders)
        _take_back([order.pk for order in chosen], by=by, now=now, why=why)
        Promise.objects.bulk_create(
            _row(order, at, by, now, why, PromiseState.AGREED) for order in chosen
        )
        _keep({order.pk: at for order in chosen}, by=by, now=now)
    return Order.objects.numbered([order.pk for order in chosen])


def propose(
    orders: OrderQuerySet,
    *,
    at: datetime,
    by: Actor,
    now: datetime,
    why: str,
    channel: str = Channel.CHAT,
) -> MessageQuerySet:
    """Draft a message to each customer with another date: they may accept, or have a refund.

    An earlier question about another date is taken back.

    :raises NoReason: if `why` is empty
    :raises NoSuchDate: if the date has passed
    :raises WrongStage: if any of the orders is not under way, or has left
    """
    _refuse_unreasonable(at, now, why)
    with entry("promise.proposed", by=by, why=why):
        chosen = _lock(orders)
        _take_back([order.pk for order in chosen], by=by, now=now, why=why)
        drafted = write(_messages(chosen, at, channel, by=by), by=by, now=now)
        messages = {message.subject_id: message for message in drafted}
        Promise.objects.bulk_create(
            _row(order, at, by, now, why, PromiseState.PROPOSED, messages[order.pk])
            for order in chosen
        )
    return drafted


def take_back(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str) -> int:
    """Take back what customers were asked about another date; return of how many orders."""
    with entry("promise.withdrawn", by=by, why=why):
        asked = Promise.objects.filter(state=PromiseState.PROPOSED, order__in=orders)
        ids = list(asked.order_by("pk").values_list("order_id", flat=True))
        lock_orders(ids)
        return _take_back(ids, by=by, now=now, why=why)


def forget_questions(*, by: Actor, now: datetime) -> int:
    """Take back questions that nobody can answer any more; return of how many orders.

    The message was withdrawn at the desk, its time is over, or the order has left or ended.
    """
    stale = (
        Q(message__state=MessageState.WITHDRAWN)
        | Q(message__closes_at__lt=now)
        | ~Q(order__stage__in=IN_HAND)
        | Q(order__forecast__step="")
    )
    asked = Promise.objects.filter(stale, state=PromiseState.PROPOSED)
    ids = sorted(set(asked.values_list("order_id", flat=True)))
    if not ids:
        return 0
    why = _("Nobody can answer it any more.")
    return take_back(Order.objects.numbered(ids), by=by, now=now, why=why)


@answered(Topic.DELAY)
def carry_out(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Carry out what customers answered: the new date, or their money back."""
    ids = {order_id: message for message in messages if (order_id := message.subject_id)}
    list(
        Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True).values_list("pk")
    )
    asked = Promise.objects.filter(message__any=[message.pk for message in messages])
    rows = list(asked.filter(state=PromiseState.PROPOSED).select_related("order").order_by("pk"))
    yes = [row for row in rows if ids[row.order_id].answer == ACCEPT]
    if yes:
        with entry("promise.changed", by=by, why=yes[0].why):
            _settle(yes, PromiseState.AGREED, now)
            _keep({row.order_id: row.at for row in yes}, by=by, now=now)
    no = [row for row in rows if ids[row.order_id].answer == REFUND]
    _settle(no, PromiseState.REFUSED, now)
    _give_up([row.order for row in no], by=by, now=now)


def _refuse_unreasonable(at: datetime, now: datetime, why: str) -> None:
    if not why.strip():
        raise NoReason(_("Say why: the customer will ask, and so will the supervisor."))
    if at <= now:
        raise NoSuchDate(_("This date has passed. Choose a later one."))


def _lock(orders: OrderQuerySet) -> list[Order]:
    """Lock the orders, then their questions; all must be under way, and still in the house."""
    ids = list(orders.values_list("pk", flat=True))
    locked = Order.objects.numbered(ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    rows = list(locked.select_related("shop", "customer"))
    asked = Message.objects.about("order", *ids).filter(topic=Topic.DELAY, state__in=OPEN_MESSAGES)
    list(asked.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    left = set(_left(ids))
    for order in rows:
        if order.stage not in IN_HAND or order.pk in left:
            raise WrongStage(
                _("Order %(number)s is not under way in the house: no other date can be promised.")
                % {"number": order.number}
            )
    return rows


def _left(ids: Sequence[int]) -> Iterable[int]:
    """Return those of which every parcel has left."""
    parcels = ShipmentLine.objects.filter(order__any=ids).exclude(shipment__stage=Parcel.RECALLED)
    inside = parcels.filter(shipment__stage__in=IN_THE_HOUSE)
    gone = set(parcels.values_list("order_id", flat=True))
    return gone - set(inside.values_list("order_id", flat=True))


def _take_back(ids: Sequence[int], *, by: Actor, now: datetime, why: str) -> int:
    asked = Promise.objects.filter(order__any=ids, state=PromiseState.PROPOSED)
    rows = list(asked.order_by("pk"))
    _settle(rows, PromiseState.WITHDRAWN, now)
    if rows:
        messages = Message.objects.filter(pk__any=[row.message_id for row in rows])
        withdraw(messages.filter(state__in=OPEN_MESSAGES), by=by, why=why)
    return len(rows)


def _settle(rows: Sequence[Promise], state: PromiseState, now: datetime) -> None:
    ids = [row.pk for row in rows]
    Promise.objects.filter(pk__any=ids).update(state=state, settled_at=now)


def _keep(dates: Mapping[int, datetime], *, by: Actor, now: datetime) -> None:
    """Move the promises; parcels, risks and work items follow."""
    ids = sorted(dates)
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [ids, [dates[pk] for pk in ids]])
    parcels_follow(ids)
    Forecast.objects.filter(order__any=ids).update(promise_source=PromiseSource.AGREED)
    weigh(now=now, orders=ids)
    tell(by=by, now=now, orders=ids)


def _give_up(orders: Sequence[Order], *, by: Actor, now: datetime) -> None:
    """Cancel what is not in the warehouse yet; the rest, and the money, wait for a person."""
    if not orders:
        return
    why = _("The customer does not want to wait until the other date.")
    busy = set(
        ShipmentLine.objects.filter(order__any=[order.pk for order in orders])
        .exclude(shipment__stage=Parcel.RECALLED)
        .values_list("order_id", flat=True)
    )
    free = [
        o for o in orders if o.pk not in busy and o.stage not in (Stage.COMPLETED, Stage.CANCELLED)
    ]
    with entry("promise.refused", by=by, why=why):
        if free:
            cancel(Order.objects.numbered([order.pk for order in free]), by=by, now=now, why=why)
        paid = [order for order in free if order.paid_fen > order.refunded_fen]
        items = [_item(Kind.REFUND_DUE, order, why) for order in paid]
        items += [_item(Kind.CUSTOMER, order, why) for order in orders if order.pk in busy]
        open_items(items, by=by, now=now)


def _item(kind: Kind, order: Order, why: str) -> NewItem:
    facts = {"order": order.number, "why": why}
    return NewItem(kind, "order", order.pk, facts=facts, shop_id=order.shop_id)


def _row(
    order: Order,
    at: datetime,
    by: Actor,
    now: datetime,
    why: str,
    state: PromiseState,
    message: Message | None = None,
) -> Promise:
    return Promise(
        order=order,
        before_at=order.promise_at,
        at=at,
        state=state,
        why=why[:500],
        message=message,
        made_by=by if isinstance(by, Person) else None,
        made_at=now,
        settled_at=now if state == PromiseState.AGREED else None,
    )


def _messages(
    orders: Sequence[Order], at: datetime, channel: str, *, by: Actor
) -> list[NewMessage]:
    script = script_for(Topic.DELAY, by=by)
    with translation.override("zh-hans"):  # the customer's language, not the colleague's
        values = values_of(orders)
        return [_message(order, at, channel, script, values[order.pk]) for order in orders]


def _message(
    order: Order, at: datetime, channel: str, script: Script, values: Mapping[str, str]
) -> NewMessage:
    date = timezone.localtime(at).strftime("%m-%d %H:%M")
    return message_about(
        order,
        Topic.DELAY,
        open_way(order, channel),
        f"{fill(script.text, values)}\n{_sentence(order) % {'date': date}}",
        script_id=script.pk,
        choices=[
            {"code": ACCEPT, "label": _("I wait until %(date)s") % {"date": date}},
            {
                "code": REFUND,
                "label": _("Please cancel, and give me my money back"),
                "is_last_word": True,
            },
        ],
        facts={"at": at.isoformat()},
        closes_at=at,
    )


def _sentence(order: Order) -> str:
    """A wish is kept by arriving, any other promise by leaving."""
    return (
        _("It will be with you by %(date)s.") if order.wish_on else _("It will leave by %(date)s.")
    )
