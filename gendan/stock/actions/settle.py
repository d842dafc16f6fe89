"""Settling short goods: the customer is asked and chooses, and it is carried out at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gendan.desk.actions import send, withdraw, write
from gendan.desk.answers import answered
from gendan.desk.models import Message, MessageQuerySet, State, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.cancel import cancel
from gendan.orders.actions.refund import ask_finance
from gendan.orders.actions.swap import swap
from gendan.orders.actions.tend import tend
from gendan.orders.models import Line, Order
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.stock.actions.part import serve_part, serve_rests
from gendan.stock.actions.reserve import reserve
from gendan.stock.asking import questions
from gendan.stock.models import (
    CaseQuerySet,
    CaseState,
    Choice,
    Rest,
    Shortage,
    ShortageCase,
)
from gendan.stock.needs import what_is_there
from gendan.stock.presold import follow_on_their_day
from gendan.stock.queries.offers import Offer, offers
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

ANSWER_WITHIN = timedelta(hours=24)
# Where an order may stand whose goods were short; whoever owes more then goes back to pay.
PAYS_FIRST = (Stage.UNCONFIRMED, Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT)


class NothingToOffer(Refused):
    """The case is settled, or what was missed has to be looked for first."""


class CannotBeKept(Refused):
    """What the customer chose cannot be carried out any more."""


@dataclass(frozen=True)
class Chosen:
    """What a customer chose: the code of the offer; the day that was named, if one was."""

    code: str
    on: date | None = None


def ask(
    cases: CaseQuerySet, channel: str, *, by: Actor, now: datetime, why: str = ""
) -> MessageQuerySet:
    """Ask the customers what they choose; mails leave at once, for the rest somebody says it.

    An earlier question is taken back.

    :raises NothingToOffer: if for any of them nothing can be offered
    :raises CannotSend: if a mail has no address
    """
    with entry("shortage.asked", by=by, why=why, count=len(cases)):
        rows = _lock(cases)
        with translation.override(settings.LANGUAGE_CODE):  # as the scripts: the customer reads it
            offered = offers(ShortageCase.objects.numbered([row.pk for row in rows]), now=now)
        _refuse_empty(rows, offered)
        orders = [row.order_id for row in rows]
        _take_back(orders, by=by)
        until = now + ANSWER_WITHIN
        with translation.override(settings.LANGUAGE_CODE):
            news = questions(rows, offered, channel, until=until)
        written = write(news, by=by, now=now)
        sent = send(written, by=by, now=now)
        ShortageCase.objects.numbered([row.pk for row in rows]).update(
            state=CaseState.ASKED, asked_at=now, due_at=until, choice="", waits_until=None
        )
        close_items([Kind.SHORT, Kind.CHOICE], "order", orders, by=by, now=now, why=_("asked"))
        open_items([_awaited(row, until) for row in rows], by=by, now=now)
    return sent


def choose(
    chosen: Mapping[int, Chosen], *, by: Actor, now: datetime, why: str = ""
) -> CaseQuerySet:
    """Carry out what customers chose in their cases (by id): all of it, or nothing.

    :raises NothingToOffer: if a case is settled by now
    :raises CannotBeKept: if a choice can't be carried out any more
    """
    with entry("shortage.chosen", by=by, why=why):
        cases = _lock(ShortageCase.objects.filter(pk__any=list(chosen)))
        if len(cases) != len(chosen):
            raise NothingToOffer(_("This is settled by now: the goods have come, or it is over."))
        found = offers(ShortageCase.objects.numbered(list(chosen)), now=now)
        agreed = {row.pk: _agreed(chosen[row.pk], found[row.pk]) for row in cases}
        by_choice: dict[Choice, list[ShortageCase]] = defaultdict(list)
        for row in cases:
            by_choice[agreed[row.pk].choice].append(row)
        _note(cases, agreed, now)
        _close([row.order_id for row in cases], by=by, now=now)
        for choice, rows in sorted(by_choice.items()):
            _carry_out(choice, rows, agreed, by=by, now=now)
    return ShortageCase.objects.numbered(list(chosen))


def send_what_is_there(*, by: Actor, now: datetime, orders: Sequence[int] | None = None) -> int:
    """Promise what is there of short orders whose customers chose that; return how many orders.

    Who chose before anything was reserved is served in part when it comes to that (`orders` none).
    """
    chose = ShortageCase.objects.filter(state=CaseState.WAITING, choice=Choice.PART)
    short = chose.filter(order__stage=Stage.SHORT)
    known = short if orders is None else short.filter(order_id__any=list(orders))
    ids = list(known.values_list("order_id", flat=True))
    there = ids if orders is not None else list(what_is_there(ids))
    if there:
        serve_part(Order.objects.numbered(there), by=by, now=now)
    return len(there)


@answered(Topic.SHORTAGE)
def carry_out_answers(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Carry out what customers answered to our questions.

    :raises CannotBeKept: if a choice can't be carried out any more
    """
    choose({int(m.facts["case"]): _answer(m) for m in messages}, by=by, now=now)


def _answer(message: Message) -> Chosen:
    told = next(each for each in message.choices if each["code"] == message.answer)
    return Chosen(message.answer, date.fromisoformat(told["on"]) if "on" in told else None)


def _lock(cases: CaseQuerySet) -> list[ShortageCase]:
    """Lock the orders first, as everybody does, then their cases that are still live."""
    ids = list(cases.live().values_list("pk", "order_id"))
    orders = Order.objects.numbered(order for _pk, order in ids).order_by("pk")
    list(orders.select_for_update(no_key=True).values_list("pk", flat=True))
    rows = ShortageCase.objects.live().filter(pk__any=[pk for pk, _order in ids])
    locked = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(
        locked.select_related("order__shop", "order__customer").prefetch_related("lines__sku")
    )


def _refuse_empty(rows: Sequence[ShortageCase], offered: Mapping[int, Sequence[Offer]]) -> None:
    if not rows:
        raise NothingToOffer(_("This is settled by now: the goods have come, or it is over."))
    for row in rows:
        if not offered[row.pk]:
            raise NothingToOffer(
                _("Order %(number)s: say first whether the goods were found after all.")
                % {"number": row.order.number}
                if row.order.stage == Stage.ALLOCATED
                else _("Order %(number)s: the goods are there by now, or it is being changed.")
                % {"number": row.order.number}
            )


def _take_back(orders: Sequence[int], *, by: Actor) -> None:
    earlier = Message.objects.about("order", *orders).filter(topic=Topic.SHORTAGE)
    still = earlier.exclude(state__in=(State.ANSWERED, State.WITHDRAWN))
    if still.exists():
        withdraw(still, by=by, why=_("asked anew"))


def _awaited(case: ShortageCase, until: datetime) -> NewItem:
    return NewItem(
        Kind.CHOICE,
        "order",
        case.order_id,
        facts={"number": case.order.number},
        shop_id=case.order.shop_id,
        priority=case.order.priority,
        due_at=until,
    )


def _agreed(chosen: Chosen, offered: Sequence[Offer]) -> Offer:
    """Return what is offered now under the code, if it is no worse than what was chosen."""
    offer = next((each for each in offered if each.code == chosen.code), None)
    if offer is None:
        raise CannotBeKept(
            _("That cannot be had any more: the goods have gone meanwhile. Please choose again.")
        )
    if chosen.on and offer.on and offer.on > chosen.on:
        raise CannotBeKept(
            _("That day cannot be kept any more; now it would be %(day)s. Please choose again.")
            % {"day": offer.on.isoformat()}
        )
    return offer


def _note(cases: Iterable[ShortageCase], agreed: Mapping[int, Offer], now: datetime) -> None:
    """Note the choices. Who waits has a live case still; the others are done with this act."""
    rows = list(cases)
    for row in rows:
        offer = agreed[row.pk]
        waits = offer.choice in (Choice.WAIT, Choice.PART)
        row.state = CaseState.WAITING if waits else CaseState.CARRIED_OUT
        row.choice, row.chosen_at = offer.choice, now
        row.waits_until = offer.on if waits else None
        row.closed_at = None if waits else now
        row.outcome = " · ".join(filter(None, (offer.label, offer.note)))[:300]
    ShortageCase.objects.bulk_update(
        rows, ["state", "choice", "chosen_at", "waits_until", "closed_at", "outcome"]
    )


def _close(orders: Sequence[int], *, by: Actor, now: datetime) -> None:
    why = _("the customer has chosen")
    close_items([Kind.SHORT, Kind.CHOICE], "order", orders, by=by, now=now, why=why)
    _take_back(orders, by=by)


def _carry_out(
    choice: Choice,
    cases: Sequence[ShortageCase],
    agreed: Mapping[int, Offer],
    *,
    by: Actor,
    now: datetime,
) -> None:
    orders = [case.order_id for case in cases]
    these = [agreed[case.pk] for case in cases]
    if choice == Choice.WAIT:
        _promise(cases)
    elif choice == Choice.PART:
        _promise(cases)
        send_what_is_there(by=by, now=now, orders=orders)
        serve_rests(by=by, now=now)
    elif choice == Choice.CANCEL:
        cancel(Order.objects.numbered(orders), by=by, now=now, why=_("the goods are short"))
        Shortage.objects.filter(order_id__any=orders).delete()
    else:
        swaps = [one for offer in these for one in offer.swaps]
        swap(swaps, by=by, now=now, why=str(choice.label))
        Rest.objects.filter(order_id__any=orders).delete()
        follow_on_their_day(orders, now)
        _go_on(_still_wanted(orders, by=by, now=now), by=by, now=now)
    ask_finance(orders, by=by, now=now)


def _promise(cases: Iterable[ShortageCase]) -> None:
    """Promise the orders for the end of the day that was named."""
    by_order = {case.order_id: case.waits_until for case in cases if case.waits_until}
    rows = list(Order.objects.numbered(by_order).order_by("pk"))
    for row in rows:
        morning = timezone.make_aware(datetime.combine(by_order[row.pk], time.min))
        row.promise_at = morning + timedelta(days=1)
    Order.objects.bulk_update(rows, ["promise_at"])


def _still_wanted(orders: Sequence[int], *, by: Actor, now: datetime) -> list[int]:
    """Cancel the orders of which nothing is left; return the others."""
    kept = Line.objects.filter(order_id__any=list(orders), is_cancelled=False)
    wanted = set(kept.values_list("order_id", flat=True))
    empty = [order for order in orders if order not in wanted]
    if empty:
        cancel(Order.objects.numbered(empty), by=by, now=now, why=_("the goods are short"))
    return sorted(wanted)


def _go_on(orders: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Serve orders whose goods are all there now; who has more to pay pays first.

    :raises CannotBeKept: if somebody else was faster
    """
    chosen = Order.objects.numbered(orders)
    short = chosen.filter(stage=Stage.SHORT)
    owing = [order.pk for order in chosen.filter(stage__in=PAYS_FIRST) if _owes(order)]
    if owing:
        move(Order.objects.numbered(owing), Stage.UNPAID)
        Shortage.objects.filter(order_id__any=owing).delete()
        tend(by=by, now=now, orders=Order.objects.numbered(owing))
    rest = list(short.values_list("pk", flat=True))
    if not rest:
        return
    served = reserve(Order.objects.numbered(rest), by=by, now=now)
    if served.count() != len(rest):
        raise CannotBeKept(
            _("That cannot be had any more: the goods have gone meanwhile. Please choose again.")
        )


def _owes(order: Order) -> bool:
    return not order.is_cod and order.paid_fen - order.refunded_fen < order.total_fen
