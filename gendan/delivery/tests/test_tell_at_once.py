"""Parcels of one order that leave at the same instant contradict each other to no platform."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import Handover, WriteBack
from gendan.delivery.tests.test_hand_over import numbers as numbers
from gendan.delivery.verify import differences
from gendan.journal.writing import entry
from gendan.orders.models import Line
from gendan.orders.stages import Stage
from gendan.people.models import Platform, Shop, Warehouse
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.split import split_by
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.tests.conftest import carrier as carrier
from gendan.warehouse.tests.conftest import reserve
from gendan.warehouse.tests.parcels import fetched
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

pytestmark = [pytest.mark.usefixtures("numbers"), pytest.mark.django_db(transaction=True)]
WAITING = """
SELECT pg_stat_clear_snapshot();
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def two_parts(
    make_orders: OrderMaker, hangzhou: Warehouse, shop: Shop, tea: Sku, bag: Sku
) -> list[int]:
    """The two articles of one order, each in a packed parcel, for a platform of whole orders."""
    orders = make_orders(1, stage=Stage.ALLOCATED)
    with entry("test.setup", by=TESTER):
        Shop.objects.filter(pk=shop.pk).update(platform=Platform.JD)
        Line.objects.create(
            order=orders.get(), position=2, sku=bag, quantity=1, price_fen=0, total_fen=0
        )
    reserve(orders, hangzhou)
    parcels = split_by(Way.GOODS, plan(orders, by=TESTER), by=TESTER, now=timezone.now())
    pack(verify_whole(draw_waybills(fetched(parcels), by=TESTER), by=TESTER), by=TESTER)
    return list(parcels.order_by("pk").values_list("pk", flat=True))


def leave(shipment: int) -> None:
    try:
        hand_over(Shipment.objects.numbered([shipment]), by=TESTER, now=timezone.now())
    finally:
        connection.close()


def both_wait() -> bool:
    """Wait until two others wait for somebody, at most for some seconds."""
    for _turn in range(200):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            cursor.nextset()
            if cursor.fetchone()[0] == 2:
                return True
        time.sleep(0.05)
    return False


def test_two_parts_that_leave_at_the_same_instant_are_told_once(
    two_parts: list[int], shop: Shop
) -> None:
    item = NewItem(Kind.WRITE_BACK, "write back", shop.pk, shop_id=shop.pk)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():  # both come as far as the shop's work item, which is ours still
            open_items([item], by=TESTER, now=timezone.now())
            left = [pool.submit(leave, shipment) for shipment in two_parts]
            assert both_wait()
        for one in left:
            one.result()
    told = WriteBack.objects.order_by("state").values_list("state", "sub_order")
    assert [*told] == [("IMPOSSIBLE", ""), ("WAITING", "")]
    assert Handover.objects.count() == 2
    assert not list(differences())
