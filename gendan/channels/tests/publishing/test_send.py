from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from conftest import TESTER, make_sku
from gendan.catalog.models import Sku
from gendan.channels.models import (
    Offer,
    Publication,
    PublicationState,
    PublishRule,
    RefusedTurn,
)
from gendan.channels.publishing import outbox
from gendan.channels.publishing.actions import capture, send, set_items, tend, try_again
from gendan.channels.publishing.oversell import expected_oversell
from gendan.channels.publishing.queries import shops_to_turn
from gendan.channels.simulator.taobao import Error, TaobaoShop
from gendan.channels.tests.publishing.conftest import ITEM, NOW, Seller, Shelf
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import Goods, adjust
from gendan.worklist.models import Item, Kind

WAITING = PublicationState.WAITING


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime.now(NOW.tzinfo) + timedelta(seconds=5)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sent(shop: Shop, clock: Clock) -> Callable[[], int]:
    return lambda: send(shop, by=TESTER, clock=clock, patience=0)


Sent = Callable[[], int]


def test_the_platform_shows_what_the_house_has(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, shelf: Shelf, tea: Sku, sent: Sent
) -> None:
    shelf(tea, 20)
    offer = sell()
    assert sent() == 1
    assert taobao.items[ITEM].quantities == {"TEA-01": 17}
    offer.refresh_from_db()
    assert (offer.quantity, offer.version) == (17, offer.wanted_version)
    assert sent() == 0
    assert len(taobao.calls) == 1


def test_twenty_listings_of_an_item_go_into_one_call(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, sent: Sent
) -> None:
    for number in range(25):
        sell(make_sku(f"N-{number}", "茶", barcode=f"n{number}"))
    assert sent() == 25
    assert len([call for call in taobao.calls if "outerid_quantities" in call]) == 2


def test_nothing_left_is_delisted_and_listed_again_when_goods_come(
    rule: PublishRule,
    taobao: TaobaoShop,
    sell: Seller,
    shelf: Shelf,
    tea: Sku,
    hangzhou: Warehouse,
    sent: Sent,
) -> None:
    shelf(tea, 4)
    sell()
    sent()
    adjust([Goods(tea.pk, -2)], hangzhou, by=TESTER, why="破损")
    capture(by=TESTER, is_full=True)
    sent()
    assert (taobao.items[ITEM].quantities, taobao.items[ITEM].is_listed) == ({"TEA-01": 0}, False)
    shelf(tea, 10)
    capture(by=TESTER, is_full=True)
    sent()
    assert (taobao.items[ITEM].quantities, taobao.items[ITEM].is_listed) == ({"TEA-01": 9}, True)


@pytest.fixture
def sold_out(
    rule: PublishRule,
    taobao: TaobaoShop,
    settings: Settings,
    shop: Shop,
    sell: Seller,
    sent: Sent,
    clock: Clock,
) -> TaobaoShop:
    """A shop that was told nought of an item, when no call was left to delist it by."""
    settings.SHOP_ACCOUNTS[shop.code] |= {"rate": 0.01, "burst": 1}
    sell()
    sent()
    assert (taobao.items[ITEM].quantities, taobao.items[ITEM].is_listed) == ({"TEA-01": 0}, True)
    clock.later(hours=1)
    return taobao


def test_what_could_not_be_delisted_at_once_is_delisted_by_the_next_run(
    sold_out: TaobaoShop, shop: Shop, sent: Sent, clock: Clock
) -> None:
    assert shops_to_turn(now=clock()) == [shop]
    sent()
    assert not sold_out.items[ITEM].is_listed
    assert shops_to_turn(now=clock()) == []


def test_a_delisting_that_is_refused_is_tried_again_and_a_person_knows(
    sold_out: TaobaoShop, shop: Shop, sent: Sent, clock: Clock
) -> None:
    for wait in (30, 60, 120):
        sold_out.troubles = [Error(15, "Remote service error", "isv.trade-shop", "商品在活动中")]
        sent()
        assert shops_to_turn(now=clock()) == []
        assert RefusedTurn.objects.get().due_at - clock() == timedelta(seconds=wait)
        clock.later(hours=1)
    assert tend(by=TESTER, now=clock()) == 1
    assert "商品在活动中" in Item.objects.open().get(kind=Kind.PUBLISH).facts["problem"]
    assert shops_to_turn(now=clock()) == [shop]
    sent()
    assert not sold_out.items[ITEM].is_listed
    assert tend(by=TESTER, now=clock()) == 0


def test_who_need_not_be_delisted_any_more_is_no_trouble(
    sold_out: TaobaoShop, shelf: Shelf, tea: Sku, sent: Sent, clock: Clock
) -> None:
    sold_out.troubles = [Error(15, "Remote service error", "isv.trade-shop", "商品在活动中")]
    sent()
    shelf(tea, 20)
    capture(by=TESTER, is_full=True)
    clock.later(hours=1)
    sent()
    tend(by=TESTER, now=clock())
    assert not RefusedTurn.objects.exists()


def test_an_item_stays_listed_while_one_of_its_goods_is_left(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, shelf: Shelf, bag: Sku, sent: Sent
) -> None:
    shelf(bag, 9)
    sell()
    sell(bag)
    sent()
    assert taobao.items[ITEM].quantities == {"TEA-01": 0, "BAG-01": 6}
    assert taobao.items[ITEM].is_listed


def test_what_fails_is_tried_again_after_longer_and_longer(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, sent: Sent, clock: Clock
) -> None:
    sell()
    waits = []
    for _try in range(3):
        taobao.troubles = [Error(15, "Remote service error", "isp.remote-service-timeout", "超时")]
        assert sent() == 0
        found = Publication.objects.get(state=WAITING)
        waits.append((found.due_at - clock()).total_seconds())
        clock.later(hours=1)
    assert waits == [30, 60, 120]
    assert "超时" in found.trouble
    assert tend(by=TESTER, now=clock()) == 1
    item = Item.objects.open().get(kind=Kind.PUBLISH)
    assert item.facts["listings"] == 1
    assert sent() == 1
    tend(by=TESTER, now=clock())
    assert not Item.objects.open().filter(kind=Kind.PUBLISH).exists()


def test_what_is_our_fault_is_told_at_once(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, sent: Sent, clock: Clock
) -> None:
    sell()
    taobao.session = "another"
    assert sent() == 0
    assert "Invalid Session" in Publication.objects.get(state=WAITING).trouble
    assert tend(by=TESTER, now=clock()) == 1


def test_a_platform_that_does_not_answer_is_tried_again(
    rule: PublishRule, taobao: TaobaoShop, settings: Settings, shop: Shop, sell: Seller, sent: Sent
) -> None:
    settings.SHOP_ACCOUNTS[shop.code]["url"] = "http://127.0.0.1:9"
    sell()
    assert sent() == 0
    assert Publication.objects.get(state=WAITING).tries == 1


def test_an_item_without_a_number_says_so_and_goes_once_it_has_one(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, sent: Sent, clock: Clock
) -> None:
    offer = sell(item="")
    assert sent() == 0
    assert Publication.objects.get(state=WAITING).trouble
    assert tend(by=TESTER, now=clock()) == 1
    set_items({offer.code_id: ITEM}, by=TESTER)
    assert sent() == 1


def test_no_more_calls_are_made_than_the_platform_allows(
    rule: PublishRule,
    taobao: TaobaoShop,
    settings: Settings,
    shop: Shop,
    sell: Seller,
    sent: Sent,
    clock: Clock,
) -> None:
    settings.SHOP_ACCOUNTS[shop.code] |= {"rate": 1.0, "burst": 2}
    for number in range(5):
        goods = make_sku(f"N-{number}", "茶", barcode=f"n{number}")
        sell(goods, item=f"61{number}")
    Offer.objects.update(is_listed=False)  # nothing is to be delisted
    assert sent() == 2
    clock.later(seconds=1)
    assert sent() == 1
    clock.later(seconds=60)
    assert sent() == 2


def test_who_is_lost_while_sending_is_followed_by_another(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, shop: Shop, sent: Sent, clock: Clock
) -> None:
    sell()
    outbox.claim(shop.pk, most=20, now=clock())
    assert sent() == 0
    clock.later(minutes=3)
    assert sent() == 1


def test_what_comes_while_sending_goes_afterwards(
    rule: PublishRule,
    taobao: TaobaoShop,
    sell: Seller,
    shelf: Shelf,
    tea: Sku,
    shop: Shop,
    sent: Sent,
    clock: Clock,
) -> None:
    offer = sell()
    (letter,) = outbox.claim(shop.pk, most=20, now=clock())
    shelf(tea, 20)
    capture(by=TESTER, is_full=True)
    assert sent() == 0  # one at a time
    assert outbox.done([letter.pk], now=clock()) == 1
    assert sent() == 1
    offer.refresh_from_db()
    assert offer.quantity == 17


def test_a_person_can_let_it_be_tried_at_once(
    rule: PublishRule, taobao: TaobaoShop, sell: Seller, sent: Sent, clock: Clock
) -> None:
    sell()
    taobao.troubles = [Error(27, "Invalid Session")]
    assert sent() == 0
    assert sent() == 0
    try_again(list(Publication.objects.all()), by=TESTER, now=clock())
    assert sent() == 1


def test_the_risk_grows_with_the_pace_and_shrinks_with_what_is_left() -> None:
    assert expected_oversell(0, 5, 0) == 0
    assert expected_oversell(2, 1, 0) == pytest.approx(2)
    assert expected_oversell(2, 1, 2) == pytest.approx(0.5413, abs=1e-3)
    assert expected_oversell(2, 1, 100) == 0
    assert expected_oversell(10_000, 1, 10) == 9_990
