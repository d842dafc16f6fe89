"""Two jobs at once, and a transaction that ends after the journal was read."""

from datetime import timedelta
from multiprocessing import get_context
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from conftest import OrderMaker
from gendan.insight import verify
from gendan.insight.keeping import count_next, mark_changed
from gendan.insight.models import Day
from gendan.orders.actions import cancel
from gendan.orders.models import Order
from gendan.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_nothing_is_passed_over_that_ends_late(zhao: Person, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    mark_changed()
    while count_next():
        pass
    acted, read = Event(), Event()

    def act() -> None:
        with transaction.atomic():
            mine = Order.objects.filter(pk=order.pk)
            cancel(mine, by=zhao, now=timezone.now(), why="long thought about")
            acted.set()
            read.wait(20)
        connection.close()

    slow = Thread(target=act)
    slow.start()
    acted.wait(20)
    make_orders(1, platform_order="later")  # younger, and ended first
    mark_changed()
    Day.objects.update(is_stale=False)
    read.set()
    slow.join()
    mark_changed()
    assert Day.objects.filter(is_stale=True, on=timezone.localdate()).exists()


def test_two_jobs_keep_every_day_once(
    make_orders: OrderMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "SAMPLE", 1000)
    for days in range(12):
        make_orders(3, placed_at=timezone.now() - timedelta(days=days))
    connections.close_all()
    forks = get_context("fork")
    start = forks.Barrier(3)

    def job() -> None:
        start.wait()
        for _turn in range(3):
            mark_changed()
            while count_next():
                pass

    jobs = [forks.Process(target=job) for _number in range(3)]
    for process in jobs:
        process.start()
    for process in jobs:
        process.join(60)
    assert [process.exitcode for process in jobs] == [0, 0, 0]
    assert Day.objects.filter(counted_at__isnull=False).count() >= 12
    assert list(verify.differences()) == []
