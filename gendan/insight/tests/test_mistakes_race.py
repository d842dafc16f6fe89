"""Two workers read the same books; two colleagues judge the same mistake."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.insight.actions import Verdict, attribute, close, dismiss, propose
from gendan.insight.models import Mistake
from gendan.insight.tests.test_mistakes import parcel
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.ui.errors import Refused
from gendan.worklist.models import Item, Kind

pytestmark = pytest.mark.django_db(transaction=True)


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


def late(make_orders: OrderMaker, house: Warehouse, number: int) -> None:
    now = timezone.now()
    for order in make_orders(number, stage=Stage.ALLOCATED, promise_at=now - timedelta(hours=9)):
        parcel(order, house, stage="SHIPPED", shipped_at=now - timedelta(hours=1))


def test_two_workers_propose_a_mistake_once(make_orders: OrderMaker, hangzhou: Warehouse) -> None:
    late(make_orders, hangzhou, 12)

    together(*[lambda: propose(by=TESTER, now=timezone.now())] * 4)

    assert Mistake.objects.count() == 12
    assert Item.objects.open().filter(kind=Kind.MISTAKE).count() == 12


def test_a_mistake_is_judged_or_dismissed_but_never_both(
    make_orders: OrderMaker, hangzhou: Warehouse, wang: Person, zhao: Person
) -> None:
    late(make_orders, hangzhou, 1)
    now = timezone.now()
    propose(by=TESTER, now=now)
    attribute(Mistake.objects.all(), Verdict("SYSTEM", wang.pk), by=zhao, now=now)

    done = together(
        lambda: close(Mistake.objects.all(), "已处理", by=wang, now=now),
        lambda: dismiss(Mistake.objects.all(), by=zhao, now=now, why="不是差错"),
    )

    assert sorted(done) == [False, True]
    assert Mistake.objects.get().state == ("CLOSED" if done[0] else "DISMISSED")
