"""Orders as they are asked for, and clerks who take them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.customers.addresses import split
from gendan.journal.writing import entry
from gendan.orders.actions.chase import install_chasing, see
from gendan.orders.models import ChasePlan, OrderQuerySet
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewOrder
from gendan.orders.stages import Source, Stage
from gendan.people.models import Platform, Shop, ShopKind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
UNPAID = {
    "stage": Stage.UNPAID,
    "source": Source.PHONE,
    "paid_fen": 0,
    "paid_at": None,
    "stage_since": NOW,
    "placed_at": NOW,
}
PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"


@pytest.fixture
def desk(db: None) -> Shop:
    """The shop of those who call or write."""
    with entry("test.setup", by=TESTER):
        return Shop.objects.create(
            code="TEL", name="电话客服", platform=Platform.OWN, kind=ShopKind.PHONE
        )


@pytest.fixture
def cup(db: None) -> Sku:
    """Costs 100.00 yuan, never less than 90.00."""
    return make_sku("CUP-01", "汝窑品茗杯", 10000, floor_fen=9000, pinyin="ryppb")


Asked = Callable[..., NewOrder]


@pytest.fixture
def asked(desk: Shop, cup: Sku) -> Asked:
    """Return a maker of orders that lack nothing: two cups for 林一诺."""

    def make(**more: Any) -> NewOrder:
        return NewOrder(
            **{
                "shop_id": desk.pk,
                "lines": [NewLine(cup.pk, 2)],
                "receiver_name": "林一诺",
                "receiver_phone": "13900000001",
                "address": split(PLACE),
                **more,
            }
        )

    return make


@pytest.fixture
def set_up(db: None) -> ChasePlan:
    """Chasing with plans that hold nobody out; that for new buyers begins after 20 minutes."""
    install_chasing(by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        ChasePlan.objects.update(holdout_percent=0)
    return ChasePlan.objects.get(code="NEW")


Waiting = Callable[..., OrderQuerySet]


@pytest.fixture
def waiting(make_orders: OrderMaker, cup: Sku) -> Waiting:
    """Return a maker of unpaid orders of two cups (200.00 yuan, floor 180.00) in the queue."""

    def make(number: int = 1, **more: Any) -> OrderQuerySet:
        orders = make_orders(number, **{**UNPAID, "sku": cup, **more})
        see(by=TESTER, now=NOW)
        return orders

    return make
