"""The pages of goods: who may, and what they do."""

import pytest
from django.test import Client

from conftest import TESTER
from gendan.catalog.models import Product, ShopCode, Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop

NEW = {
    "style": "KB",
    "title": "手缝牛皮卡包",
    "unit": "个",
    "is_active": "on",
    "first_name": "颜色",
    "first_values": "墨绿, 酒红",
    "second_name": "尺码",
    "second_values": "S M L",
    "price_fen": "399.5",
    "floor_fen": "339",
    "weight_g": "250",
    "safety_stock": "3",
}


@pytest.mark.parametrize("path", ["/products/", "/skus/", "/shop-codes/"])
def test_lists_open_for_all_who_see_goods(
    client: Client, wang: Person, tea: Sku, path: str
) -> None:
    assert client.get(path).status_code == 302
    client.force_login(wang)
    assert client.get(path).status_code == 200
    assert client.get(f"{path}?tab=all&q=tea").status_code == 200


def test_a_grid_becomes_skus(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    answer = client.post("/products/new/", NEW)
    product = Product.objects.get()
    assert answer.headers["Location"] == f"/products/{product.pk}/"
    assert product.skus.count() == 6
    sku = product.skus.get(options={"颜色": "酒红", "尺码": "L"})
    assert (sku.code, sku.price_fen, sku.floor_fen, sku.weight_g) == ("KB-06", 39950, 33900, 250)
    assert "KB-06" in client.get(f"/products/{product.pk}/").content.decode()


def test_a_grid_that_is_wrong_makes_nothing(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    wrong = {**NEW, "first_name": "", "floor_fen": "500"}
    answer = client.post("/products/new/", wrong)
    assert answer.status_code == 422
    assert not Product.objects.exists()


def test_more_sizes_are_added_beside_those_there(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    client.post("/products/new/", NEW)
    product = Product.objects.get()
    client.post(f"/products/{product.pk}/skus/", {**NEW, "second_values": "L XL"})
    assert product.skus.count() == 8


def test_a_price_is_changed_with_a_reason(client: Client, zhao: Person, tea: Sku) -> None:
    client.force_login(zhao)
    form = {
        "price_fen": "138",
        "floor_fen": "0",
        "weight_g": "250",
        "safety_stock": "3",
        "barcode": tea.barcode,
        "specification": tea.specification,
        "is_active": "on",
        "why": "new harvest",
    }
    assert client.post(f"/skus/{tea.pk}/", form).status_code == 302
    tea.refresh_from_db()
    assert tea.price_fen == 13800
    assert Entry.objects.get(verb="sku.saved").why == "new harvest"
    assert "¥128.00" in client.get(f"/skus/{tea.pk}/").content.decode()


def test_a_colleague_looks_and_changes_nothing(client: Client, wang: Person, tea: Sku) -> None:
    client.force_login(wang)
    assert client.get(f"/skus/{tea.pk}/").status_code == 200
    client.post(f"/skus/{tea.pk}/", {"price_fen": "1"})
    assert client.get("/products/new/").status_code == 403
    tea.refresh_from_db()
    assert tea.price_fen == 12800


def test_options_for_a_code_are_for_those_who_see_the_shop(
    client: Client, zhao: Person, stranger: Person, shop: Shop, tea: Sku
) -> None:
    with entry("test.setup", by=TESTER):
        code = ShopCode.objects.create(shop=shop, code=tea.code)
    client.force_login(zhao)
    assert tea.code in client.get(f"/shop-codes/{code.pk}/options/").content.decode()
    assert tea.code in client.get(f"/shop-codes/{code.pk}/options/?q=龙井").content.decode()
    client.force_login(stranger)
    assert client.get(f"/shop-codes/{code.pk}/options/").status_code == 404
