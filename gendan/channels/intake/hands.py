"""Two hands at one import: each makes the orders of its part, over a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.db import connection

from gendan.channels.intake.locks import PARTS

Hand = Callable[[Sequence[int], Event], None]
"""Acts on the orders of some parts, transaction by transaction, until the event is set."""


def with_both_hands(act: Hand) -> None:
    """Act on both parts at once; when one hand fails, the other ends what it is doing and stops.

    :raises Exception: what the one that failed has raised
    """
    stop = Event()
    with ThreadPoolExecutor(1, "intake") as pool:
        other = pool.submit(_aside, act, stop)
        _or_stop(act, PARTS[:1], stop)
        other.result()


def _aside(act: Hand, stop: Event) -> None:
    try:
        _or_stop(act, PARTS[1:], stop)
    finally:
        connection.close()


def _or_stop(act: Hand, parts: Sequence[int], stop: Event) -> None:
    try:
        act(parts, stop)
    except BaseException:
        stop.set()
        raise
