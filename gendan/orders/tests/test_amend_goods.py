"""Gifts and sets when an order is changed: the preview says it, confirming does it."""

from django.utils import timezone

from conftest import TESTER, GiftRuleMaker, OrderMaker, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.orders.actions.amend import preview
from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.amending.wanted import SetQuantity
from gendan.orders.models import Order
from gendan.orders.tests.test_amend import amend, ask
from gendan.orders.tests.test_gifts import gifts
from gendan.orders.tests.test_sets import parts
from gendan.people.models import Person


def completed(order: Order) -> Order:
    complete_goods([order.pk], by=TESTER, now=timezone.now())
    return order


def test_a_gift_that_is_not_earned_any_more_goes(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, wang: Person
) -> None:
    make_gift_rule()
    order = completed(make_orders(1).get())
    assert gifts(order) == {"MUG-01": 1}
    asked = ask(order, SetQuantity(line=1, quantity=1), by=wang)
    tried = preview(asked, by=wang, now=timezone.now())[asked.get().pk]
    assert "GIFT_GOES" in [consequence.kind for consequence in tried.consequences]
    assert gifts(order) == {"MUG-01": 1}


def test_a_gift_that_is_earned_now_comes(
    make_orders: OrderMaker, make_gift_rule: GiftRuleMaker, wang: Person
) -> None:
    make_gift_rule()
    order = completed(make_orders(1, quantity=1).get())
    assert gifts(order) == {}
    amend(order, SetQuantity(line=1, quantity=3), by=wang)
    assert gifts(order) == {"MUG-01": 1}


def test_parts_follow_their_set(make_orders: OrderMaker, tea: Sku, bag: Sku, wang: Person) -> None:
    box = make_sku("BOX-01", "茶礼盒", 49900)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    order = completed(make_orders(1, sku=box, quantity=1).get())
    amend(order, SetQuantity(line=1, quantity=3), by=wang)
    assert parts(order) == {"TEA-01": 6, "BAG-01": 3}
