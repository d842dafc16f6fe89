"""From what a forecast takes the hours on the way: measured, by a standard, or assumed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.models import Transit
from gendan.orders.models import Order
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Standard
from gendan.warehouse.tests.test_carry import give

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HERE = "浙江省"
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


def measured(carrier: Carrier, province: str, took: float) -> None:
    Transit.objects.create(carrier=carrier, province=province, hours=took, sample=9, counted_at=NOW)


def standard(took: int, **of: Any) -> None:
    give(Standard(arrive_hours=took, **of))


def expected(order: Order) -> tuple[str, float]:
    """Forecast anew; return from what the hours on the way were taken, and how many they are."""
    forecast(by=TESTER, now=NOW)
    row = order.forecast
    row.refresh_from_db()
    assert row.forecast_arrive_at
    hours = (row.forecast_arrive_at - row.forecast_ship_at) / timedelta(hours=1)
    return row.arrive_source, hours


def test_what_is_said_of_a_place_goes_before_what_holds_everywhere(
    make_orders: OrderMaker, yuantong: Carrier
) -> None:
    order = make_orders(1, province=HERE).get()
    assert expected(order) == ("ASSUMED", yuantong.sign_hours)
    standard(70)
    assert expected(order) == ("STANDARD", 70)
    standard(65, carrier=yuantong)
    assert expected(order) == ("STANDARD", 65)
    measured(yuantong, "", 60)
    assert expected(order) == ("MEASURED", 60)
    standard(50, province=HERE)
    assert expected(order) == ("STANDARD", 50)
    standard(45, province=HERE, carrier=yuantong)
    assert expected(order) == ("STANDARD", 45)
    measured(yuantong, HERE, 40)
    assert expected(order) == ("MEASURED", 40)


def test_the_standard_of_another_place_or_carrier_says_nothing(
    make_orders: OrderMaker, yuantong: Carrier
) -> None:
    other = give(Carrier(code="other", name="别的", rank=99))
    standard(50, province=HERE, carrier=other)
    standard(60, province="西藏自治区")
    assert expected(make_orders(1, province=HERE).get())[0] == "ASSUMED"
