"""Shops that sell what lies in the warehouses, and a platform that takes quantities."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from conftest import TESTER
from gendan.catalog.models import ShopCode, Sku
from gendan.channels.models import Offer, PublishRule
from gendan.channels.publishing.actions import capture, save_rule
from gendan.channels.simulator.app import Simulator
from gendan.channels.simulator.taobao import TaobaoShop
from gendan.channels.tests.kuaidi100.conftest import served
from gendan.journal.writing import entry
from gendan.people.models import Platform, Shop, ShopKind
from gendan.stock.tests.conftest import Shelf, shelf

__all__ = ["shelf"]
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ITEM = "610000000001"

Seller = Callable[..., Offer]


@pytest.fixture
def pdd(db: None) -> Shop:
    """A shop that takes files."""
    with entry("test.setup", by=TESTER):
        return Shop.objects.create(
            code="PDD1", name="山茶记官方店", platform=Platform.PINDUODUO, kind=ShopKind.WEB
        )


@pytest.fixture
def rule(db: None) -> PublishRule:
    """All that is free, everywhere."""
    return save_rule(PublishRule(), by=TESTER)


@pytest.fixture
def sell(shop: Shop, tea: Sku) -> Seller:
    """Return a way to offer a SKU in a shop under a code; it is captured at once."""

    def offer(sku: Sku = tea, shop: Shop = shop, code: str = "", item: str = ITEM) -> Offer:
        with entry("test.setup", by=TESTER):
            known = ShopCode.objects.create(shop=shop, code=code or sku.code, sku=sku)
        capture(by=TESTER, is_full=True)
        Offer.objects.filter(code=known).update(item=item)
        return Offer.objects.get(code=known)

    return offer


@pytest.fixture
def taobao(settings: Settings, shop: Shop) -> Iterator[TaobaoShop]:
    """The platform of the shop TB1, as it answers over HTTP."""
    simulator = Simulator()
    with served(simulator) as url:
        settings.SHOP_ACCOUNTS = {shop.code: account(url)}
        yield simulator.taobao


def account(url: str, **more: Any) -> dict[str, Any]:
    words = {"app_key": "gendan-demo", "secret": "gendan-demo-secret"}
    return {"url": url, **words, "session": "gendan-demo-session", **more}


__all__ += ["Shelf"]
