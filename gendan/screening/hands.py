"""Screening with as many hands as there is work."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.screening.actions import screen_next
from gendan.screening.actions.screen import BATCH, know_rules

HANDS = 2
"""Batches at a time: while the database asks the rules of one, another is brought and put away."""


def screen_all(*, by: Actor) -> int:
    """Screen until nothing waits any more; return how many orders that were."""
    waiting = Order.objects.filter(stage=Stage.SCREENING)
    if not waiting[BATCH : BATCH + 1].exists():
        return _screen(by)
    know_rules(by=by, now=timezone.now())
    with ThreadPoolExecutor(HANDS) as pool:
        return sum(pool.map(_screen_apart, [by] * HANDS))


def _screen_apart(by: Actor) -> int:
    try:
        return _screen(by)
    finally:
        connection.close()  # each thread has its own


def _screen(by: Actor) -> int:
    screened = 0
    while any(batch := screen_next(by=by, now=timezone.now())):
        screened += sum(batch)
    return screened
