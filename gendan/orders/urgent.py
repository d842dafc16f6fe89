"""What being urgent means to rooms after this one: whom it displaces, and what follows from it.

A room that has a queue of its own puts `urgent.py` beside its models and says there, with
`@displaces`, who stands in front of an order; and with `@follows`, what of its own must know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection

from gendan.orders.models.urgency import LaneStep

NAMED = 50  # of the displaced orders, the nearest


@dataclass(frozen=True)
class Displaced:
    """Who comes after an urgent order from now on, though they stood in front of it in a queue."""

    order_id: int
    count: int
    numbers: Sequence[str]


Displacing = Callable[[Sequence[int]], list[Displaced]]
Following = Callable[[Sequence[int]], None]
QUEUES: dict[LaneStep, Displacing] = {}
FOLLOWERS: list[Following] = []

IN_FRONT_AT_SCREENING = """
SELECT u.id, count(o.id), (array_agg(o.number ORDER BY o.placed_at DESC, o.id DESC))[1:%(named)s]
FROM orders_order u JOIN orders_order o ON o.stage = 'SCREENING' AND o.priority <= 0
  AND (o.placed_at, o.id) < (u.placed_at, u.id) AND o.id <> ALL(%(ids)s)
WHERE u.id = ANY(%(ids)s) AND u.stage = 'SCREENING' GROUP BY u.id
"""


def displaces(queue: LaneStep) -> Callable[[Displacing], Displacing]:
    """Let the function say whom orders displace in a queue; use it as a decorator."""

    def register(found: Displacing) -> Displacing:
        QUEUES[queue] = found
        return found

    return register


def follows(act: Following) -> Following:
    """Let the function do, inside the act, what follows for these orders in its room."""
    FOLLOWERS.append(act)
    return act


def displaced_by(statement: str, ids: Sequence[int]) -> list[Displaced]:
    """Return what a statement says: order, how many it displaces, the numbers of the nearest."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids), "named": NAMED})
        return [Displaced(*row) for row in cursor.fetchall()]


@displaces(LaneStep.SCREENING)
def at_screening(ids: Sequence[int]) -> list[Displaced]:
    """Return who was placed earlier and waits for screening too."""
    return displaced_by(IN_FRONT_AT_SCREENING, ids)
