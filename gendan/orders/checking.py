"""Checking orders: what is asked of each, what was ticked, and how far each check is."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone

from gendan.desk.filling import BLANK, NOTHING, UnknownBlank, fill
from gendan.journal.actors import Actor
from gendan.orders.finding import order_finder
from gendan.orders.gate import NONE, demanded
from gendan.orders.models import Amendment, Check, CheckItem, Mark, Order, OrderQuerySet, Said, Tick
from gendan.orders.telling import values_of
from gendan.people.models import Person
from gendan.ui.finding import FindingError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """An item as it is asked of one order, and what was found of it in the round."""

    item: CheckItem
    content: str
    say: str
    tick: Tick | None = None

    @property
    def mark(self) -> str:
        """The mark, as long as the order still says what was read; otherwise nothing."""
        return self.tick.mark if self.tick and self.tick.content == self.content else ""

    @property
    def was_wrong(self) -> bool:
        """Whether it was marked as wrong before the order was changed."""
        return bool(self.tick) and self.tick is not None and self.tick.mark == Mark.WRONG

    @property
    def correction(self) -> Amendment | None:
        """The change of the order that corrects it, or did."""
        return self.tick.amendment if self.tick else None

    @property
    def is_settled(self) -> bool:
        return self.mark in (Mark.TICKED, Mark.CORRECTED)


@dataclass(frozen=True)
class Progress:
    """How far the checking of an order is: which round is due (0: none), of how many."""

    order: Order
    round: int
    rounds: int
    checks: Sequence[Check]
    items: Sequence[Asked]

    @property
    def settled(self) -> int:
        return sum(one.is_settled for one in self.items)

    @property
    def open_items(self) -> list[Asked]:
        return [one for one in self.items if not one.is_settled]

    @property
    def first_by(self) -> Person | None:
        """Who made the first check."""
        return next((check.by for check in self.checks if check.round == 1), None)


def progress_of(orders: OrderQuerySet) -> dict[int, Progress]:
    """Return how far the orders (by id) are; the same number of statements for 1 and for 300."""
    ids = list(orders.order_by("pk").values_list("pk", flat=True))
    wanted = {pk: _wanted(row) for pk, *row in _asked_by_rules(ids)}
    rows = Order.objects.numbered(ids).select_related("shop", "customer").order_by("pk")
    found = {order.pk: order for order in rows}
    good = _good_checks(ids)
    items = _items(ids)
    values = values_of(found.values())
    ticks = {(t.order_id, t.round, t.item_id): t for t in _ticks(ids)}
    told = {}
    for pk, order in found.items():
        rounds = max(wanted[pk], 1)
        due = next((n for n in range(1, rounds + 1) if (pk, n) not in good), 0)
        shown = due or rounds
        asked = [_filled(item, values[pk], ticks.get((pk, shown, item.pk))) for item in items[pk]]
        checks = [check for (of, _round), check in sorted(good.items()) if of == pk]
        told[pk] = Progress(order, due, rounds, checks, [one for one in asked if one])
    return told


def demanding(ids: Sequence[int]) -> list[int]:
    """Return those of the orders (by id) that the rules want to be checked."""
    first = demanded(order_finder).get(1)
    chosen = Order.objects.numbered(ids)
    return list(chosen.filter(first).values_list("pk", flat=True)) if first else []


def note_checks(ids: Iterable[int], number: int, *, by: Actor, now: datetime) -> None:
    """Note a whole check of orders (by id) as they are now, in the place of an older one."""
    person = by if isinstance(by, Person) else None
    ids = list(ids)
    if not ids:
        return
    Check.objects.bulk_create(
        [Check(order_id=pk, round=number, digest=Said(Value(pk)), by=person, at=now) for pk in ids],
        update_conflicts=True,
        unique_fields=["order", "round"],
        update_fields=["digest", "by", "at"],
    )


def _asked_by_rules(ids: Sequence[int]) -> Any:
    rounds = demanded(order_finder)
    flags = [_flag(rounds.get(number, NONE)) for number in (1, 2)]
    return (
        Order.objects.numbered(ids)
        .annotate(once=flags[0], twice=flags[1])
        .values_list("pk", "once", "twice")
    )


def _wanted(row: Sequence[bool]) -> int:
    once, twice = row
    return 2 if twice else int(once)


def _flag(condition: Q) -> Case:
    if not condition:
        return Case(default=Value(True), output_field=BooleanField())
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _good_checks(ids: Sequence[int]) -> dict[tuple[int, int], Check]:
    checks = Check.objects.filter(order_id__any=list(ids), digest=Said("order_id"))
    return {(check.order_id, check.round): check for check in checks.select_related("by")}


def _ticks(ids: Sequence[int]) -> Iterable[Tick]:
    return Tick.objects.filter(order_id__any=list(ids)).select_related("by", "amendment")


def _items(ids: Sequence[int]) -> dict[int, list[CheckItem]]:
    """Return which items are asked of which order, all conditions in one statement."""
    items = list(CheckItem.objects.filter(is_on=True))
    flags = {f"asks_{item.pk}": _flag(_condition(item)) for item in items}
    rows = Order.objects.numbered(ids).annotate(**flags).values("pk", *flags)
    return {
        row["pk"]: [item for item in items if row[f"asks_{item.pk}"]] for row in rows.order_by("pk")
    }


def _condition(item: CheckItem) -> Q:
    try:
        return order_finder.q(item.expression, now=timezone.now()) if item.expression else Q()
    except FindingError as error:  # rather one item too many
        log.error("The item %s cannot be read: %s", item.code, error.message)
        return Q()


def _filled(item: CheckItem, values: Mapping[str, str], tick: Tick | None) -> Asked | None:
    """Return the item with the order's values; nothing if the order has nothing to say there."""
    try:
        content, say = fill(item.content, values), fill(item.say, values)
    except UnknownBlank:
        content, say = item.content, item.say
    named = BLANK.findall(item.content)
    if named and all(not values.get(name) for name in named):
        return None
    return Asked(item, content.replace(NOTHING, "").strip() or content, say, tick)
