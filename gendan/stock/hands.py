"""Serving whoever waits, with two hands where nobody needs to wait for others."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from gendan.journal.actors import Actor
from gendan.stock.actions import reserve_next, reserve_preferred, serve_certain
from gendan.stock.turns import next_in_turn

ROUND = 10_000
"""So many are looked at together: whoever comes meanwhile is not kept waiting for long."""

FEW = 2_000
"""So few orders are not worth a second hand."""

PART = 2_500
HANDS = 2


def serve_all(*, by: Actor) -> int:
    """Serve until nobody can be served any more; return how many were served or left short.

    First come, first served: of the next orders in their turn, those who get their goods in any
    case are served at once, the others one after the other.
    """
    served = 0
    while now := _round(by):
        served += now
    return served


def _round(by: Actor) -> int:
    if first := reserve_preferred(by=by, now=timezone.now()):
        return first
    queue = next_in_turn(ROUND)
    if queue is None or len(queue.orders) <= FEW:
        return sum(reserve_next(by=by, now=timezone.now()))
    served = _at_once(queue.certain, queue.warehouse_id, by)
    left = len(queue.orders) - served
    return served + (sum(reserve_next(by=by, now=timezone.now(), limit=left)) if left else 0)


def _at_once(orders: Sequence[int], warehouse: int, by: Actor) -> int:
    parts = [orders[at : at + PART] for at in range(0, len(orders), PART)]
    with ThreadPoolExecutor(HANDS) as pool:
        hands = [pool.submit(_apart, parts[n::HANDS], warehouse, by) for n in range(HANDS)]
        return sum(hand.result() for hand in hands)


def _apart(parts: list[Sequence[int]], warehouse: int, by: Actor) -> int:
    try:
        return sum(serve_certain(part, warehouse, by=by, now=timezone.now()) for part in parts)
    finally:
        connection.close()  # each thread has its own
