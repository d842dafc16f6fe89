"""What `pairs` does with haste and promises: the day's last place, and another date."""

from copy import copy
from datetime import datetime, timedelta

from django.utils import timezone

from gendan.delivery.actions.promise import ACCEPT, promise_anew, propose
from gendan.desk.actions import answer, send
from gendan.desk.models import Message, Topic
from gendan.orders import actions as orders
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.models import LaneRules, Order
from gendan.people.models import Person
from gendan.people.permissions import Role
from tests.prove import subjects
from tests.prove.cast import BY, Cast

WAIT = timedelta(days=3)
Place = tuple[int, int, datetime]


def last_places(cast: Cast, times: int) -> list[Place]:
    """Return two orders each, and a day that has one place in the urgent lane."""
    save_lane_rules(LaneRules(a_day=1), by=BY)
    ids, today = subjects.unpaid(cast, 2 * times), timezone.now()
    days = [today + timedelta(days=number) for number in range(times)]
    return list(zip(ids[::2], ids[1::2], days, strict=True))


def asked_about_a_date(cast: Cast, times: int) -> list[int]:
    """Return orders whose customers have been asked to agree to another date."""
    ids, now = subjects.ready(cast, times), timezone.now()
    chosen = Order.objects.numbered(ids)
    send(propose(chosen, at=now + WAIT, by=BY, now=now, why="窑口停电"), by=BY, now=now)
    return ids


def urge_first(place: Place, me: Person) -> None:
    """Take the day's place for the first of the orders."""
    _urge(place[0], place[2], me)


def urge_second(place: Place, me: Person) -> None:
    """Take the day's place for the second of the orders."""
    _urge(place[1], place[2], me)


def _urge(order: int, day: datetime, me: Person) -> None:
    clerk = copy(me)
    clerk.roles = [Role.SERVICE]  # a supervisor could have both
    clerk.__dict__.pop("permissions", None)
    orders.urge(Order.objects.numbered([order]), by=clerk, why="加急", now=day)


def accept(order: int, me: Person) -> None:
    """Let the customer agree to the other date."""
    question = Message.objects.about("order", order).filter(topic=Topic.DELAY)
    answer(question, ACCEPT, by=me, now=timezone.now())


def promise(order: int, me: Person) -> None:
    """Promise another date that was agreed on the phone."""
    now = timezone.now()
    promise_anew(
        Order.objects.numbered([order]), at=now + 2 * WAIT, by=me, now=now, why="电话里说好"
    )
