"""What happens when several do the same in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.customers.models import Customer, Identity
from gendan.journal.models import Entry
from gendan.orders import drafts
from gendan.orders.actions import NewPayment, confirm, pay, place
from gendan.orders.models import Confirmation, Draft, Order
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW, PLACE, Asked
from gendan.people.actions import make_key
from gendan.people.models import Person, Shop
from gendan.ui.errors import Refused

WORKERS = 5
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act: Callable[[], Any]) -> list[bool]:
    """Do it in several threads at once; return for each whether it was done."""
    start = Barrier(WORKERS)

    def run(_worker: int) -> bool:
        start.wait()
        try:
            act()
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_an_order_is_paid_in_full_once(make_orders: OrderMaker, wang: Person) -> None:
    order = make_orders(1, stage=Stage.UNPAID, paid_fen=0, paid_at=None).get()
    money = NewPayment(order.pk, "CASH", order.total_fen)

    done = at_once(lambda: pay([money], by=wang, now=NOW))

    order.refresh_from_db()
    assert (done.count(True), order.paid_fen) == (1, order.total_fen)


def test_one_slip_pays_one_of_two_orders(make_orders: OrderMaker, wang: Person) -> None:
    orders = list(make_orders(WORKERS, stage=Stage.UNPAID, paid_fen=0, paid_at=None))
    slips = iter([NewPayment(order.pk, "WECHAT", 100, "W-1") for order in orders])

    done = at_once(lambda: pay([next(slips)], by=wang, now=NOW))

    assert done.count(True) == 1
    assert Order.objects.filter(paid_fen=100).count() == 1


def test_a_new_customer_is_met_once(asked: Asked, wang: Person) -> None:
    at_once(lambda: place([asked()], by=wang, now=NOW))

    assert Order.objects.count() == WORKERS
    assert Customer.objects.count() == 1


def test_new_names_that_cross_make_one_customer(asked: Asked, wang: Person) -> None:
    known_by = iter([{"mail": f"{n % 2}@example.com", "buyer": f"lin{n % 3}"} for n in range(9)])

    done = at_once(lambda: place([asked(**next(known_by))], by=wang, now=NOW))

    assert done.count(True) == WORKERS
    assert Customer.objects.count() == 1
    assert Identity.objects.count() == len(set(Identity.objects.values_list("kind", "value")))


def test_the_same_order_of_a_program_is_placed_once(desk: Shop, cup: Sku) -> None:
    _key, secret = make_key(by=TESTER, name="ERP", scopes=["orders.place"])
    body = {
        "shop": desk.code,
        "platform_order": "ERP-1",
        "lines": [{"sku": cup.code, "quantity": 1}],
        "receiver_name": "林一诺",
        "receiver_phone": "13900000001",
        "address": {"text": PLACE},
    }
    bearer = {"authorization": f"Bearer {secret}"}
    answers: list[int] = []

    def call() -> None:
        answer = Client(headers=bearer).post("/api/orders", body, "application/json")
        answers.append(answer.status_code)

    at_once(call)

    assert sorted(answers) == [200] * (WORKERS - 1) + [201]
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="order.placed").count() == 1


def test_a_customer_agrees_once(make_orders: OrderMaker, wang: Person) -> None:
    orders = make_orders(1, stage=Stage.UNCONFIRMED)

    done = at_once(lambda: confirm(orders, by=wang, now=NOW))

    assert (done.count(True), Confirmation.objects.count()) == (1, 1)


@pytest.mark.parametrize("turn", range(10))
def test_an_autosave_in_the_moment_of_placing_does_not_lose_the_order(
    turn: int, wang: Person
) -> None:
    typed = {"key": ["k"], "payment": ["CASH"]}
    draft = drafts.save(wang, typed)
    saving: list[Callable[[], object]] = [partial(drafts.save, wang, typed)] * (WORKERS - 1)
    saving.append(partial(drafts.placed, draft, "A1"))
    acts = iter(saving)

    at_once(lambda: next(acts)())

    assert Draft.objects.get().data["order"] == ["A1"]


def test_answers_at_once_keep_one_draft(wang: Person) -> None:
    at_once(lambda: drafts.save(wang, {"key": ["k"], "receiver_name": ["林一诺"]}))

    assert Draft.objects.count() == 1
