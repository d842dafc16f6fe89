from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.journal.actors import Job
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import cancel, close_unpaid
from gendan.orders.actions.cancel import CannotCancel
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW
from gendan.orders.under_way import UnderWay
from gendan.people.models import Person, Warehouse
from gendan.warehouse.models import Shipment, ShipmentLine

WHY = "客户不要了"


def test_it_cancels_and_says_who_and_why(make_orders: OrderMaker, wang: Person) -> None:
    orders = cancel(make_orders(3), by=wang, now=NOW, why=WHY)

    assert set(orders.values_list("stage", "cancelled_at")) == {(Stage.CANCELLED, NOW)}
    told = Entry.objects.get(verb="order.cancelled")
    assert (told.actor_name, told.why) == (wang.name, WHY)


def test_it_wants_a_reason(make_orders: OrderMaker, wang: Person) -> None:
    with pytest.raises(CannotCancel):
        cancel(make_orders(1), by=wang, now=NOW, why=" ")


def test_it_cancels_all_or_none(make_orders: OrderMaker, wang: Person) -> None:
    make_orders(2)
    make_orders(1, stage=Stage.COMPLETED)

    with pytest.raises(WrongStage):
        cancel(Order.objects.all(), by=wang, now=NOW, why=WHY)

    assert not Order.objects.filter(stage=Stage.CANCELLED).exists()


def shipped(orders: OrderQuerySet, warehouse: Warehouse, stage: str) -> None:
    order = orders.get()
    with entry("test.setup", by=TESTER):
        shipment = Shipment.objects.create(warehouse=warehouse, shop=order.shop, stage=stage)
        line = order.lines.get()
        assert line.sku is not None
        ShipmentLine.objects.create(
            shipment=shipment, order=order, line=line, sku=line.sku, quantity=line.quantity
        )


def test_a_shipment_must_be_recalled_first(
    make_orders: OrderMaker, wang: Person, hangzhou: Warehouse
) -> None:
    orders = make_orders(1, stage=Stage.ALLOCATED)
    shipped(orders, hangzhou, "PLANNED")

    with pytest.raises(UnderWay, match=Shipment.objects.get().number):
        cancel(orders, by=wang, now=NOW, why=WHY)

    assert orders.get().stage == Stage.ALLOCATED


def test_a_recalled_shipment_does_not_stand_in_the_way(
    make_orders: OrderMaker, wang: Person, hangzhou: Warehouse
) -> None:
    orders = make_orders(1, stage=Stage.ALLOCATED)
    shipped(orders, hangzhou, "RECALLED")

    assert cancel(orders, by=wang, now=NOW, why=WHY).get().stage == Stage.CANCELLED


def test_unpaid_orders_are_closed_by_rule(make_orders: OrderMaker) -> None:
    now = timezone.now()
    old = {"stage": Stage.UNPAID, "stage_since": now - timedelta(hours=73), "paid_at": None}
    make_orders(1, source=Source.PHONE, paid_fen=0, **old)
    make_orders(1, source=Source.PHONE, paid_fen=100, **old)
    make_orders(1, source=Source.FILE, paid_fen=0, **old)
    make_orders(1, source=Source.PHONE, paid_fen=0, **(old | {"stage_since": now}))

    closed = close_unpaid(hours=72, by=Job("close_unpaid"), now=now)

    assert closed.get().source == Source.PHONE
    assert Order.objects.filter(stage=Stage.CANCELLED).count() == 1
    assert Entry.objects.get(verb="order.cancelled").actor_kind == "JOB"


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number)
        with CaptureQueriesContext(connection) as counted:
            cancel(orders, by=wang, now=NOW, why=WHY)
        return len(counted)

    assert cost(1) == cost(300)
