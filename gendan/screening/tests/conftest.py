from collections.abc import Callable

import pytest

from conftest import TESTER
from gendan.orders.models import Order
from gendan.screening.models import Hold, Rule
from gendan.screening.rules import install_rules

Codes = Callable[[Order], set[str]]


@pytest.fixture
def rules(db: None) -> dict[str, Rule]:
    """The built-in rules, by their codes."""
    install_rules(by=TESTER)
    return {rule.code: rule for rule in Rule.objects.all()}


def holds(order: Order) -> dict[str, Hold]:
    """Return the open holds of an order, by the codes of their rules."""
    found = Hold.objects.filter(order=order, cleared_at=None).select_related("rule")
    return {hold.rule.code: hold for hold in found}
