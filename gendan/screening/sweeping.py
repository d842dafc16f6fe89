"""What the daily sweep of held orders looks at: how much, why, how old, and since when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.orders.models import Order
from gendan.people.access import Worker
from gendan.screening.models import TONES, Hold, Rule, Severity, Sweep
from gendan.screening.onward import HOLDING, STANDS

AGES: tuple[tuple[timedelta, Promise, str], ...] = (
    (timedelta(hours=4), _("under 4 hours"), "good"),
    (timedelta(days=1), _("under a day"), "info"),
    (timedelta(days=2), _("1 day"), "warn"),
    (timedelta(days=3), _("2 days"), "warn"),
    (timedelta(days=7), _("3 to 7 days"), "bad"),
    (timedelta.max, _("over a week"), "bad"),
)
DAYS = 14


class Held(NamedTuple):
    """A hold, as far as it is counted: a day may have thousands of them."""

    order_id: int
    fen: int
    placed_at: datetime
    rule: Rule


@dataclass(frozen=True)
class Reason:
    """A rule, with how many orders it holds and what they are worth."""

    rule: Rule
    orders: int
    value_fen: int

    @property
    def tone(self) -> str:
        """The colour in which it is shown."""
        return TONES[Severity(self.rule.severity)]


@dataclass(frozen=True)
class Swept:
    """What is held now; `ages` are orders by the age of their first hold."""

    orders: int
    value_fen: int
    oldest_at: datetime | None
    long: int
    ages: Sequence[tuple[str, int, str]]  # in which colour they are shown
    reasons: Sequence[Reason]
    days: Sequence[Sweep]

    @property
    def most(self) -> int:
        """The number of orders that the first reason holds."""
        return max((reason.orders for reason in self.reasons), default=1)

    @property
    def line(self) -> list[int]:
        """How many orders were held on the last days, the latest last."""
        return [day.held for day in self.days]


def held_now(worker: Worker) -> "QuerySet[Hold]":
    """Return everything that holds orders which the worker sees."""
    visible = Order.objects.visible_to(worker).filter(stage__in=STANDS)
    holds = Hold.objects.filter(cleared_at=None, severity__in=HOLDING)
    return holds.filter(order__in=visible).select_related("rule", "order__shop")


def swept(worker: Worker, *, now: datetime) -> Swept:
    """Return what is held now, and how it was on the days before."""
    holds = _held(worker)
    worth = {hold.order_id: hold.fen for hold in holds}
    since: dict[int, datetime] = {}
    for hold in holds:
        since[hold.order_id] = min(since.get(hold.order_id, hold.placed_at), hold.placed_at)
    return Swept(
        orders=len(worth),
        value_fen=sum(worth.values()),
        oldest_at=min(since.values(), default=None),
        long=len({hold.order_id for hold in holds if is_long(hold, now)}),
        ages=_ages(now - at for at in since.values()),
        reasons=_reasons(holds),
        days=list(kept_days(worker)[:DAYS])[::-1],
    )


def kept_days(worker: Worker) -> "QuerySet[Sweep]":
    """Return what was found on each day, the latest first; only for who sees the whole house."""
    everything = Sweep.objects.order_by("-on")
    return everything if worker.shop_ids is None else everything.none()


def _held(worker: Worker) -> list[Held]:
    rules = Rule.objects.in_bulk()
    rows = held_now(worker).values_list("order_id", "order__total_fen", "placed_at", "rule_id")
    return [Held(order, fen, at, rules[rule]) for order, fen, at, rule in rows]


def is_long(hold: Held, now: datetime) -> bool:
    """Whether it holds longer than its rule allows."""
    return hold.placed_at < now - timedelta(hours=hold.rule.long_after_h)


def _ages(ages: Iterable[timedelta]) -> list[tuple[str, int, str]]:
    counted: Counter[int] = Counter()
    for age in ages:
        counted[next(n for n, (until, *_rest) in enumerate(AGES) if age < until)] += 1
    return [(str(label), counted[n], tone) for n, (_until, label, tone) in enumerate(AGES)]


def _reasons(holds: Sequence[Held]) -> list[Reason]:
    of_rule: dict[Rule, list[int]] = defaultdict(list)
    for hold in holds:
        of_rule[hold.rule].append(hold.fen)
    reasons = [Reason(rule, len(fens), sum(fens)) for rule, fens in of_rule.items()]
    return sorted(reasons, key=lambda reason: (-reason.orders, reason.rule.position))
