from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.models import TraceState
from gendan.delivery.reports import Point, Report
from gendan.journal.actors import Channel
from gendan.journal.writing import entry
from gendan.orders.models import Line
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Warehouse
from gendan.warehouse.models import Carrier, Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.stages import Stage

COURIER = Channel("快递100")
PROVIDER = "KUAIDI100"
ParcelMaker = Callable[..., ShipmentQuerySet]


@pytest.fixture
def yuantong(db: None) -> Carrier:
    with entry("test.setup", by=TESTER):
        return Carrier.objects.create(code="yuantong", name="圆通速递")


@pytest.fixture
def make_parcels(make_orders: OrderMaker, hangzhou: Warehouse, yuantong: Carrier) -> ParcelMaker:
    """Return a maker of shipped parcels, each of one order of two tins of tea."""

    def make(number: int = 1, *, hours_ago: float = 1, **more: Any) -> ShipmentQuerySet:
        orders = make_orders(number, stage=OrderStage.ALLOCATED)
        begin = Shipment.objects.count()
        with entry("test.setup", by=TESTER):
            Line.objects.filter(order__in=orders).update(shipped=2)
            shipments = [
                Shipment.objects.create(
                    **{
                        "warehouse": hangzhou,
                        "shop": order.shop,
                        "stage": Stage.SHIPPED,
                        "carrier": yuantong,
                        "waybill": f"YT{begin + n:013}",
                        "receiver_name": order.receiver_name,
                        "receiver_phone": order.receiver_phone,
                        "pieces": 2,
                        "shipped_at": timezone.now() - timedelta(hours=hours_ago),
                        **more,
                    }
                )
                for n, order in enumerate(orders)
            ]
            for order, shipment in zip(orders, shipments, strict=True):
                line = order.lines.get()
                assert line.sku is not None
                ShipmentLine.objects.create(
                    shipment=shipment,
                    order=order,
                    line=line,
                    sku=line.sku,
                    quantity=2,
                    verified=2,
                )
        return Shipment.objects.numbered(shipment.pk for shipment in shipments)

    return make


def point(state: TraceState, *, hours_ago: float = 0, text: str = "") -> Point:
    at = timezone.now() - timedelta(hours=hours_ago)
    return Point(at, text or f"{state} {at:%d %H:%M}", state)


def report(shipment: Shipment, *points: Point, **more: Any) -> Report:
    newest = max(points, key=lambda one: one.at) if points else None
    state = newest.state if newest else None
    return Report(shipment.pk, PROVIDER, **{"state": state, "points": points, **more})


def now() -> datetime:
    return timezone.now()
