"""A shop code mapped from the list of shop codes."""

from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.catalog.models import ShopCode, Sku
from gendan.journal.writing import entry
from gendan.orders.models import Line
from gendan.people.models import Person, Shop


def test_waiting_orders_get_their_goods(
    client: Client, li: Person, wang: Person, shop: Shop, tea: Sku, make_orders: OrderMaker
) -> None:
    make_orders(2)
    with entry("test.setup", by=TESTER):
        code = ShopCode.objects.create(shop=shop, code="T-250")
        Line.objects.update(sku=None, shop_code="T-250")
    url = f"/shop-codes/{code.pk}/map/"
    client.force_login(wang)
    assert client.post(url, {"sku": tea.pk}).status_code == 403
    client.force_login(li)
    assert "error" in client.post(url, {"code": "NOBODY"}).headers["HX-Trigger"]
    answer = client.post(url, {"code": tea.code})
    assert tea.code in answer.content.decode()
    assert "success" in answer.headers["HX-Trigger"]
    assert not Line.objects.filter(sku=None).exists()


def test_strangers_get_404(client: Client, stranger: Person, shop: Shop, tea: Sku) -> None:
    with entry("test.setup", by=TESTER):
        code = ShopCode.objects.create(shop=shop, code="T-250")
    client.force_login(stranger)
    assert client.post(f"/shop-codes/{code.pk}/map/", {"sku": tea.pk}).status_code == 404
