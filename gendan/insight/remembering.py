"""Figures of hours and days that are over: they hardly change and are counted now and then."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from gendan.insight.days import Span
from gendan.people.access import Worker

Figures = TypeVar("Figures")


def remembered(
    what: str, worker: Worker, span: Span, count: Callable[[Worker, Span], Figures], *, keep: int
) -> Figures:
    """Return the figures of a span that is over, at most `keep` seconds old.

    They are remembered for everybody who sees the same shops and warehouses.
    """
    seen = f"{worker.shop_ids}:{worker.warehouse_ids}"
    key = f"{what}:{span.since:%s}:{span.until:%s}:{seen}".replace(" ", "")
    known: Figures | None = cache.get(key)
    if known is None:
        known = count(worker, span)
        cache.set(key, known, keep)
    return known
