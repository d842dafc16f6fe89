"""Finding SKUs: completion, suggestions, codes mapped."""

from typing import Any

import pytest
from django.utils import timezone

from conftest import TESTER
from gendan.catalog.actions import map_codes, save_goods
from gendan.catalog.actions.map_codes import UnknownSku
from gendan.catalog.models import ShopCode, Sku
from gendan.catalog.queries import complete_sku, shop_codes_of
from gendan.catalog.tests.conftest import statements
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop


@pytest.fixture
def goods(db: None) -> None:
    titles = {"LJ": "明前龙井", "BLC": "洞庭碧螺春", "KB": "手缝牛皮卡包"}
    products = [{"style": style, "title": title} for style, title in titles.items()]
    skus: list[dict[str, Any]] = [
        {"style": "LJ", "code": "LJ-125", "specification": "净含量：125克", "barcode": "6901"},
        {"style": "LJ", "code": "LJ-250", "specification": "净含量：250克"},
        {"style": "BLC", "code": "BLC-125", "specification": "净含量：125克"},
        {"style": "KB", "code": "KB-LJ", "specification": "颜色：墨绿"},
        {"style": "KB", "code": "KB-OLD", "specification": "颜色：墨绿", "is_active": False},
    ]
    save_goods(products, [{"price_fen": 100, **sku} for sku in skus], by=TESTER)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("6901", ["LJ-125"]),
        ("lj-1", ["LJ-125"]),
        ("lj", ["LJ-125", "LJ-250"]),
        ("mqlj", ["LJ-125", "LJ-250"]),
        ("kb", ["KB-LJ"]),
        ("npkb", ["KB-LJ"]),
        ("碧螺", ["BLC-125"]),
        ("龙井 250", ["LJ-250"]),
        ("墨绿", ["KB-LJ"]),
        ("", []),
        ("没有", []),
    ],
)
def test_it_offers_what_is_meant(goods: None, typed: str, codes: list[str]) -> None:
    assert [sku.code for sku in complete_sku(typed)] == codes


def test_a_whole_code_stands_before_all_that_begin_so(goods: None) -> None:
    assert complete_sku("LJ-125")[0].code == "LJ-125"


def shop_code(shop: Shop, code: str, title: str = "", specification: str = "") -> ShopCode:
    with entry("test.setup", by=TESTER):
        return ShopCode.objects.create(
            shop=shop, code=code, seen_title=title, seen_specification=specification
        )


def test_codes_get_a_suggestion_by_code_barcode_or_title(
    goods: None, shop: Shop, zhao: Person
) -> None:
    shop_code(shop, "lj-250")
    shop_code(shop, "6901")
    shop_code(shop, "T1", "明前龙井茶", "净含量：250克")
    shop_code(shop, "T2", "机械键盘")
    shown = {code.code: getattr(code, "suggested", "") for code in shop_codes_of(zhao)}
    assert shown == {"lj-250": "LJ-250", "6901": "LJ-125", "T1": "LJ-250", "T2": None}


def test_a_stranger_sees_no_codes(shop: Shop, stranger: Person) -> None:
    shop_code(shop, "X")
    assert not shop_codes_of(stranger).exists()


def test_mapping_is_refused_for_goods_that_are_not_sold(
    goods: None, shop: Shop, zhao: Person
) -> None:
    code = shop_code(shop, "X")
    old = Sku.objects.get(code="KB-OLD")
    with pytest.raises(UnknownSku):
        map_codes({code.pk: old.pk}, by=zhao, now=timezone.now())
    code.refresh_from_db()
    assert code.sku is None


def test_mapping_costs_the_same_for_one_and_for_many(goods: None, shop: Shop, zhao: Person) -> None:
    sku = Sku.objects.get(code="LJ-125")
    codes = [shop_code(shop, f"C{n}").pk for n in range(60)]

    def mapped(chosen: list[int]) -> int:
        return statements(
            lambda: map_codes(dict.fromkeys(chosen, sku.pk), by=zhao, now=timezone.now())
        )

    assert mapped(codes[:1]) == mapped(codes[1:])
    assert not ShopCode.objects.filter(sku=None).exists()
