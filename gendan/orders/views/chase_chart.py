"""The chart of what chasing brings: a mark for each week, and between which points it may lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from gendan.orders.queries.chase_gain import Gain

STEP, TOP, BOTTOM = 48, 10, 110
MIDDLE = (TOP + BOTTOM) / 2
MOST = 50  # percentage points up and down


@dataclass(frozen=True)
class Mark:
    """A week: where its middle and the ends of its interval are drawn."""

    gain: Gain
    x: int
    y: float
    high: float
    low: float

    @property
    def height(self) -> float:
        return round(self.low - self.high, 1)

    @property
    def left(self) -> int:
        return self.x - 6


@dataclass(frozen=True)
class Chart:
    marks: Sequence[Mark]
    width: int
    middle: float = MIDDLE


def chart(weeks: Sequence[Gain]) -> Chart:
    """Place the weeks side by side."""
    marks = [
        Mark(
            week,
            STEP * at + STEP // 2 + 40,
            _y(week.points),
            _y(week.interval[1]),
            _y(week.interval[0]),
        )
        for at, week in enumerate(weeks)
    ]
    return Chart(marks, STEP * max(len(marks), 4) + 50)


def _y(points: float) -> float:
    kept = max(min(points, MOST), -MOST)
    return round(MIDDLE - kept / MOST * (BOTTOM - TOP) / 2, 1)
