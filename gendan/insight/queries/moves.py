"""What moved, as the journal tells it: how many came to a stage, how long they had stood there."""

from collections.abc import Sequence
from datetime import timedelta

from gendan.insight.queries.parts import Moved


def came_to(found: Sequence[Moved], table: str, stage: str) -> int:
    """Return how many rows of a table came to a stage."""
    return sum(move.rows for move in found if (move.table, move.came) == (table, stage))


def stood_at(found: Sequence[Moved], table: str, stage: str) -> tuple[int, timedelta | None]:
    """Return how many rows left a stage, and how long they had stood there on average."""
    left = [move for move in found if (move.table, move.left) == (table, stage)]
    count = sum(move.rows for move in left)
    return count, mean(sum(move.stood_us for move in left), count)


def mean(microseconds: int, count: int) -> timedelta | None:
    """Return how long so many took on average; None of none."""
    return timedelta(microseconds=microseconds) / count if count else None
