from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.actions import NewPayment, pay, place, read_again, rewrite
from gendan.orders.models import Order, OrderQuerySet, Payment
from gendan.orders.money import NewLine
from gendan.orders.slips import CannotPay
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.worklist.models import Item


@pytest.fixture
def unpaid(asked: Asked, wang: Person) -> Order:
    return read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW).get()


def test_a_part_is_added_and_the_rest_still_waits(unpaid: Order, wang: Person) -> None:
    order = pay([NewPayment(unpaid.pk, "CASH", 5000)], by=wang, now=NOW).get()

    assert (order.stage, order.paid_fen, order.paid_at) == (Stage.UNPAID, 5000, None)


def test_paid_in_full_it_moves_on(unpaid: Order, wang: Person) -> None:
    parts = [NewPayment(unpaid.pk, "CASH", 5000), NewPayment(unpaid.pk, "WECHAT", 15000, "W1")]

    order = pay(parts, by=wang, now=NOW).get()

    assert (order.stage, order.paid_at) == (Stage.SCREENING, NOW)
    assert order.promise_at == NOW + timedelta(hours=48)
    assert not Item.objects.open().exists()


def test_without_the_customer_s_word_it_waits_for_that(asked: Asked, wang: Person) -> None:
    order = read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW, heard=False).get()

    order = pay([NewPayment(order.pk, "TRANSFER", 20000, "B1")], by=wang, now=NOW).get()

    assert order.stage == Stage.UNCONFIRMED


def test_a_platform_s_order_needs_no_word(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None).get()

    assert pay([NewPayment(order.pk, "PLATFORM", 25600)], by=wang, now=NOW).get().stage == (
        Stage.SCREENING
    )


def test_a_draft_that_was_paid_and_grew_waits_for_the_rest(
    asked: Asked, cup: Sku, wang: Person
) -> None:
    order = place([asked()], by=wang, now=NOW).get()
    pay([NewPayment(order.pk, "CASH", order.total_fen)], by=wang, now=NOW)
    rewrite({order.pk: asked(lines=[NewLine(cup.pk, 3)])}, by=wang, now=NOW)
    read_again(Order.objects.all(), by=wang, now=NOW)

    order = pay([NewPayment(order.pk, "CASH", 100)], by=wang, now=NOW).get()

    assert (order.stage, order.paid_fen) == (Stage.UNPAID, 20100)


def test_it_says_who_and_how_much(unpaid: Order, wang: Person) -> None:
    pay([NewPayment(unpaid.pk, "CASH", 5000)], by=wang, now=NOW, why="门店收银")

    told = Entry.objects.get(verb="order.paid")
    assert (told.actor_name, told.why, told.facts["amount"]) == (wang.name, "门店收银", "¥50.00")


def test_too_much_is_refused(unpaid: Order, wang: Person) -> None:
    with pytest.raises(CannotPay, match="200"):
        pay([NewPayment(unpaid.pk, "CASH", 20001)], by=wang, now=NOW)

    assert not Payment.objects.exists()


def test_two_parts_that_are_too_much_together_are_refused(unpaid: Order, wang: Person) -> None:
    half = NewPayment(unpaid.pk, "CASH", 15000)

    with pytest.raises(CannotPay):
        pay([half, half], by=wang, now=NOW)


def test_the_same_slip_counts_once(unpaid: Order, wang: Person) -> None:
    slip = NewPayment(unpaid.pk, "WECHAT", 5000, "W-100")
    pay([slip], by=wang, now=NOW)

    with pytest.raises(CannotPay, match="W-100"):
        pay([slip], by=wang, now=NOW)

    unpaid.refresh_from_db()
    assert (unpaid.paid_fen, Payment.objects.count()) == (5000, 1)


def test_a_cancelled_order_takes_no_money(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.CANCELLED, paid_fen=0).get()

    with pytest.raises(CannotPay):
        pay([NewPayment(order.pk, "CASH", 100)], by=wang, now=NOW)


def test_nothing_is_no_payment(unpaid: Order, wang: Person) -> None:
    with pytest.raises(CannotPay):
        pay([NewPayment(unpaid.pk, "CASH", 0)], by=wang, now=NOW)


def test_the_courier_s_money_comes_when_the_parcel_has_arrived(
    make_orders: OrderMaker, wang: Person
) -> None:
    order = make_orders(1, stage=Stage.COMPLETED, is_cod=True, paid_fen=0, paid_at=None).get()

    order = pay([NewPayment(order.pk, "COD", 25600)], by=wang, now=NOW).get()

    assert (order.stage, order.paid_fen) == (Stage.COMPLETED, 25600)


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(orders: OrderQuerySet) -> int:
        money = [NewPayment(order.pk, "CASH", order.total_fen) for order in orders]
        with CaptureQueriesContext(connection) as counted:
            pay(money, by=wang, now=NOW)
        return len(counted)

    some = {"stage": Stage.UNPAID, "source": Source.PHONE, "paid_fen": 0, "paid_at": None}
    assert cost(make_orders(1, **some)) == cost(make_orders(300, **some))
