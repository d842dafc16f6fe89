"""From which warehouse orders are served: by rule, the nearest, or the house's preference."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.conditions import CannotRead
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import Goods, open_stock, reserve, serve_certain
from gendan.stock.actions.source import prefer, save_warehouse_rule
from gendan.stock.distances import kilometres
from gendan.stock.hands import serve_all
from gendan.stock.models.sourcing import Prefers, WarehouseRule
from gendan.stock.queries.sourcing import nowhere, preferences

NOW = timezone.now()
GUANGDONG = {"province": "广东省", "division": "440106"}
ZHEJIANG = {"province": "浙江省", "division": "330106"}


@pytest.fixture
def houses(tea: Sku, hangzhou: Warehouse, foshan: Warehouse) -> list[Warehouse]:
    """Two warehouses with a hundred tins each, Hangzhou preferred."""
    with entry("test.setup", by=TESTER):
        for house, division in ((hangzhou, "330110"), (foshan, "440605")):
            house.division = division
            house.save()
    for house in (hangzhou, foshan):
        open_stock([Goods(tea.pk, 100)], house, by=TESTER, document="期初")
    return [hangzhou, foshan]


def rule(expression: str, warehouse: Warehouse, **more: Any) -> WarehouseRule:
    made = WarehouseRule(name=expression, expression=expression, warehouse=warehouse, **more)
    return save_warehouse_rule(made, by=TESTER)


def served_from(orders: Any) -> set[str]:
    reserve(orders, by=TESTER, now=NOW)
    return set(orders.values_list("warehouse__code", flat=True))


def test_where_nothing_is_said_there_is_no_preference(
    make_orders: OrderMaker, houses: list[Warehouse]
) -> None:
    orders = make_orders(2, stage=Stage.READY, **GUANGDONG)
    assert preferences([order.pk for order in orders], now=NOW) == {}
    assert served_from(orders) == {"HZ"}


def test_the_nearest_is_asked_first(make_orders: OrderMaker, houses: list[Warehouse]) -> None:
    prefer(Prefers.NEAREST, by=TESTER)
    assert served_from(make_orders(2, stage=Stage.READY, **GUANGDONG)) == {"FS"}
    assert served_from(make_orders(2, stage=Stage.READY, **ZHEJIANG)) == {"HZ"}
    assert served_from(make_orders(1, stage=Stage.READY, division="")) == {"HZ"}


def test_a_warehouse_stands_where_its_address_says(
    make_orders: OrderMaker, houses: list[Warehouse]
) -> None:
    with entry("test.setup", by=TESTER):
        for house, address in zip(houses, ("浙江省杭州市龙坞镇", "佛山市南海区"), strict=True):
            house.division, house.address = "", address
            house.save()
    prefer(Prefers.NEAREST, by=TESTER)
    assert served_from(make_orders(1, stage=Stage.READY, **GUANGDONG)) == {"FS"}
    assert nowhere() == []
    with entry("test.setup", by=TESTER):
        houses[1].address = "老地方"
        houses[1].save()
    assert nowhere() == [houses[1]]


def test_a_rule_goes_before_distance(make_orders: OrderMaker, houses: list[Warehouse]) -> None:
    prefer(Prefers.NEAREST, by=TESTER)
    rule("province = 广东省", houses[0])
    assert served_from(make_orders(1, stage=Stage.READY, **GUANGDONG)) == {"HZ"}


def test_where_the_first_has_too_little_the_next_serves(
    make_orders: OrderMaker, houses: list[Warehouse], tea: Sku
) -> None:
    rule("province = 广东省", houses[1])
    assert served_from(make_orders(1, stage=Stage.READY, quantity=90, **GUANGDONG)) == {"FS"}
    assert served_from(make_orders(1, stage=Stage.READY, quantity=90, **GUANGDONG)) == {"HZ"}


def test_from_nowhere_else_means_short_instead(
    make_orders: OrderMaker, houses: list[Warehouse]
) -> None:
    rule("province = 广东省", houses[1], is_only=True)
    order = make_orders(1, stage=Stage.READY, quantity=99, **GUANGDONG)  # three are kept back
    reserve(order, by=TESTER, now=NOW)
    assert order.get().stage == Stage.SHORT


def test_many_at_once_follow_the_rules_too(
    make_orders: OrderMaker, houses: list[Warehouse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gendan.stock.hands.FEW", 0)
    monkeypatch.setattr("gendan.stock.hands._at_once", _one_hand)
    rule("province = 广东省", houses[1])
    south = make_orders(3, stage=Stage.READY, **GUANGDONG)
    north = make_orders(3, stage=Stage.READY, **ZHEJIANG)
    ids = [order.pk for order in [*south, *north]]
    serve_all(by=TESTER)
    served = Order.objects.filter(pk__in=ids, stage=Stage.ALLOCATED)
    assert served.filter(province="广东省", warehouse__code="FS").count() == 3
    assert served.filter(province="浙江省", warehouse__code="HZ").count() == 3


def _one_hand(orders: Any, warehouse: int, by: Any) -> int:
    return serve_certain(orders, warehouse, by=by, now=NOW)


def test_a_rule_that_can_not_be_read_is_refused(houses: list[Warehouse], zhao: Person) -> None:
    with pytest.raises(CannotRead):
        rule("prvince = 1 >", houses[0])
    with pytest.raises(CannotRead):
        rule(" ", houses[0])
    assert not WarehouseRule.objects.exists()


def test_distances_are_about_right() -> None:
    assert kilometres("330106", "310000") == pytest.approx(165, abs=15)  # 杭州 to 上海
    assert kilometres("110000", "440100") == pytest.approx(1890, abs=40)  # 北京 to 广州
    assert kilometres("330106", "330206") == pytest.approx(145, abs=15)  # 杭州 to 宁波
    assert kilometres("429004", "420106") == pytest.approx(80, abs=15)  # 仙桃, under no city
    assert kilometres("44", "4401") == pytest.approx(0, abs=30)
    assert kilometres("330106", "") is None
    assert kilometres("330106", "999999") is None


def test_the_city_decides_inside_a_province(
    make_orders: OrderMaker, houses: list[Warehouse], hangzhou: Warehouse, foshan: Warehouse
) -> None:
    prefer(Prefers.NEAREST, by=TESTER)
    with entry("test.setup", by=TESTER):
        Warehouse.objects.filter(pk=foshan.pk).update(division="330206")  # 宁波
    ningbo = make_orders(1, stage=Stage.READY, province="浙江省", division="330212")
    assert served_from(ningbo) == {"FS"}
    assert served_from(make_orders(1, stage=Stage.READY, **ZHEJIANG)) == {"HZ"}
