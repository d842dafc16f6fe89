"""The geometry of the small charts that templates draw as SVG, in their own user units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100.0
HEIGHT = 30.0
BAR_STEP = 40
BAR_WIDTH = 22
BAR_HEIGHT = 60


@dataclass(frozen=True)
class Bar:
    """One upright bar with its place and its words."""

    label: str
    value: float
    x: int
    y: float
    height: float
    now: bool

    @property
    def middle(self) -> int:
        """Return where the label is centred."""
        return self.x + BAR_WIDTH // 2


def share(value: float, of: float) -> float:
    """Return a value as a percentage between 0 and 100; of nothing it is 0."""
    return round(min(max(value / of, 0), 1) * 100, 2) if of else 0.0


def line(values: Iterable[float]) -> str:
    """Return the points of a line through the values, from left to right."""
    numbers = [float(value) for value in values]
    low, high = min(numbers, default=0), max(numbers, default=0)
    spread, step = (high - low) or 1, WIDTH / max(len(numbers) - 1, 1)
    heights = [HEIGHT - 2 - (number - low) / spread * (HEIGHT - 4) for number in numbers]
    return " ".join(f"{at * step:.1f},{height:.1f}" for at, height in enumerate(heights))


def upright(items: Sequence[tuple[str, float]]) -> list[Bar]:
    """Return bars side by side, the highest filling the height, the last one marked as now."""
    most = max((value for _, value in items), default=0) or 1
    bars = []
    for at, (label, value) in enumerate(items):
        height = round(value / most * BAR_HEIGHT, 1)
        top = BAR_HEIGHT - height + 2
        bars.append(
            Bar(
                label,
                value,
                at * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2,
                top,
                height,
                at == len(items) - 1,
            )
        )
    return bars
