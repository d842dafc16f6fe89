"""Real processes that give away the same gifts in the same moment."""

import pytest
from django.utils import timezone

from conftest import TESTER, GiftRuleMaker, OrderMaker
from gendan.orders.models import GiftLine, Order
from gendan.orders.verify import differences
from gendan.screening.actions import screen_next
from gendan.stock.tests.test_race import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_no_more_is_given_than_there_is(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker
) -> None:
    rule = make_gift_rule(limit=10)
    make_orders(60)

    def work(_worker: int) -> None:
        while any(screen_next(by=TESTER, now=timezone.now(), limit=8)):
            pass

    at_once(work)
    work(0)
    rule.refresh_from_db()
    assert rule.given == 10
    assert GiftLine.objects.count() == 10
    assert not Order.objects.filter(stage="SCREENING").exists()
    assert not [found for found in differences() if found.subject == "gift rule"]
