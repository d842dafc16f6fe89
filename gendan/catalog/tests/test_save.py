"""Saving products and SKUs."""

from typing import Any

import pytest

from gendan.catalog.actions import (
    BarcodeTaken,
    change_skus,
    save_goods,
    save_products,
    save_skus,
)
from gendan.catalog.models import Product, Sku
from gendan.catalog.queries import price_history
from gendan.catalog.tests.conftest import statements
from gendan.catalog.words import grid, grid_code, initials, options_of, specification_of
from gendan.journal.models import Change, Entry
from gendan.people.models import Person

Rows = list[dict[str, Any]]


def goods(number: int, **more: Any) -> tuple[Rows, Rows]:
    products = [{"style": f"S{n}", "title": f"龙井{n}"} for n in range(number)]
    skus = [
        {"style": f"S{n}", "code": f"S{n}-1", "specification": "净含量：125克", "price_fen": 100}
        | more
        for n in range(number)
    ]
    return products, skus


def test_it_makes_products_with_their_skus(zhao: Person) -> None:
    save_goods(*goods(2), by=zhao, why="season")
    sku = Sku.objects.get(code="S1-1")
    assert (sku.title, sku.product.style, sku.pinyin) == ("龙井1", "S1", "lj1jhl125k")
    assert sku.options == {"净含量": "125克"}
    assert Entry.objects.get(verb="goods.saved").actor_name == zhao.name


def test_the_same_again_changes_nothing(zhao: Person) -> None:
    save_goods(*goods(2), by=zhao)
    changes = Change.objects.count()
    _products, skus = save_goods(*goods(2), by=zhao)
    assert (len(skus.new), len(skus.changed), len(skus.unchanged)) == (0, 0, 2)
    assert Change.objects.count() == changes


def test_skus_follow_the_title_of_their_product(zhao: Person) -> None:
    save_goods(*goods(1), by=zhao)
    save_products([{"style": "S0", "title": "碧螺春"}], by=zhao)
    sku = Sku.objects.get()
    assert (sku.title, sku.pinyin) == ("碧螺春", "blcjhl125k")


def test_a_barcode_belongs_to_one_sku(zhao: Person) -> None:
    save_goods(*goods(1, barcode="690"), by=zhao)
    with pytest.raises(BarcodeTaken, match="S0-1"):
        save_skus(
            [{"code": "X", "product_id": 1, "title": "x", "price_fen": 1, "barcode": "690"}],
            by=zhao,
        )
    assert Sku.objects.count() == 1


def test_barcodes_may_change_hands_in_one_act(zhao: Person) -> None:
    save_goods(*goods(1, barcode="690"), by=zhao)
    save_skus([{"code": "S0-1", "barcode": ""}], by=zhao)
    product = Product.objects.get()
    save_skus(
        [{"code": "X", "product_id": product.pk, "title": "x", "price_fen": 1, "barcode": "690"}],
        by=zhao,
    )
    assert Sku.objects.get(code="X").barcode == "690"


def test_it_costs_the_same_for_one_and_for_three_hundred(zhao: Person) -> None:
    one = statements(lambda: save_goods(*goods(1), by=zhao))
    assert statements(lambda: save_goods(*goods(300), by=zhao)) <= one + 2
    changed = statements(lambda: save_goods(*goods(1, price_fen=5), by=zhao))
    assert statements(lambda: save_goods(*goods(300, price_fen=6), by=zhao)) == changed


def test_prices_are_remembered(zhao: Person, tea: Sku) -> None:
    save_skus([{"code": tea.code, "price_fen": 13800}], by=zhao, why="new harvest")
    [change] = price_history(tea)
    assert (change.price, change.floor, change.why) == ((12800, 13800), None, "new harvest")


def test_one_value_is_set_for_many(zhao: Person, tea: Sku, bag: Sku) -> None:
    assert change_skus(Sku.objects.all(), by=zhao, why="gone", is_active=False) == 2
    assert change_skus(Sku.objects.all(), by=zhao, is_active=False) == 0


def test_a_grid_has_every_combination() -> None:
    options = grid({"颜色": ["墨绿", "酒红"], "尺码": ["M", "L"], "": ["x"]})
    assert len(options) == 4
    assert specification_of(options[0]) == "颜色：墨绿；尺码：M"
    assert options_of("颜色：墨绿；尺码：M") == options[0]
    assert grid({}) == [{}]


def test_codes_of_a_grid_speak_where_they_can() -> None:
    assert grid_code("kb", 3, {"颜色": "墨绿", "尺码": "M"}) == "KB-03"
    assert grid_code("kb", 3, {"colour": "red", "size": "M"}) == "KB-RED-M"


def test_initials_are_what_people_type() -> None:
    assert initials("手缝牛皮卡包 M") == "sfnpkbm"
