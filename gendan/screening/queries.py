"""Questions about what is held: the reviewer's desk, and a rule tried on the past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery

from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.page import Rare
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.screening.fields import screening_finder
from gendan.screening.models import Hold, Review, Rule, Severity
from gendan.screening.onward import HOLDING, ITEMS, STANDS
from gendan.screening.wording import Said, said
from gendan.ui.prepared import Given
from gendan.worklist.models import Item

SHOWN = 60
SAMPLES = 8
HOLDS = Rare(
    lambda: (
        Hold.objects.filter(order=Given("order"))
        .select_related("rule", "cleared_by")
        .order_by("-cleared_at", "pk")
    )
)


@dataclass(frozen=True)
class Card:
    """A hold as the reviewer sees it."""

    hold: Hold
    evidence: Sequence[Said]


@dataclass(frozen=True)
class Desk:
    """What the reviewer's page shows: what is held, one order of it in detail."""

    review: Review
    turns: Sequence[tuple[Review, int]]  # whose turn it is for how many orders
    rules: Sequence[tuple[Rule, int]]
    rule: Rule | None
    total: int
    found: int
    rows: Sequence[Order]
    order: Order | None
    cards: Sequence[Card]
    after: str  # the number of the order that comes next

    @property
    def blocked(self) -> bool:
        """Whether something must be solved before the order can go on."""
        return any(card.hold.severity == Severity.BLOCK for card in self.cards)


@dataclass(frozen=True)
class Trial:
    """What a rule would have done to the last orders."""

    held: int
    of: int
    samples: Sequence[Order]


def held(
    worker: Worker, rule: Rule | None = None, *, review: Review = Review.SERVICE
) -> OrderQuerySet:
    """Return the orders whose turn it is in a review, the first due first; `due_at` is theirs.

    Held ones, and those that are stopped in the warehouse since they changed after their release.
    """
    due = Item.objects.open().filter(kind=ITEMS[review], subject="order", subject_id=OuterRef("pk"))
    orders = Order.objects.visible_to(worker).filter(stage__in=STANDS)
    orders = orders.filter(pk__in=_open(review).values("order_id"))
    if review == Review.FINANCE:
        orders = orders.exclude(pk__in=_open(Review.SERVICE).values("order_id"))
    if rule:
        holds = Hold.objects.filter(cleared_at=None, rule=rule)
        orders = orders.filter(pk__in=holds.values("order_id"))
    return orders.annotate(due_at=Subquery(due.values("due_at")[:1])).order_by(
        "-priority", F("due_at").asc(nulls_last=True), "pk"
    )


def _open(review: Review) -> "QuerySet[Hold]":
    return Hold.objects.filter(cleared_at=None, severity__in=HOLDING, rule__review=review)


def rule_counts(worker: Worker, *, review: Review = Review.SERVICE) -> list[tuple[Rule, int]]:
    """Return how many orders of a review each rule holds, in the order of the rules."""
    visible = held(worker, review=review).order_by().values("pk")
    there = Hold.objects.filter(cleared_at=None, order__in=visible)  # few of all there ever were
    numbers = dict(there.values_list("rule").annotate(Count("pk")).order_by())
    rules = Rule.objects.filter(pk__in=numbers).order_by("position", "code")
    return [(rule, numbers[rule.pk]) for rule in rules]


def desk(
    worker: Worker,
    *,
    review: Review = Review.SERVICE,
    code: str = "",
    number: str = "",
    after: str = "",
) -> Desk:
    """Return the desk: orders held by a rule, and one of them; `after` if that one is gone."""
    rules = rule_counts(worker, review=review)
    rule = next((rule for rule, _n in rules if rule.code == code), None)
    orders = held(worker, rule, review=review)
    rows = list(_with_holds(orders)[:SHOWN])
    numbers = [row.number for row in rows]
    at = next((numbers.index(n) for n in (number, after) if n in numbers), 0)
    order = rows[at] if rows else None
    if number and number not in numbers:
        order = _with_holds(held(worker, review=review)).filter(number=number).first() or order
    following = numbers[at + 1 : at + 2] or numbers[at - 1 : at] or [""]
    turns = {turn: held(worker, review=turn).order_by().count() for turn in Review}
    return Desk(
        review=review,
        turns=list(turns.items()),
        rules=rules,
        rule=rule,
        total=turns[review],
        found=orders.count() if rule else turns[review],
        rows=rows,
        order=order,
        cards=cards(getattr(order, "open_holds", ())),  # they came with the rows
        after=following[0],
    )


def holds_of(order: Order) -> list[Hold]:
    """Return all that holds an order or has held it, the latest over first."""
    return HOLDS.of(order)


def cards(holds: Iterable[Hold]) -> list[Card]:
    """Return the holds that are open, the most severe first."""
    rank = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.NOTE: 2}
    held = (hold for hold in holds if hold.cleared_at is None)
    found = sorted(held, key=lambda hold: (rank[Severity(hold.severity)], hold.rule.position))
    return [Card(hold, said(hold)) for hold in found]


def try_rule(expression: str, *, now: datetime, worker: Worker, last: int = 10_000) -> Trial:
    """Ask a condition about the last orders; nothing is changed.

    :raises FindingError: if it can't be read
    """
    visible = Order.objects.visible_to(worker).exclude(stage=Stage.DRAFT).order_by("-pk")
    ids = list(visible.values_list("pk", flat=True)[:last])
    condition = screening_finder.q(expression, now=now)
    met = Order.objects.numbered(ids).filter(condition)
    samples = met.select_related("shop").order_by("-pk")
    return Trial(met.count(), len(ids), list(samples[:SAMPLES]))


def unmapped_lines(order: Order) -> "QuerySet[Line]":
    """Return the lines of an order whose goods nobody knows."""
    return Line.objects.filter(order=order, sku=None, is_cancelled=False)


def _with_holds(orders: OrderQuerySet) -> OrderQuerySet:
    holds = Hold.objects.filter(cleared_at=None).select_related("rule")
    lines = Line.objects.filter(is_cancelled=False).select_related("sku", "sku__product")
    return orders.select_related("shop").prefetch_related(
        Prefetch("holds", holds.order_by("rule__position"), to_attr="open_holds"),
        Prefetch("lines", lines.order_by("position"), to_attr="wanted_lines"),
    )
