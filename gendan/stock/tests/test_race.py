"""Real processes that want the same scarce goods in the same moment."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.screening.actions import screen_next
from gendan.screening.models import Hold
from gendan.stock.actions import Goods, adjust, receive, reserve_next
from gendan.stock.models import Balance, Reservation
from gendan.stock.tests.conftest import Shelf
from gendan.stock.verify import differences
from gendan.ui.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FORKS = get_context("fork")
WORKERS = 4


def at_once(act: Callable[[int], Any]) -> None:
    """Run it in several processes that start at the same moment, each with its own connection."""
    connections.close_all()
    start = FORKS.Barrier(WORKERS)

    def run(worker: int) -> None:
        start.wait()
        try:
            act(worker)
        except Refused:
            os._exit(3)
        except BaseException:  # the parent says what is missing
            os._exit(1)
        os._exit(0)

    workers = [FORKS.Process(target=run, args=(n,)) for n in range(WORKERS)]
    for process in workers:
        process.start()
    for process in workers:
        process.join(60)
    assert {process.exitcode for process in workers} <= {0, 3}


def test_scarce_goods_are_never_oversold(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> None:
    shelf(tea, 43)  # 40 are free: enough for 20 of 60 orders
    make_orders(60, stage=Stage.READY)

    def serve(_worker: int) -> None:
        while any(reserve_next(by=TESTER, now=timezone.now(), limit=7)):
            pass

    at_once(serve)
    row = Balance.objects.get()
    assert (row.on_hand, row.reserved) == (43, 40)
    assert Order.objects.filter(stage=Stage.ALLOCATED).count() == 20
    assert Order.objects.filter(stage=Stage.SHORT).count() == 40
    assert Reservation.objects.count() == 20
    assert not list(differences())


def test_two_goods_in_opposite_order_do_not_block_each_other(
    tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(tea.pk, 100), Goods(bag.pk, 100)], hangzhou, by=TESTER)
    both = [Goods(tea.pk, -1), Goods(bag.pk, -1)]

    def take(worker: int) -> None:
        for _time in range(10):
            adjust(both[:: 1 if worker % 2 else -1], hangzhou, by=TESTER, why="race")

    at_once(take)
    assert set(Balance.objects.values_list("on_hand", flat=True)) == {100 - 10 * WORKERS}
    assert not list(differences())


def test_an_order_is_screened_by_one_of_many(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 500)
    make_orders(40, buyer_remark="快点")
    make_orders(40)
    screen_next(by=TESTER, now=timezone.now(), limit=1)  # the rules are there from now on

    def screen(_worker: int) -> None:
        while any(screen_next(by=TESTER, now=timezone.now(), limit=9)):
            pass

    at_once(screen)
    assert Order.objects.filter(stage=Stage.HELD).count() == 40
    assert Order.objects.filter(stage=Stage.READY).count() == 40
    assert Hold.objects.count() == 40
