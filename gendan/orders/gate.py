"""Which orders may not go on before they are checked, as the rules say."""

import logging
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gendan.orders.models import Check, CheckRule, Order, Said
from gendan.ui.finding import Finder, FindingError

log = logging.getLogger(__name__)
NONE = Q(pk=0)  # no order has it, and it can be written as SQL


def demanded(finder: Finder) -> dict[int, Q]:
    """Return, for each round that any rule wants, the condition of orders it is wanted for."""
    rounds: dict[int, Q] = {}
    for rule in CheckRule.objects.filter(is_on=True):
        condition = _asked(finder, rule)
        for number in range(1, rule.rounds + 1):
            rounds[number] = rounds.get(number, NONE) | condition
    return rounds


def unchecked(finder: Finder) -> Q:
    """Return the condition of orders that lack a round which the rules want.

    Each rule is asked once for each order: this stands in the way of every order of a platform.
    """
    lacks = NONE
    for rule in CheckRule.objects.filter(is_on=True):
        rounds = [~Q(Exists(good_checks(number))) for number in range(1, rule.rounds + 1)]
        lacks |= _asked(finder, rule) & reduce(or_, rounds)
    return lacks


def good_checks(number: int) -> "QuerySet[Check]":
    """Return an order's checks of a round that are still good, for use inside a query of orders."""
    said = Said(OuterRef("pk"))
    return Check.objects.filter(order=OuterRef("pk"), round=number, digest=said)


def _asked(finder: Finder, rule: CheckRule) -> Q:
    try:
        return finder.q(rule.expression, now=timezone.now())
    except FindingError as error:  # a field or a choice that it names is gone
        log.error("The rule %s for checking cannot be read: %s", rule.code, error.message)
        return NONE


def held_back(orders: "QuerySet[Order]", finder: Finder) -> list[int]:
    """Return the ids of those of the orders that must be checked first."""
    lacks = unchecked(finder)
    return list(orders.filter(lacks).values_list("pk", flat=True)) if lacks != NONE else []
