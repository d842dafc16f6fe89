"""Everything about chasing that goes by the clock, in one go."""

from datetime import datetime

from gendan.journal.actors import Actor
from gendan.orders.actions.chase.due import make_due
from gendan.orders.actions.chase.offer import expire_offers
from gendan.orders.actions.chase.see import see
from gendan.orders.actions.stop_chasing import stop_chasing


def chase_now(*, by: Actor, now: datetime) -> int:
    """Stop where it is time, let offers lapse, look at new orders, and make what is due.

    Return how many times customers are chased.
    """
    stop_chasing(by=by, now=now)
    expire_offers(by=by, now=now)
    see(by=by, now=now)
    return make_due(by=by, now=now)
