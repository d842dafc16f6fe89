"""Conditions that people write for rules about orders: they can be read, or are not kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from gendan.orders.finding import order_finder
from gendan.orders.models import Order
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError


class CannotRead(Refused):
    """The condition is none, or says nothing that can be asked of an order."""


def readable(expression: str) -> None:
    """Refuse a condition that can't be asked of orders.

    :raises CannotRead: naming what is wrong with it
    """
    if not expression.strip():
        raise CannotRead(_("Write a condition, such as: province = 广东省."))
    try:
        order_finder.check(expression)
    except FindingError as error:
        raise CannotRead(error.sentence) from error


class HasCondition(Protocol):
    """A rule: whatever has a condition about orders."""

    @property
    def expression(self) -> str: ...


R = TypeVar("R", bound=HasCondition)


def first_met(rules: Iterable[R], orders: Sequence[int], *, now: datetime) -> dict[int, R]:
    """Return the first of the rules that each of the orders (by id) meets.

    A rule that can't be read any more is met by none: a field that it names is gone.
    """
    met: dict[int, R] = {}
    for rule in rules:
        rest = [pk for pk in orders if pk not in met]
        try:
            condition = order_finder.q(rule.expression, now=now)
        except FindingError:
            continue
        meeting = Order.objects.numbered(rest).filter(condition)
        met.update(dict.fromkeys(meeting.values_list("pk", flat=True), rule))
    return met
