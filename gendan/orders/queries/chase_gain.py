"""What chasing brings: who is chased against who is held out, with how sure that is.

The share of orders that were paid is compared as they were drawn, whether or not anything was said
to them. Only orders whose time is over count. The interval of a share is Wilson's (1927); that of
a difference is made of the two by Newcombe's method 10 (Statistics in Medicine 17, 1998, 873-890).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from typing import TypeVar

from django.db import connection
from django.utils import timezone

from gendan.orders.models import ChasePlan, ChaseReason
from gendan.people.access import Worker

Z = 1.96  # 95 of 100 such intervals hold the truth
ENOUGH = 30  # orders in each group, below which nothing is said

COUNTED = """
SELECT c.plan_id, date_trunc('week', c.seen_at AT TIME ZONE %(zone)s)::date, c.is_held_out,
  count(*), count(*) FILTER (WHERE o.paid_at IS NOT NULL), sum(c.owed_fen)::bigint,
  coalesce(sum(o.paid_fen) FILTER (WHERE o.paid_at IS NOT NULL), 0)::bigint
FROM orders_chase c JOIN orders_order o ON o.id = c.order_id
WHERE c.plan_id IS NOT NULL AND c.seen_at >= %(since)s
  AND (o.stage <> 'UNPAID' OR c.closes_at <= %(now)s)
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
GROUP BY 1, 2, 3
"""
BY_REASON = """
SELECT t.reason, count(DISTINCT c.id),
  count(DISTINCT c.id) FILTER (WHERE o.paid_at >= t.said_at),
  coalesce(sum(o.paid_fen) FILTER (WHERE o.paid_at >= t.said_at), 0)::bigint
FROM (
  SELECT chase_id, reason, min(said_at) AS said_at FROM orders_chasetouch
  WHERE said_at >= %(since)s GROUP BY 1, 2
) t JOIN orders_chase c ON c.id = t.chase_id JOIN orders_order o ON o.id = c.order_id
WHERE (o.stage <> 'UNPAID' OR c.closes_at <= %(now)s)
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Group:
    """Orders of which some were paid."""

    orders: int = 0
    paid: int = 0
    owed_fen: int = 0
    paid_fen: int = 0

    def __add__(self, other: "Group") -> "Group":
        return Group(
            self.orders + other.orders,
            self.paid + other.paid,
            self.owed_fen + other.owed_fen,
            self.paid_fen + other.paid_fen,
        )

    @property
    def share(self) -> float:
        return self.paid / self.orders if self.orders else 0.0

    @property
    def percent(self) -> float:
        return self.share * 100

    @property
    def interval(self) -> tuple[float, float]:
        """Return between which shares the true one lies (Wilson)."""
        if not self.orders:
            return 0.0, 1.0
        n, p = self.orders, self.share
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


@dataclass(frozen=True)
class Gain:
    """A group that was chased beside one that was not."""

    label: str
    chased: Group
    held: Group

    @property
    def is_enough(self) -> bool:
        return min(self.chased.orders, self.held.orders) >= ENOUGH

    @property
    def points(self) -> float:
        """Return by how many percentage points more of those who are chased pay."""
        return (self.chased.share - self.held.share) * 100

    @property
    def interval(self) -> tuple[float, float]:
        """Return between which percentage points the true difference lies (Newcombe)."""
        p, q = self.chased.share, self.held.share
        (low, high), (held_low, held_high) = self.chased.interval, self.held.interval
        down = sqrt((p - low) ** 2 + (held_high - q) ** 2)
        up = sqrt((high - p) ** 2 + (q - held_low) ** 2)
        return (p - q - down) * 100, (p - q + up) * 100

    @property
    def verdict(self) -> str:
        """Return MORE, LESS or OPEN; FEW while too little is known to say any of them."""
        if not self.is_enough:
            return "FEW"
        low, high = self.interval
        return "MORE" if low > 0 else "LESS" if high < 0 else "OPEN"

    @property
    def fen(self) -> int:
        """Return how much money the difference stands for, at the value of what was chased."""
        return round(self.points / 100 * self.chased.owed_fen)

    @property
    def fen_between(self) -> tuple[int, int]:
        low, high = self.interval
        owed = self.chased.owed_fen
        return round(low / 100 * owed), round(high / 100 * owed)


@dataclass(frozen=True)
class OfReason:
    """What was said for a reason, and how many paid after it: no comparison, nobody was drawn."""

    label: str
    said: Group


@dataclass(frozen=True)
class Gains:
    whole: Gain
    plans: Sequence[Gain]
    weeks: Sequence[Gain]
    reasons: Sequence[OfReason]


def gains(worker: Worker, *, since: datetime, now: datetime) -> Gains:
    """Return what chasing has brought since an instant, in the shops that the worker sees."""
    asked = {
        "since": since,
        "now": now,
        "shops": worker.shop_ids,
        "zone": str(timezone.get_current_timezone()),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        rows = cursor.fetchall()
        cursor.execute(BY_REASON, asked)
        said = cursor.fetchall()
    names = {plan.pk: plan.label for plan in ChasePlan.objects.all()}
    return Gains(
        _gain("", rows),
        [_gain(names[pk], of) for pk, of in _split(rows, lambda row: row[0])],
        [_gain(f"{week:%m-%d}", of) for week, of in _split(rows, lambda row: row[1])],
        [OfReason(_reason(row[0]), Group(row[1], row[2], 0, row[3])) for row in said],
    )


Row = tuple[int, date, bool, int, int, int, int]
Key = TypeVar("Key")


def _gain(label: str, rows: Iterable[Row]) -> Gain:
    groups = {True: Group(), False: Group()}
    for _plan, _week, is_held, *counted in rows:
        groups[is_held] += Group(*map(int, counted))
    return Gain(label, groups[False], groups[True])


def _split(rows: Iterable[Row], key: Callable[[Row], Key]) -> list[tuple[Key, list[Row]]]:
    split: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        split[key(row)].append(row)
    return sorted(split.items(), key=lambda one: str(one[0]))


def _reason(code: str) -> str:
    return str(ChaseReason(code).label) if code else "—"
