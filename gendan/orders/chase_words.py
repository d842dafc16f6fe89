"""Words with customers about payment: what is said, and the place that it takes in their day."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.orders.chasing import is_quiet
from gendan.orders.models import Chase, ChaseOrigin, ChaseRules, ChaseTouch
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused

MOST_NOTED = 9  # times a day, whoever called whom


class CannotChase(Refused):
    """The order is not to be chased, not by us, or not now."""


@dataclass(frozen=True)
class Said:
    """What was said about an order, and what came of it; no outcome: not known yet.

    `times` is how often the clerk saw that the customer was chased for it: who was slower than a
    colleague does not say the same again. Without `text` nothing is sent: the customer called us.
    """

    order_id: int
    channel: str
    text: str = ""
    reason: str = ""
    outcome: str = ""
    will_pay_at: datetime | None = None
    words: str = ""
    times: int | None = None


def refuse_quiet(said: Sequence[Said], binding: ChaseRules, now: datetime) -> None:
    """Who calls us in the night is answered, and that is noted; we call nobody."""
    if is_quiet(binding, now) and any(one.text for one in said):
        raise CannotChase(
            _(
                "Nobody is disturbed from %(begin)s to %(end)s. Say it after that; if the customer "
                "has called, leave the words empty."
            )
            % {"begin": f"{binding.quiet_from:%H:%M}", "end": f"{binding.quiet_until:%H:%M}"}
        )


def refuse_twice(said: Sequence[Said]) -> None:
    if len({one.order_id for one in said}) < len(said):
        raise CannotChase(_("An order is named twice. Say everything about it at once."))


def refuse_chase(chase: Chase) -> None:
    """Refuse to speak about what is not unpaid, or held out."""
    number = {"number": chase.order.number}
    if chase.order.stage != Stage.UNPAID:
        raise CannotChase(
            _("Order %(number)s waits for payment no longer: say nothing more about it.") % number
        )
    if chase.is_held_out:
        raise CannotChase(
            _(
                "Order %(number)s belongs to the few that are not chased, by which we measure what "
                "chasing brings. Take the next one."
            )
            % number
        )


def places(
    said: Sequence[Said],
    waiting: Mapping[int, ChaseTouch],
    chases: Mapping[int, Chase],
    binding: ChaseRules,
    now: datetime,
) -> dict[int, ChaseTouch]:
    """Give each word its place in the customer's day; what was drafted another day moves to it.

    :raises CannotChase: if a customer has heard enough today
    """
    today = timezone.localdate(now)
    there = {pk for pk, touch in waiting.items() if touch.on_day == today}
    slots = _slots([one for one in said if one.order_id not in there], chases, binding, today)
    for pk in waiting.keys() & slots.keys():
        waiting[pk].on_day, waiting[pk].slot = today, slots[pk]
    by_hand = [one for one in said if one.order_id not in waiting]
    fresh = [_touch(one, chases[one.order_id], slots[one.order_id], now) for one in by_hand]
    with one_at_a_time():
        ChaseTouch.objects.bulk_create(fresh)
    return {**waiting, **{touch.chase.order_id: touch for touch in fresh}}


def _slots(
    said: Sequence[Said], chases: Mapping[int, Chase], binding: ChaseRules, today: date
) -> dict[int, int]:
    """Return which word of the customer's day each is (by order), within what they may hear."""
    if not said:
        return {}
    keys = [chases[one.order_id].customer_key for one in said]
    of_today = ChaseTouch.objects.filter(customer_key__any=keys, on_day=today)
    taken = dict(of_today.order_by().values_list("customer_key").annotate(last=Max("slot")))
    slots = {}
    for one in said:
        chase = chases[one.order_id]
        slot = taken[chase.customer_key] = taken.get(chase.customer_key, 0) + 1
        _refuse_too_often(one, slot, chase, binding)
        slots[one.order_id] = slot
    return slots


def _refuse_too_often(one: Said, slot: int, chase: Chase, binding: ChaseRules) -> None:
    """Who calls us may do so more often than we may call them."""
    most = binding.daily_most if one.text else MOST_NOTED
    if slot > most:
        raise CannotChase(
            ngettext(
                "The buyer of %(number)s has heard from us %(most)s time today. Wait a day.",
                "The buyer of %(number)s has heard from us %(most)s times today. Wait a day.",
                most,
            )
            % {"number": chase.order.number, "most": most}
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of two who take the same place of a customer's day, at another order, one is refused."""
    try:
        yield
    except IntegrityError as error:
        raise CannotChase(
            _("A colleague speaks with the same buyer about another order. Load the page again.")
        ) from error


def _touch(one: Said, chase: Chase, slot: int, now: datetime) -> ChaseTouch:
    return ChaseTouch(
        chase=chase,
        origin=ChaseOrigin.HAND,
        customer_key=chase.customer_key,
        on_day=timezone.localdate(now),
        slot=slot,
        made_at=now,
        channel=one.channel,
    )
