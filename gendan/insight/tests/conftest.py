"""A house with something at many stages."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, Warehouse
from gendan.screening.models import Hold, Rule
from gendan.stock.models import Shortage
from gendan.warehouse.models import Carrier, Shipment, ShipmentLine
from gendan.warehouse.stages import Stage as ShipmentStage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

HOURS = (0, 3, 30, 100)


@pytest.fixture(autouse=True)
def _forget() -> None:
    """What waits to be planned is shared by everybody for seconds."""
    cache.clear()


@pytest.fixture
def busy(make_orders: OrderMaker, shop: Shop, store: Shop, hangzhou: Warehouse, tea: Any) -> None:
    """Orders at each stage and age in two shops, parcels, holds, shortages, work."""
    now = timezone.now()
    with entry("test.setup", by=TESTER):
        for stage in Stage:
            for hours, at in zip(HOURS, (shop, shop, shop, store), strict=True):
                make_orders(
                    1,
                    stage=stage,
                    shop=at,
                    stage_since=now - timedelta(hours=hours),
                    placed_at=now - timedelta(hours=hours),
                    paid_at=now - timedelta(hours=hours),
                    promise_at=now + timedelta(hours=6 - hours),
                    released_at=now if stage == Stage.ALLOCATED else None,
                )
        facts = {"expression": "total > 1", "severity": "WARN", "remedy": "NONE"}
        rule = Rule.objects.create(code="with-remark", name="有备注", **facts)
        for order in Order.objects.filter(stage=Stage.HELD):
            Hold.objects.create(order=order, rule=rule, severity="WARN", placed_at=now)
        for order in Order.objects.filter(stage=Stage.SHORT):
            Shortage.objects.create(order=order, sku=tea, missing=2)
        _parcels(hangzhou, now)
        items = [NewItem(Kind.SHORT, "order", pk, shop_id=shop.pk) for pk in (1, 2, 3)]
        open_items(items, by=TESTER, now=now - timedelta(days=9))


def _parcels(warehouse: Warehouse, now: Any) -> None:
    carrier = Carrier.objects.create(code="sf", name="顺丰")
    orders = Order.objects.filter(stage__in=(Stage.ALLOCATED, Stage.COMPLETED)).order_by("pk")
    stages = [s for s in ShipmentStage if s not in ("RECALLED", "REFUSED", "RETURNED", "LOST")]
    for order, stage in zip(orders, stages, strict=False):
        gone = stage in ("SHIPPED", "DELIVERED")
        shipment = Shipment.objects.create(
            warehouse=warehouse,
            shop=order.shop,
            carrier=carrier,
            stage=stage,
            stage_since=order.stage_since,
            promise_at=order.promise_at,
            packed_at=now if gone or stage == "PACKED" else None,
            shipped_at=now if gone else None,
            delivered_at=now if stage == "DELIVERED" else None,
            waybill=f"SF{order.pk}" if gone else "",
        )
        line, sku = order.lines.get(), Sku.objects.get()
        ShipmentLine.objects.create(
            shipment=shipment, order=order, line=line, sku=sku, quantity=line.quantity
        )


def browse(person: Person, language: str = "en") -> Client:
    """Return a browser with the person signed in."""
    browser = Client(headers={"accept-language": language})
    with entry("test.setup", by=TESTER):
        browser.force_login(person)
    return browser
