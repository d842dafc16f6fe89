"""Where the queue grows, and the switch of a big day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.insight.queries.surge import Queue, narrowest, queues
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.models.surge import BigDay
from gendan.orders.stages import Stage
from gendan.people.models import Person


def queue(backlog: int, came: int, went: int, code: str = "packing") -> Queue:
    return Queue(code, code, backlog, came, went, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "hours", "tone"),
    [
        (queue(0, 9, 0), 0.0, "good"),
        (queue(100, 50, 200), 0.5, "good"),
        (queue(100, 90, 40), 2.5, "warn"),
        (queue(3, 0, 0), None, "bad"),
    ],
)
def test_a_queue_says_how_long_it_takes_and_whether_it_grows(
    found: Queue, hours: float | None, tone: str
) -> None:
    assert (found.hours, found.tone) == (hours, tone)


def test_the_narrowest_place_is_where_the_backlog_takes_longest() -> None:
    slow, fast, empty = queue(10, 0, 2, "a"), queue(1000, 0, 900, "b"), queue(0, 0, 0, "c")
    assert narrowest([fast, slow, empty]) == slow
    assert narrowest([fast, slow, queue(1, 0, 0, "d")]).code == "d"  # type: ignore[union-attr]
    assert narrowest([empty]) is None


def test_stages_count_what_came_went_and_waits(make_orders: OrderMaker) -> None:
    make_orders(3)
    released = make_orders(2, stage=Stage.READY)
    now = timezone.now()
    with entry("test.setup", by=TESTER):
        released.update(released_at=now - timedelta(minutes=5))
        make_orders(1).update(made_at=now - timedelta(hours=2))
    screening, reservation, *_rest = queues(now=timezone.now())
    assert (screening.backlog, screening.came, screening.went) == (4, 5, 2)
    assert (reservation.backlog, reservation.came, reservation.went) == (2, 2, 0)
    assert reservation.stands
    assert Order.objects.count() == 6


def test_what_acts_say_of_themselves_is_counted(make_orders: OrderMaker) -> None:
    with entry("stock.reserved", by=TESTER, count=3):
        make_orders(1)
    with entry("stock.reserved", by=TESTER, count=4):
        make_orders(1)
    _screening, reservation, planning, *_rest = queues(now=timezone.now())
    assert (reservation.went, planning.came) == (7, 7)
    assert (planning.grows, planning.stands) == (False, False)


def test_a_supervisor_plans_begins_and_ends_it(client: Client, zhao: Person, wang: Person) -> None:
    client.force_login(wang)
    assert client.get("/surge/").status_code == 403
    client.force_login(zhao)
    assert client.get("/surge/").status_code == 200
    said = {"name": "双11", "wave_limit": "150", "makes_waves": "on", "starts_above": "9"}
    assert client.post("/surge/new/", said | {"ends_below": "12"}).status_code == 422
    assert client.post("/surge/new/", said).status_code == 302
    day = BigDay.objects.get()
    client.post(f"/surge/{day.pk}/switch")
    day.refresh_from_db()
    assert day.is_on
    assert "双11" in client.get("/surge/").content.decode()
    client.post(f"/surge/{day.pk}/switch")
    day.refresh_from_db()
    assert not day.is_on
