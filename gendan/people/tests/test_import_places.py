"""Shops and warehouses from files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gendan.people.imports import take_shops
from gendan.people.models import Person, Shop, Warehouse
from gendan.ui.importing import ImportRow
from gendan.ui.models import Upload

SHOPS = "编码,名称,平台,类型\ntb1,山茶记,TAOBAO,WEB\nX1,坏店,某平台,WEB\n"
WAREHOUSES = "仓库编码,仓库名称,优先级\nHZ,杭州仓,1\nFS,佛山仓,第二\n"


def feed(client: Client, path: str, text: str) -> Upload:
    client.post(path, {"file": SimpleUploadedFile("places.csv", text.encode("gbk"))})
    upload = Upload.objects.latest("pk")
    client.post(f"{path}?upload={upload.pk}")
    upload.refresh_from_db()
    return upload


def test_shops_come_in_and_the_bad_row_is_told(client: Client, admin: Person) -> None:
    client.force_login(admin)
    told = feed(client, "/shops/import/", SHOPS).told
    assert (told["new"], told["bad"][0]["row"]) == (1, 3)
    assert Shop.objects.get().code == "TB1"
    told = feed(client, "/shops/import/", SHOPS).told
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 1)


def test_warehouses_come_in(client: Client, admin: Person) -> None:
    client.force_login(admin)
    assert feed(client, "/warehouses/import/", WAREHOUSES).told["new"] == 1
    assert Warehouse.objects.get().name == "杭州仓"


def test_only_the_administrator_imports(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    assert client.post("/shops/import/", {}).status_code == 403
    assert client.get("/warehouses/import/?template").status_code == 403


def test_what_a_row_does_not_say_stays(admin: Person, shop: Shop) -> None:
    take_shops([ImportRow(2, {"code": shop.code, "ship_hours": 24})], by=admin)
    shop.refresh_from_db()
    assert (shop.ship_hours, shop.name) == (24, "山茶记淘宝店")
