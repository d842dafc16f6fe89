"""Where the queue grows, and the switch of a big day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy

from conftest import TESTER, OrderMaker
from gendan.insight.queries.surge import Queue, counted, narrowest
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.models.surge import BigDay
from gendan.orders.stages import Stage
from gendan.people.models import ApiKey, Person, Warehouse
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Shipment
from gendan.warehouse.tests.conftest import reserve

TESTER_WORKER = ApiKey()  # without lists of places: sees all


def queues_now() -> list[Queue]:
    cache.clear()  # what waits to be planned is kept for seconds
    return counted(TESTER_WORKER, now=timezone.now()).queues()


def queue(backlog: int, came: int, went: int, code: str = "packing") -> Queue:
    return Queue(code, gettext_lazy(code), backlog, came, went, "")


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
    standing = queue(1, 0, 0, "d")
    assert narrowest([fast, slow, standing]) == standing
    assert narrowest([empty]) is None


def test_stages_count_what_came_went_and_waits(make_orders: OrderMaker) -> None:
    make_orders(3)
    released = make_orders(2, stage=Stage.READY)
    now = timezone.now()
    with entry("test.setup", by=TESTER):
        released.update(released_at=now - timedelta(minutes=5))
        make_orders(1).update(made_at=now - timedelta(hours=2))
    screening, reservation, *_rest = queues_now()
    assert (screening.backlog, screening.came, screening.went) == (4, 5, 2)
    assert (reservation.backlog, reservation.came, reservation.went) == (2, 2, 0)
    assert reservation.stands
    assert Order.objects.count() == 6


def test_reserving_and_planning_are_counted_by_what_they_did(
    make_orders: OrderMaker, hangzhou: Warehouse
) -> None:
    reserve(make_orders(3, stage=Stage.ALLOCATED), hangzhou)
    _screening, reservation, planning, waves, *_rest = queues_now()
    assert (reservation.went, planning.came, planning.backlog) == (3, 3, 3)
    plan(Order.objects.all()[:2], by=TESTER)
    _screening, reservation, planning, waves, *_rest = queues_now()
    assert (planning.went, planning.backlog, waves.backlog) == (2, 1, 2)
    assert planning.grows


def test_parcels_are_counted_on_their_way(make_orders: OrderMaker, hangzhou: Warehouse) -> None:
    reserve(make_orders(3, stage=Stage.ALLOCATED), hangzhou)
    plan(Order.objects.all(), by=TESTER)
    release(Shipment.objects.all(), by=TESTER)
    pick(Shipment.objects.all()[:2], by=TESTER)
    _screening, _reservation, _planning, waves, picking, packing, _over = queues_now()
    assert (waves.came, waves.went, waves.backlog) == (3, 3, 0)
    assert (picking.came, picking.backlog, packing.backlog) == (3, 1, 2)


def test_each_warehouse_and_shop_has_its_backlog_in_hours(
    make_orders: OrderMaker, hangzhou: Warehouse
) -> None:
    reserve(make_orders(3, stage=Stage.ALLOCATED), hangzhou)
    plan(Order.objects.all(), by=TESTER)
    found = counted(TESTER_WORKER, now=timezone.now())
    (house,), (shop,) = found.by_warehouse(), found.by_shop()
    assert (house.name, [queue.backlog for queue in house.queues]) == (hangzhou.name, [3, 0, 0, 0])
    assert house.narrowest is not None
    assert house.narrowest.hours is None
    assert shop.name == Order.objects.all()[0].shop.name
    assert len(shop.queues) == 7


def test_people_see_the_queues_of_their_own_places(
    make_orders: OrderMaker, hangzhou: Warehouse, stranger: Person
) -> None:
    reserve(make_orders(3, stage=Stage.ALLOCATED), hangzhou)
    plan(Order.objects.all()[:2], by=TESTER)
    seen = counted(stranger, now=timezone.now())
    assert seen.rows == []
    assert seen.by_warehouse() == []


def test_it_counts_in_three_statements_of_which_one_is_shared(
    make_orders: OrderMaker, hangzhou: Warehouse, django_assert_num_queries: Any
) -> None:
    reserve(make_orders(30, stage=Stage.ALLOCATED), hangzhou)
    with django_assert_num_queries(3):
        queues_now()
    with django_assert_num_queries(2):
        counted(TESTER_WORKER, now=timezone.now())


def test_a_supervisor_plans_begins_and_ends_it(client: Client, zhao: Person, wang: Person) -> None:
    client.force_login(wang)
    assert client.get("/surge/").status_code == 403
    client.force_login(zhao)
    assert client.get("/surge/").status_code == 200
    said = {"name": "双11", "wave_limit": "150", "makes_waves": "on", "starts_above": "9"}
    assert client.post("/surge/new/", said | {"ends_below": "12"}).status_code == 422
    assert client.post("/surge/new/", said).status_code == 302
    day = BigDay.objects.get()
    client.post(f"/surge/{day.pk}/switch", {"to": "on"})
    client.post(f"/surge/{day.pk}/switch", {"to": "on"})  # two people press the button
    day.refresh_from_db()
    assert day.is_on
    assert "双11" in client.get("/surge/").content.decode()
    client.post(f"/surge/{day.pk}/switch", {"to": "off"})
    day.refresh_from_db()
    assert not day.is_on
