"""Medians and percentiles, in the units that the tables use."""

from collections.abc import Sequence
from random import Random
from statistics import median as _median
from statistics import quantiles


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return float(_median(values))


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [*seconds] * 99
    return {f"p{n}_ms": round(cuts[n - 1] * 1000, 2) for n in (50, 95, 99)}


def seeded(seed: int) -> Random:
    """Return the chance that is the same in every run; nothing secret is drawn from it."""
    return Random(seed)  # noqa: S311 (to be foreseen is what it is for)
