"""Goods and shop codes from files."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.catalog.imports import take_codes, take_goods
from gendan.catalog.models import Product, ShopCode, Sku
from gendan.catalog.tests.conftest import rows, statements
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop
from gendan.ui.importing.cells import BadCell, length
from gendan.ui.models import Upload
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Item, Kind

FILE = (
    "SKU编码,商品名称,款号,规格,售价,条码,克重\n"
    "KB-M,手缝卡包,KB,颜色：墨绿；尺码：M,399,6901234500028,0.25kg\n"
    "KB-L,手缝卡包,KB,颜色：墨绿；尺码：L,419,6.9E+12,260\n"
    "LJ-125,明前龙井,,净含量：125克,128,6901234500011,180\n"
)


def row(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "title": "明前龙井", "style": "LJ", "price_fen": 12800, **more}


def feed(client: Client, text: str, encoding: str = "gb18030") -> Upload:
    file = SimpleUploadedFile("goods.csv", text.encode(encoding))
    answer = client.post("/skus/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("pk")


def test_measures_are_read_in_any_unit(zhao: Person) -> None:
    told = take_goods(
        rows(
            {"code": "BOX-1", "title": "礼盒", "price_fen": 100}
            | {"length_mm": 240, "width_mm": 160, "height_mm": 90}
        ),
        by=zhao,
    )
    sku = Sku.objects.get(code="BOX-1")
    assert (told.new, sku.length_mm, sku.width_mm, sku.height_mm) == (1, 240, 160, 90)
    assert [length(cell) for cell in ("240", "24cm", "0.24 米")] == [240, 240, 240]
    with pytest.raises(BadCell):
        length("24 inches")


def test_a_file_is_shown_before_and_told_after(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    upload = feed(client, FILE)
    assert (upload.told["new"], len(upload.told["bad"])) == (2, 1)
    assert not Sku.objects.exists()
    page = client.get(f"/skus/import/?upload={upload.pk}").content.decode()
    assert "6.9E+12" in page
    client.post(f"/skus/import/?upload={upload.pk}", {"why": "spring"})
    sku = Sku.objects.get(code="KB-M")
    assert (sku.price_fen, sku.weight_g, sku.barcode) == (39900, 250, "6901234500028")
    assert sku.product.style == "KB"
    assert Product.objects.filter(style="LJ-125").exists()
    assert "spring" in Entry.objects.get(verb="goods.saved").why
    assert client.get(f"/skus/import/?upload={upload.pk}&bad").status_code == 200


def test_the_same_file_twice_changes_nothing(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    upload = feed(client, FILE)
    client.post(f"/skus/import/?upload={upload.pk}")
    told = feed(client, FILE, "utf-8").told
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 2)


def test_colleagues_without_the_right_and_others_uploads_are_refused(
    client: Client, zhao: Person, wang: Person, admin: Person
) -> None:
    client.force_login(zhao)
    upload = feed(client, FILE)
    client.force_login(wang)
    assert client.get("/skus/import/").status_code == 403
    client.force_login(admin)
    assert client.get(f"/skus/import/?upload={upload.pk}").status_code == 404
    assert not Sku.objects.exists()


def test_a_style_has_one_title(zhao: Person) -> None:
    outcome = take_goods(rows(row("A"), row("B", title="碧螺春")), by=zhao)
    assert (outcome.new, [wrong.field for wrong in outcome.mistakes]) == (1, ["title"])


def test_a_barcode_of_another_sku_is_a_bad_row(zhao: Person, tea: Sku) -> None:
    outcome = take_goods(rows(row("A", barcode=tea.barcode), row("B")), by=zhao)
    assert outcome.mistakes[0].field == "barcode"
    assert tea.code in outcome.mistakes[0].sentence
    assert Sku.objects.filter(code="B").exists()


def test_a_new_title_counts_for_all_skus_of_the_style(zhao: Person) -> None:
    take_goods(rows(row("A"), row("B")), by=zhao)
    outcome = take_goods(rows(row("A", title="龙井"), row("B", title="龙井")), by=zhao)
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 2, 0)
    assert set(Sku.objects.values_list("title", flat=True)) == {"龙井"}


def test_it_costs_the_same_for_one_and_for_three_hundred(zhao: Person) -> None:
    one = statements(lambda: take_goods(rows(row("A")), by=zhao))
    many = rows(*(row(f"B{n}") for n in range(300)))
    assert statements(lambda: take_goods(many, by=zhao)) <= one + 1


def test_codes_are_mapped_and_their_work_is_done(zhao: Person, shop: Shop, tea: Sku) -> None:
    with entry("test.setup", by=TESTER):
        code = ShopCode.objects.create(shop=shop, code="T-250")
    item = NewItem(Kind.UNMAPPED, "shop-code", code.pk, shop_id=shop.pk)
    open_items([item], by=TESTER, now=timezone.now())
    values = {"shop": shop.pk, "code": "T-250", "sku": tea.code}
    bad = {"shop": shop.pk, "code": "T-300", "sku": "NOBODY"}
    outcome = take_codes(rows(values, bad), by=zhao)
    assert (outcome.changed, outcome.mistakes[0].value) == (1, "NOBODY")
    code.refresh_from_db()
    assert code.sku == tea
    assert not Item.objects.open().exists()


def test_codes_of_shops_that_one_does_not_see_are_bad_rows(
    stranger: Person, shop: Shop, tea: Sku
) -> None:
    values = {"shop": shop.pk, "code": "T-250", "sku": tea.code}
    assert take_codes(rows(values), by=stranger).mistakes[0].field == "shop"
    assert not ShopCode.objects.exists()
