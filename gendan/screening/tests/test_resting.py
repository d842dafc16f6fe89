"""On a big day some rules rest; the others are asked as ever."""

from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.writing import entry
from gendan.orders.actions.surge import begin, end, save_big_day
from gendan.orders.models.surge import BigDay
from gendan.screening.actions import screen
from gendan.screening.models import Rule
from gendan.screening.tests.conftest import holds

NOW = timezone.now()


def test_a_resting_rule_holds_nothing_until_the_day_is_over(
    make_orders: OrderMaker, rules: dict[str, Rule]
) -> None:
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="BUYER_REMARK").update(rests_on_big_days=True)
    day = save_big_day(BigDay(name="双11"), by=TESTER)
    begin(day, by=TESTER, now=NOW)
    during = make_orders(2, buyer_remark="包装结实一点", receiver_phone="12")
    screen(during, by=TESTER, now=NOW)
    for order in during:
        assert "PHONE" in holds(order)
        assert "BUYER_REMARK" not in holds(order)

    end(day, by=TESTER, now=NOW)
    after = make_orders(1, buyer_remark="包装结实一点")
    screen(after, by=TESTER, now=NOW)
    assert "BUYER_REMARK" in holds(after.get())
