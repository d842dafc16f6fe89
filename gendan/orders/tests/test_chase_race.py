"""Two workers, a cashier and two clerks over one unpaid order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from conftest import TESTER, OrderMaker
from gendan.customers.models import Customer
from gendan.desk.actions import answer
from gendan.desk.models import Message, State
from gendan.journal.actors import Customer as Themselves
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, pay
from gendan.orders.actions.chase import (
    Said,
    expire_offers,
    install_chasing,
    make_due,
    offer,
    say,
    see,
)
from gendan.orders.chase_replies import Reply
from gendan.orders.models import Chase, ChaseOffer, ChasePlan, ChaseTouch, Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.orders.tests.test_chase import HOUR, MINUTE, TEN, unpaid
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.worklist.models import Item, Kind

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def together(*acts: Callable[[], Any]) -> list[bool]:
    """Do them in the same moment; return for each whether it was done."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> bool:
        start.wait()
        try:
            act()
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def queue(make_orders: OrderMaker, number: int, **more: Any) -> OrderQuerySet:
    install_chasing(by=TESTER, now=TEN)
    with entry("test.setup", by=TESTER):
        ChasePlan.objects.update(holdout_percent=0)
    orders = unpaid(make_orders, number, **more)
    see(by=TESTER, now=TEN)
    return orders


def test_two_workers_make_a_step_once(make_orders: OrderMaker) -> None:
    orders = queue(make_orders, 60)

    together(*[lambda: make_due(by=TESTER, now=TEN + 20 * MINUTE)] * 4)
    make_due(by=TESTER, now=TEN + 21 * MINUTE)

    assert ChaseTouch.objects.count() == orders.count()
    assert Message.objects.count() == orders.count()
    assert Item.objects.open().filter(kind=Kind.CHASE).count() == orders.count()


def test_two_workers_see_an_order_once(make_orders: OrderMaker) -> None:
    install_chasing(by=TESTER, now=TEN)
    orders = unpaid(make_orders, 50)

    together(*[lambda: see(by=TESTER, now=TEN)] * 4)

    assert Chase.objects.count() == orders.count()


def test_a_customer_s_day_has_three_places_whoever_takes_them(
    make_orders: OrderMaker, wang: Person
) -> None:
    with entry("test.setup", by=TESTER):
        customer = Customer.objects.create(name="林一诺")
    orders = list(queue(make_orders, 6, customer=customer))

    together(
        *[
            lambda order=order: say([Said(order.pk, "PHONE", "您好")], by=wang, now=TEN)
            for order in orders
        ]
    )

    slots = list(ChaseTouch.objects.values_list("slot", flat=True))
    assert len(slots) <= 3
    assert len(set(slots)) == len(slots)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_who_pays_in_this_moment_hears_nothing_more(
    make_orders: OrderMaker, wang: Person, _round: int
) -> None:
    order = queue(make_orders, 1).get()
    money = NewPayment(order.pk, "CASH", order.total_fen)

    together(
        lambda: pay([money], by=wang, now=TEN),
        lambda: make_due(by=TESTER, now=TEN + 20 * MINUTE),
    )

    assert Order.objects.get(pk=order.pk).stage != Stage.UNPAID
    assert not Message.objects.filter(state__in=(State.DRAFT, State.SENDING)).exists()
    assert not Item.objects.open().filter(kind=Kind.CHASE).exists()


@pytest.mark.parametrize("state", [State.SENT, State.SENDING])
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_what_is_paid_is_not_cancelled_by_an_answer_of_the_same_moment(
    make_orders: OrderMaker, wang: Person, state: str, _round: int
) -> None:
    order = queue(make_orders, 1).get()
    say([Said(order.pk, "CHAT", "您好")], by=wang, now=TEN)
    with entry("test.setup", by=TESTER):
        Message.objects.update(state=state)
    money = NewPayment(order.pk, "CASH", order.total_fen)

    paid, told = together(
        lambda: pay([money], by=wang, now=TEN + HOUR),
        lambda: answer(Message.objects.all(), Reply.NO, by=Themselves("林一诺"), now=TEN + HOUR),
    )

    found = Order.objects.get()
    assert (found.stage == Stage.CANCELLED, found.paid_fen == 0) == (not paid, not paid)
    asked = Item.objects.open().filter(kind=Kind.CUSTOMER, subject_id=order.pk).exists()
    assert asked == (paid and told)


def test_of_two_clerks_one_speaks(make_orders: OrderMaker, wang: Person) -> None:
    order = queue(make_orders, 1).get()
    word = Said(order.pk, "PHONE", "您好", times=0)

    done = together(*[lambda: say([word], by=wang, now=TEN)] * 2)

    assert sorted(done) == [False, True]
    assert Message.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_offer_is_paid_or_restored_but_never_both(
    make_orders: OrderMaker, wang: Person, _round: int
) -> None:
    order = queue(make_orders, 1).get()
    given = offer(Chase.objects.get(), 1000, by=wang, now=TEN)
    left = Order.objects.get().total_fen

    together(
        lambda: pay([NewPayment(order.pk, "CASH", left)], by=wang, now=TEN),
        lambda: expire_offers(by=TESTER, now=TEN + 25 * HOUR),
    )

    given.refresh_from_db()
    paid = Order.objects.get()
    assert paid.paid_fen == left
    if given.state == "TAKEN":
        assert (paid.stage != Stage.UNPAID, paid.total_fen) == (True, left)
    else:
        assert (paid.stage, paid.total_fen) == (Stage.UNPAID, left + 1000)
    assert ChaseOffer.objects.count() == 1
