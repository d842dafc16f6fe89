"""A word about payment that is sent from the message's own page is a word like any other."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.desk.leaving import before_sending
from gendan.desk.models import Message, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.chase_words import (
    Said,
    one_at_a_time,
    places,
    refuse_chase,
    refuse_quiet,
    refuse_twice,
)
from gendan.orders.chasing import rules
from gendan.orders.models import Chase, ChaseTouch
from gendan.people.models import Person
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

NOTED = ("on_day", "slot", "message", "channel", "said_at", "said_by")


@before_sending(Topic.CHASE)
def count_words(messages: Sequence[Message], *, by: Actor, now: datetime) -> None:
    """Let the words take their place in the customers' day; refuse what `say` would refuse.

    The orders are not locked: whoever holds a message never waits for its order.
    """
    binding = rules()
    of = {message.subject_id: message for message in messages}
    chases = {chase.order_id: chase for chase in _chases(list(of))}
    if binding is None or not chases:
        return  # nobody is chased by plan: what colleagues write is theirs to judge
    said = [Said(each.subject_id, each.channel, each.text) for each in messages]
    refuse_twice(said)
    refuse_quiet(said, binding, now)
    for chase in chases.values():
        refuse_chase(chase)
    counted = _counted(messages)
    said = [one for one in said if one.order_id in chases and of[one.order_id].pk not in counted]
    if not said:
        return
    with entry("chase.said", by=by, count=len(said)):
        touches = places(said, _waiting(of), chases, binding, now)
        for pk, touch in touches.items():
            touch.message, touch.channel, touch.said_at = of[pk], of[pk].channel, now
            touch.said_by = by if isinstance(by, Person) else None
        with one_at_a_time():
            ChaseTouch.objects.bulk_update(touches.values(), NOTED)
        close_items([Kind.CHASE], "order", list(touches), by=by, now=now, why=_("Said"))


def _chases(orders: Sequence[int]) -> Sequence[Chase]:
    return list(Chase.objects.filter(order__any=orders).select_related("order"))


def _counted(messages: Sequence[Message]) -> set[int | None]:
    """Return the messages (ids) that have their place: a mail that failed is sent once more."""
    spoken = ChaseTouch.objects.filter(message__in=messages, said_at__isnull=False)
    return set(spoken.values_list("message", flat=True))


def _waiting(of: Mapping[int, Message]) -> dict[int, ChaseTouch]:
    """Return what the plan wants to be said by these messages (by order)."""
    unsaid = ChaseTouch.objects.filter(message__in=list(of.values()), said_at=None)
    return {touch.chase.order_id: touch for touch in unsaid.select_related("chase__order")}
