"""When orders will leave and arrive, what that risks, and that a person hears of it in time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import LeadTime, Product, Sku
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.measure import measure
from gendan.delivery.models import Forecast, Pace, Penalty, PromiseSource, Risk, Transit
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.delivery.verify import differences
from gendan.delivery.working_time import working_time
from gendan.journal.writing import entry
from gendan.orders.models import Deadline, Order
from gendan.orders.stages import Stage
from gendan.people.models import Platform, Shop, Warehouse
from gendan.stock.actions import (
    Coming,
    NewPresale,
    claim_presales,
    expect,
    presell,
    reserve_next,
)
from gendan.stock.models import ShortageCase
from gendan.stock.queries.offers import offers
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.stages import Stage as Parcel
from gendan.worklist.models import Item, Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def paced(**more: Any) -> None:
    """Let a warehouse pack ten parcels an hour."""
    Pace.objects.create(
        **{
            "step": "PACKING",
            "warehouse": Warehouse.objects.get(code="HZ"),
            "per_hour": 10,
            "sample": 99,
            "counted_at": NOW,
            **more,
        }
    )


def other_goods() -> Sku:
    with entry("test.setup", by=TESTER):
        product = Product.objects.create(style="P-OTHER", title="别的")
        return Sku.objects.create(product=product, code="OTHER", title="别的", price_fen=100)


def test_who_has_no_promise_gets_the_hours_of_the_shop(make_orders: OrderMaker) -> None:
    order = make_orders(1, promise_at=None, paid_at=NOW).get()

    forecast(by=TESTER, now=NOW)

    order.refresh_from_db()
    assert order.promise_at == hours(48)
    assert order.forecast.promise_source == PromiseSource.HOURS
    assert order.forecast.risk == Risk.NONE


def test_made_goods_are_promised_when_they_can_be_there(make_orders: OrderMaker, tea: Sku) -> None:
    with entry("test.setup", by=TESTER):
        LeadTime.objects.create(sku=tea, days=7)
    order = make_orders(1, promise_at=hours(48), paid_at=NOW).get()

    forecast(by=TESTER, now=NOW)

    order.refresh_from_db()
    assert order.promise_at == NOW + timedelta(days=7)
    assert order.forecast.promise_source == PromiseSource.LEAD_TIME
    assert order.forecast.forecast_ship_at >= NOW + timedelta(days=7)


def test_a_wish_and_a_deadline_say_that_they_made_the_promise(make_orders: OrderMaker) -> None:
    wished = make_orders(1, promise_at=hours(300), wish_on=date(2026, 12, 2)).get()
    told = make_orders(1, promise_at=hours(30)).get()
    with entry("test.setup", by=TESTER):
        Deadline.objects.create(order=told, ship_by=hours(30))

    forecast(by=TESTER, now=NOW)

    sources = {row.order_id: row.promise_source for row in Forecast.objects.all()}
    assert sources == {wished.pk: PromiseSource.WISH, told.pk: PromiseSource.PLATFORM}


def test_the_queue_before_it_is_counted_at_the_pace_of_its_warehouse(
    make_orders: OrderMaker,
) -> None:
    paced()
    orders = make_orders(31, stage=Stage.READY, promise_at=hours(48), paid_at=NOW)

    forecast(by=TESTER, now=NOW)

    queue = orders.order_by("pk")
    first, last = (Forecast.objects.get(order=order) for order in (queue[0], queue[30]))
    assert (first.ahead, last.ahead) == (0, 30)
    assert last.forecast_ship_at - first.forecast_ship_at == timedelta(hours=3)


def test_what_is_urgent_stands_in_front(make_orders: OrderMaker) -> None:
    make_orders(5, stage=Stage.READY, paid_at=NOW)
    urgent = make_orders(1, stage=Stage.READY, paid_at=hours(1), priority=10).get()

    forecast(by=TESTER, now=NOW)

    assert urgent.forecast.ahead == 0


def test_who_waits_for_goods_is_counted_from_the_day_they_are_expected(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    paced()
    first, second = make_orders(2, stage=Stage.SHORT, paid_at=NOW).order_by("pk")
    make_orders(99, stage=Stage.READY, paid_at=NOW, sku=other_goods())
    arrives = Coming("PO-1", tea.pk, hangzhou.pk, 3, date(2026, 11, 25))  # for the first alone
    expect([arrives], by=TESTER)

    forecast(by=TESTER, now=NOW)

    evening = datetime(2026, 11, 25, 16, tzinfo=UTC)  # midnight in China
    assert Forecast.objects.get(order=first).forecast_ship_at == evening + timedelta(hours=2.1)
    assert Forecast.objects.get(order=second).forecast_ship_at != evening + timedelta(hours=2.1)


def test_the_day_is_the_one_that_customers_are_told(
    make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse
) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=now)
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 3, today + timedelta(days=4))], by=TESTER)

    forecast(by=TESTER, now=now)

    told = next(o for o in offers(ShortageCase.objects.all(), now=now).popitem()[1] if o.on)
    assert timezone.localdate(Forecast.objects.get().forecast_ship_at) == told.on


def test_a_presale_leaves_on_its_day(make_orders: OrderMaker, tea: Sku) -> None:
    order = make_orders(1, stage=Stage.READY, paid_at=NOW, placed_at=NOW).get()
    presell(NewPresale(tea.pk, hours(-1), hours(9), 5, date(2026, 12, 1)), by=TESTER)
    claim_presales(by=TESTER, now=NOW)

    forecast(by=TESTER, now=NOW)

    assert timezone.localdate(order.forecast.forecast_ship_at) == date(2026, 12, 1)
    assert order.forecast.risk == Risk.NONE


def test_the_way_is_what_the_carrier_took_to_that_province(
    make_orders: OrderMaker, yuantong: Carrier
) -> None:
    for province, took in (("", 70), ("广东省", 31)):
        Transit.objects.create(
            carrier=yuantong, province=province, hours=took, sample=9, counted_at=NOW
        )
    here = make_orders(1).get()
    there = make_orders(1, province="西藏自治区").get()

    forecast(by=TESTER, now=NOW)

    for order, took in ((here, 31), (there, 70)):
        row = Forecast.objects.get(order=order)
        assert row.forecast_arrive_at is not None
        assert row.forecast_arrive_at - row.forecast_ship_at == timedelta(hours=took)


def test_it_is_a_work_item_before_it_is_late_and_closes_itself(make_orders: OrderMaker) -> None:
    order = make_orders(1, promise_at=hours(1)).get()

    assert forecast(by=TESTER, now=NOW) == 1
    assert Forecast.objects.get().risk == Risk.AT_RISK
    item = Item.objects.open().get(kind=Kind.LATE)
    assert (item.subject_id, item.due_at) == (order.pk, order.promise_at)
    assert forecast(by=TESTER, now=hours(0.5)) == 0
    forecast(by=TESTER, now=hours(2))
    assert Forecast.objects.get().risk == Risk.LATE
    with entry("test.setup", by=TESTER):
        Order.objects.update(stage=Stage.CANCELLED)
    forecast(by=TESTER, now=hours(3))

    assert not Forecast.objects.exists()
    assert not Item.objects.open().exists()


def test_the_money_at_risk_is_the_order_and_what_the_platform_takes(
    make_orders: OrderMaker,
) -> None:
    with entry("test.setup", by=TESTER):
        Penalty.objects.create(platform=Platform.TAOBAO, permille=50, least_fen=500, most_fen=1000)
    make_orders(1, promise_at=hours(1))

    forecast(by=TESTER, now=NOW)

    assert Forecast.objects.get().fen_at_risk == 25600 + 1000


def test_what_has_left_in_time_risks_nothing(make_parcels: ParcelMaker) -> None:
    make_parcels(1)
    with entry("test.setup", by=TESTER):
        Order.objects.update(promise_at=hours(-9))

    forecast(by=TESTER, now=NOW)

    row = Forecast.objects.get()
    assert (row.step, row.risk) == ("", Risk.NONE)


def test_what_has_left_is_left_out_unless_a_wish_hangs_on_it(make_parcels: ParcelMaker) -> None:
    plain, wished = make_parcels(2).order_by("pk")
    orders = [parcel.lines.get().order for parcel in (plain, wished)]
    forecast(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Order.objects.filter(pk=orders[1].pk).update(wish_on=date(2026, 12, 2))
        Shipment.objects.update(shipped_at=hours(20))

    forecast(by=TESTER, now=hours(21), gone_too=False)

    counted = Forecast.objects.filter(counted_at=hours(21))
    assert [row.order_id for row in counted] == [orders[1].pk]
    forecast(by=TESTER, now=hours(22))
    assert Forecast.objects.get(order=orders[0]).forecast_ship_at == hours(20)


def test_a_wish_is_kept_by_arriving(make_parcels: ParcelMaker) -> None:
    make_parcels(1, shipped_at=hours(-1))
    with entry("test.setup", by=TESTER):
        Order.objects.update(promise_at=hours(5), wish_on=date(2026, 11, 20))

    forecast(by=TESTER, now=NOW)

    assert Forecast.objects.get().risk == Risk.AT_RISK


def test_the_pace_is_measured_in_hours_that_were_worked(
    make_parcels: ParcelMaker, hangzhou: Warehouse
) -> None:
    make_parcels(30, packed_at=hours(-20), shipped_at=hours(-18), delivered_at=hours(-1))

    assert measure(by=TESTER, now=NOW)[0] == 2

    assert Pace.objects.get(step="PACKING", warehouse=hangzhou).per_hour == 30
    assert Pace.objects.get(step="HAND_OVER", warehouse=hangzhou).minutes == 120


def test_ways_are_measured_by_province_and_at_all(make_parcels: ParcelMaker) -> None:
    make_parcels(6, province="广东省", shipped_at=hours(-30), delivered_at=hours(-6))

    assert measure(by=TESTER, now=NOW)[1] == 2

    assert set(Transit.objects.values_list("province", "hours")) == {("", 24), ("广东省", 24)}


def test_too_little_is_not_measured(make_parcels: ParcelMaker) -> None:
    make_parcels(2, packed_at=hours(-20), delivered_at=hours(-1))

    assert measure(by=TESTER, now=NOW) == (0, 0)


def test_without_business_hours_every_minute_counts(db: None) -> None:
    time = working_time(NOW, 90)

    assert time.between(NOW, hours(5)) == 5


def test_it_costs_the_same_for_one_and_for_three_hundred(make_orders: OrderMaker) -> None:
    spent = []
    for number in (1, 300):
        make_orders(number, promise_at=hours(1))
        with CaptureQueriesContext(connection) as queries:
            forecast(by=TESTER, now=NOW)
        spent.append(len(queries))

    assert spent[0] == spent[1]


def test_a_parcel_in_the_house_is_promised_as_its_order(
    make_parcels: ParcelMaker, shop: Shop
) -> None:
    parcel = make_parcels(1, stage=Parcel.PLANNED, shipped_at=None).get()
    with entry("test.setup", by=TESTER):
        Order.objects.update(paid_at=NOW, promise_at=None)

    forecast(by=TESTER, now=NOW)

    assert Shipment.objects.get(pk=parcel.pk).promise_at == hours(48)


def test_the_forecast_of_an_order_ends_after_it(make_orders: OrderMaker) -> None:
    goes, stays = make_orders(2)
    forecast(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        over = Order.objects.filter(pk=goes.pk)
        over.update(stage=Stage.CANCELLED, stage_since=NOW - timedelta(hours=3))
    assert [finding.number for finding in differences()] == [goes.number]
    forecast(by=TESTER, now=NOW, gone_too=False)
    assert Forecast.objects.get().order == stays
    assert not list(differences())


def test_forecasts_of_many_that_are_over_end_in_as_many_statements(
    make_orders: OrderMaker,
) -> None:
    def ended(number: int) -> int:
        orders = make_orders(number)
        forecast(by=TESTER, now=NOW)
        with entry("test.setup", by=TESTER):
            Order.objects.numbered([order.pk for order in orders]).update(stage=Stage.CANCELLED)
        with CaptureQueriesContext(connection) as found:
            forecast(by=TESTER, now=NOW)
        assert not Forecast.objects.exists()
        return len(found)

    assert ended(1) == ended(300)
