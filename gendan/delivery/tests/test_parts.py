"""Orders whose goods travel apart: each part has its dates, and the order is late if any is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.promise import promise_anew
from gendan.delivery.models import Forecast, PartForecast, Risk
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import Coming, expect, receive, serve_part
from gendan.stock.actions.goods import Goods
from gendan.stock.models import CaseState, Choice, Rest, ShortageCase
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage as Parcel

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.fixture
def apart(make_parcels: ParcelMaker, tea: Sku, hangzhou: Warehouse) -> Order:
    """One tin stands at the packing tables, the other comes on the 25th and follows."""
    make_parcels(1, stage=Parcel.RELEASED, shipped_at=None)
    order = Order.objects.get()
    with entry("test.setup", by=TESTER):
        Line.objects.update(shipped=0)
        ShipmentLine.objects.update(quantity=1, verified=0)
        line = Line.objects.get()
        Rest.objects.create(line=line, order=order, sku=tea, quantity=1, since=NOW)
        Order.objects.update(promise_at=datetime(2026, 11, 26, 16, tzinfo=UTC))
        ShortageCase.objects.create(
            order=order,
            found_at="RESERVATION",
            state=CaseState.WAITING,
            opened_at=NOW,
            choice=Choice.PART,
            chosen_at=NOW,
            waits_until="2026-11-26",
        )
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 5, date(2026, 11, 25))], by=TESTER)
    return order


def test_each_part_has_its_dates(apart: Order) -> None:
    forecast(by=TESTER, now=NOW)

    parcel, rest = PartForecast.objects.order_by("shipment")
    assert (parcel.step, rest.step) == ("PACKING", "STOCK")
    assert parcel.promise_at == datetime(2026, 11, 21, 16, tzinfo=UTC)  # the end of tomorrow
    assert parcel.forecast_ship_at < later(9)
    assert rest.promise_at == datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert rest.forecast_ship_at > datetime(2026, 11, 25, 16, tzinfo=UTC)  # the 25th is over
    whole = Forecast.objects.get()
    assert (whole.forecast_ship_at, whole.step) == (rest.forecast_ship_at, "STOCK")
    assert whole.risk == Risk.NONE


def test_the_order_is_late_if_the_first_part_is(apart: Order) -> None:
    forecast(by=TESTER, now=NOW + timedelta(days=2))

    assert Forecast.objects.get().risk == Risk.LATE


def test_the_order_is_late_if_the_rest_is(apart: Order) -> None:
    with entry("test.setup", by=TESTER):
        Shipment.objects.update(stage=Parcel.SHIPPED, shipped_at=later(1))
    forecast(by=TESTER, now=datetime(2026, 11, 21, 18, tzinfo=UTC))
    assert Forecast.objects.get().risk == Risk.NONE  # the first part left in time

    forecast(by=TESTER, now=datetime(2026, 11, 26, 18, tzinfo=UTC))

    assert Forecast.objects.get().risk == Risk.LATE


def test_another_date_is_that_of_all_parts(apart: Order, wang: Person) -> None:
    forecast(by=TESTER, now=NOW)
    promise_anew(Order.objects.all(), at=later(99), by=wang, now=NOW, why="kiln")
    assert set(PartForecast.objects.values_list("promise_at", flat=True)) == {later(99)}
    forecast(by=TESTER, now=NOW)
    assert set(PartForecast.objects.values_list("promise_at", flat=True)) == {later(99)}


def test_what_goes_together_again_has_one_date(apart: Order) -> None:
    forecast(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Rest.objects.all().delete()

    forecast(by=TESTER, now=later(1))

    assert not PartForecast.objects.exists()


def test_two_parcels_of_an_order_are_two_parts(make_parcels: ParcelMaker) -> None:
    make_parcels(2)
    first, second = Order.objects.order_by("pk")
    with entry("test.setup", by=TESTER):
        ShipmentLine.objects.filter(order=second).update(order=first)
        newest = Shipment.objects.latest("pk")
        Shipment.objects.filter(pk=newest.pk).update(stage=Parcel.PLANNED, shipped_at=None)
        Order.objects.update(promise_at=later(48))

    forecast(by=TESTER, now=NOW)

    steps = PartForecast.objects.order_by("shipment").values_list("order", "step")
    assert list(steps) == [(first.pk, ""), (first.pk, "WAVE")]
    assert Forecast.objects.get(order=first).step == "WAVE"


def test_what_is_served_in_part_goes_on_in_parts(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(tea.pk, 6)], hangzhou, by=TESTER)
    orders = make_orders(1, stage=Stage.SHORT, quantity=10, promise_at=later(48))
    serve_part(orders, by=TESTER, now=NOW)

    forecast(by=TESTER, now=NOW)

    assert Forecast.objects.get().step == "STOCK"


def test_it_is_shown_on_the_orders_page(client: Client, wang: Person, apart: Order) -> None:
    forecast(by=TESTER, now=NOW)
    client.force_login(wang)

    page = client.get(reverse("order", args=[apart.number])).content.decode()

    assert Shipment.objects.get().number in page
    assert "11-22 00:00" in page  # until when the first part was promised to leave
    assert "11-27 00:00" in page


def test_it_costs_the_same_for_one_and_for_many(make_orders: OrderMaker, tea: Sku) -> None:
    counts = []
    for number in (1, 30):
        orders = make_orders(number, stage=Stage.ALLOCATED)
        with entry("test.setup", by=TESTER):
            Rest.objects.bulk_create(
                Rest(line=order.lines.get(), order=order, sku=tea, quantity=1, since=NOW)
                for order in orders
            )
        with CaptureQueriesContext(connection) as queries:
            forecast(by=TESTER, now=NOW)
        counts.append(len(queries))
    assert counts[0] >= counts[1]
