"""The people, places and goods that every test may ask for by name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gendan.catalog.models import Product, Sku
from gendan.config import sweeping
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders.actions.save_gift_rule import NewTier, save_gift_rule
from gendan.orders.models import GiftRule, Line, Measure, Order, OrderQuerySet, WhenOut
from gendan.orders.stages import PlatformState, Source, Stage
from gendan.people.models import Person, Platform, Shop, ShopKind, Warehouse
from gendan.people.permissions import Role

sweeping.instead_of_flush()

TESTER = Job("test")
PASSWORD = "mo-yu-1024-cha"  # noqa: S105


def person(username: str, name: str, *roles: str, **more: Any) -> Person:
    with entry("test.setup", by=TESTER):
        someone = Person(username=username, name=name, roles=list(roles), **more)
        someone.set_password(PASSWORD)
        someone.password_changed_at = timezone.now()
        someone.save()
    return someone


@pytest.fixture
def wang(db: None) -> Person:
    """Service agent."""
    return person("wang", "王小满", Role.SERVICE)


@pytest.fixture
def li(db: None) -> Person:
    """Order reviewer."""
    return person("li", "李审言", Role.REVIEWER)


@pytest.fixture
def chen(db: None) -> Person:
    """Warehouse."""
    return person("chen", "陈大库", Role.WAREHOUSE)


@pytest.fixture
def zhao(db: None) -> Person:
    """Supervisor."""
    return person("zhao", "赵主管", Role.SUPERVISOR)


@pytest.fixture
def admin(db: None) -> Person:
    """Administrator."""
    return person("admin", "管理员", Role.ADMIN)


@pytest.fixture
def stranger(db: None) -> Person:
    """Has every role, but in no shop and no warehouse of ours."""
    return person("stranger", "路人", *Role.values, shop_ids=[], warehouse_ids=[])


@pytest.fixture
def shop(db: None) -> Shop:
    with entry("test.setup", by=TESTER):
        return Shop.objects.create(
            code="TB1", name="山茶记淘宝店", platform=Platform.TAOBAO, kind=ShopKind.WEB
        )


@pytest.fixture
def store(db: None) -> Shop:
    with entry("test.setup", by=TESTER):
        return Shop.objects.create(
            code="ST1",
            name="西湖门店",
            platform=Platform.OWN,
            kind=ShopKind.STORE,
            uses_safety_stock=True,
        )


@pytest.fixture
def hangzhou(db: None) -> Warehouse:
    with entry("test.setup", by=TESTER):
        return Warehouse.objects.create(code="HZ", name="杭州仓", rank=1)


@pytest.fixture
def foshan(db: None) -> Warehouse:
    with entry("test.setup", by=TESTER):
        return Warehouse.objects.create(code="FS", name="佛山仓", rank=2)


def make_sku(code: str, title: str, price_fen: int = 12800, **more: Any) -> Sku:
    with entry("test.setup", by=TESTER):
        product = Product.objects.create(style=f"P-{code}", title=title)
        return Sku.objects.create(
            product=product,
            code=code,
            title=title,
            price_fen=price_fen,
            **{"weight_g": 250, "barcode": f"69{code:0>11}", **more},
        )


@pytest.fixture
def tea(db: None) -> Sku:
    return make_sku("TEA-01", "明前龙井 铁罐装", specification="净含量：125克")


@pytest.fixture
def bag(db: None) -> Sku:
    return make_sku("BAG-01", "手缝牛皮卡包", 39900, specification="颜色：墨绿")


@pytest.fixture
def mug(db: None) -> Sku:
    """What is given away."""
    return make_sku("MUG-01", "随手泡杯", 2900, safety_stock=0)


GiftRuleMaker = Callable[..., GiftRule]


@pytest.fixture
def make_gift_rule(mug: Sku, zhao: Person) -> GiftRuleMaker:
    """Return a maker of rules that are on and wait for the gift; by default a mug from ¥200 on."""

    def make(*tiers: NewTier, **more: Any) -> GiftRule:
        said = {
            "name": f"rule {GiftRule.objects.count()}",
            "counts": [],
            "measure": Measure.AMOUNT,
            "from_at": timezone.now() - timedelta(days=1),
            "until_at": timezone.now() + timedelta(days=1),
            "when_out": WhenOut.WAIT,
            "is_on": True,
        }
        return save_gift_rule(
            GiftRule(**{**said, **more}), tiers or (NewTier(20000, mug.pk),), by=zhao
        )

    return make


OrderMaker = Callable[..., OrderQuerySet]


@pytest.fixture
def make_orders(shop: Shop, tea: Sku) -> OrderMaker:
    """Return a maker of paid platform orders at a stage, each of two tins of tea."""

    def make(number: int = 3, *, stage: Stage = Stage.SCREENING, **more: Any) -> OrderQuerySet:
        sku, quantity = more.pop("sku", tea), more.pop("quantity", 2)
        total = sku.price_fen * quantity
        begin = Order.objects.count()
        with entry("test.setup", by=TESTER):
            orders = Order.objects.bulk_create(
                Order(
                    **{
                        "shop": shop,
                        "source": Source.FILE,
                        "stage": stage,
                        "platform_order": f"T{begin + n:08}",
                        "platform_state": PlatformState.PAID,
                        "goods_fen": total,
                        "total_fen": total,
                        "paid_fen": total,
                        "buyer": f"buyer{begin + n}",
                        "receiver_name": "林一诺",
                        "receiver_phone": "13900000001",
                        "province": "广东省",
                        "city": "广州市",
                        "district": "越秀区",
                        "address": f"示例路{begin + n}号",
                        "division": "440104",
                        "place_key": f"place{begin + n}",
                        "placed_at": timezone.now(),
                        "paid_at": timezone.now(),
                        **more,
                    }
                )
                for n in range(number)
            )
            Line.objects.bulk_create(
                Line(
                    order=order,
                    position=1,
                    sub_order=f"{order.platform_order}-1" if order.platform_order else "",
                    sku=sku,
                    title=sku.title,
                    quantity=quantity,
                    price_fen=sku.price_fen,
                    total_fen=total,
                )
                for order in orders
            )
        return Order.objects.numbered(order.pk for order in orders)

    return make
