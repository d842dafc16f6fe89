from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.channels.models import Offer, Publication, PublicationState, PublishRule
from gendan.channels.publishing.actions import (
    FileOvertaken,
    NothingToTell,
    ToldByApi,
    capture,
    confirm,
    export,
    take_back,
)
from gendan.channels.publishing.files import upload_file
from gendan.channels.simulator.taobao import TaobaoShop
from gendan.channels.tests.publishing.conftest import NOW, Seller, Shelf
from gendan.journal.models import Entry
from gendan.people.models import Person, Shop, Warehouse
from gendan.stock.actions import Goods, adjust


@pytest.fixture
def offer(rule: PublishRule, sell: Seller, shelf: Shelf, pdd: Shop, tea: Sku) -> Offer:
    shelf(tea, 20)
    return sell(shop=pdd)


def test_a_clerk_takes_a_file_and_confirms_it(offer: Offer, pdd: Shop, zhao: Person) -> None:
    rows = export(pdd, "PDD1-1.xlsx", by=zhao, now=NOW)
    sheet = CalamineWorkbook.from_filelike(BytesIO(upload_file(rows, pdd.platform)))
    lines = sheet.get_sheet_by_index(0).to_python()
    assert lines[0] == ["商品id", "商家编码-规格维度", "库存", "上下架状态"]
    assert lines[1] == ["610000000001", "TEA-01", 17.0, "上架"]
    assert confirm(pdd, "PDD1-1.xlsx", by=zhao, now=NOW) == 1
    offer.refresh_from_db()
    assert (offer.quantity, offer.is_listed, offer.published_at) == (17, True, NOW)
    assert Entry.objects.filter(verb="publishing.confirmed", actor_name=zhao.name).exists()


def test_a_later_file_takes_the_place_of_the_one_before(
    offer: Offer, pdd: Shop, tea: Sku, hangzhou: Warehouse
) -> None:
    export(pdd, "1.xlsx", by=TESTER, now=NOW)
    adjust([Goods(tea.pk, -17)], hangzhou, by=TESTER, why="破损")
    capture(by=TESTER, is_full=True)
    export(pdd, "2.xlsx", by=TESTER, now=NOW)
    with pytest.raises(FileOvertaken):
        confirm(pdd, "1.xlsx", by=TESTER, now=NOW)
    confirm(pdd, "2.xlsx", by=TESTER, now=NOW)
    offer.refresh_from_db()
    assert (offer.quantity, offer.is_listed) == (0, False)


def test_a_file_that_was_not_uploaded_is_taken_back(offer: Offer, pdd: Shop) -> None:
    export(pdd, "1.xlsx", by=TESTER, now=NOW)
    assert take_back(pdd, "1.xlsx", by=TESTER, now=NOW) == 1
    assert Publication.objects.get().state == PublicationState.WAITING
    with pytest.raises(FileOvertaken):
        confirm(pdd, "1.xlsx", by=TESTER, now=NOW)


def test_a_shop_that_shows_everything_has_no_file(offer: Offer, pdd: Shop) -> None:
    export(pdd, "1.xlsx", by=TESTER, now=NOW)
    confirm(pdd, "1.xlsx", by=TESTER, now=NOW)
    with pytest.raises(NothingToTell):
        export(pdd, "2.xlsx", by=TESTER, now=NOW)
    assert not Entry.objects.filter(facts__file="2.xlsx").exists()


def test_a_shop_that_is_told_by_api_has_no_files(
    rule: PublishRule, sell: Seller, taobao: TaobaoShop, shop: Shop, zhao: Person
) -> None:
    sell()
    with pytest.raises(ToldByApi):
        export(shop, "TB1-1.xlsx", by=zhao, now=NOW)
    assert Publication.objects.get().state == PublicationState.WAITING
