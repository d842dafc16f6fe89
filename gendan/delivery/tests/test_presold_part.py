"""An order of ready and presold goods: two parts, each with its own parcel, promise and day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.models import PartForecast, Risk, ShopLimit
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import Goods, claim_presales, receive, reserve_next, serve_rests
from gendan.stock.models import PresaleClaim, Rest
from gendan.stock.tests.conftest import beside
from gendan.stock.tests.test_presell import opened
from gendan.stock.verify import differences
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.split_by_stock import send_all_together
from gendan.warehouse.models import Shipment

NOW = timezone.now()
DAY: date = timezone.localdate(NOW) + timedelta(days=9)
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


@pytest.fixture
def mixed(make_orders: OrderMaker, tea: Sku, bag: Sku) -> OrderQuerySet:
    """An order of two tins, which lie there, and a bag, which is presold."""
    orders = make_orders(1, stage=Stage.READY)
    beside(orders, bag)
    opened(bag, 10)
    claim_presales(by=TESTER, now=NOW)
    return orders


@pytest.fixture
def parted(mixed: OrderQuerySet, tea: Sku, hangzhou: Warehouse) -> Order:
    receive([Goods(tea.pk, 90)], hangzhou, by=TESTER)
    reserve_next(by=TESTER, now=NOW)
    plan(mixed, by=TESTER)
    return mixed.get()


def test_each_part_has_its_own_day_and_promise(parted: Order, shop: Shop) -> None:
    forecast(by=TESTER, now=NOW)
    first, later = PartForecast.objects.order_by("shipment")
    paid = parted.paid_at or NOW
    assert first.promise_at == paid + timedelta(hours=shop.ship_hours)
    assert first.forecast_ship_at < paid + timedelta(days=4)
    assert later.shipment is None
    assert timezone.localdate(later.forecast_ship_at) == DAY
    assert later.promise_at == parted.promise_at
    assert parted.forecast.risk == Risk.NONE


def test_on_its_day_the_rest_has_a_parcel_of_its_own(parted: Order, bag: Sku) -> None:
    warehouse = Shipment.objects.get().warehouse
    receive([Goods(bag.pk, 9)], warehouse, by=TESTER)
    with entry("test.setup", by=TESTER):
        PresaleClaim.objects.update(waits_until=NOW - timedelta(minutes=1))
    serve_rests(by=TESTER, now=NOW)
    plan(Order.objects.numbered([parted.pk]), by=TESTER)
    held = Shipment.objects.order_by("pk").values_list("lines__sku__code", flat=True)
    assert list(held) == ["TEA-01", "BAG-01"]
    assert not list(differences())


def test_by_hand_it_goes_together_and_stays_so(parted: Order) -> None:
    chosen = Order.objects.numbered([parted.pk])
    send_all_together(chosen, by=TESTER, now=NOW)
    assert reserve_next(by=TESTER, now=NOW) == (0, 0)
    assert chosen.get().stage == Stage.READY
    assert not Rest.objects.exists()
    assert not list(differences())


def test_a_shop_that_takes_one_waybill_has_it_together(
    make_orders: OrderMaker, bag: Sku, shop: Shop
) -> None:
    with entry("test.setup", by=TESTER):
        ShopLimit.objects.create(shop=shop, takes="WHOLE")
    beside(make_orders(1, stage=Stage.READY), bag)
    opened(bag, 10)
    claim_presales(by=TESTER, now=NOW)
    assert PresaleClaim.objects.get().holds_order
