from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD, TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.models import OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import reserve_next
from gendan.stock.models import Balance, Ledger, Location
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_reserve import NOW


def signed_in(person: Person) -> Client:
    client = Client()
    assert client.login(username=person.username, password=PASSWORD)
    return client


@pytest.fixture
def allocated(make_orders: OrderMaker, tea: Sku, shelf: Shelf) -> OrderQuerySet:
    shelf(tea, 20)
    orders = make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    return orders


def test_the_list_shows_what_is_free(allocated: OrderQuerySet, chen: Person) -> None:
    answer = signed_in(chen).get(reverse("stock"))
    row = answer.context["sheet"].listing.rows(chen).get()
    assert (row.on_hand, row.reserved, row.free) == (20, 2, 15)
    assert "TEA-01" in answer.content.decode()


def test_the_list_is_found_by_free(allocated: OrderQuerySet, chen: Person) -> None:
    page = signed_in(chen).get(reverse("stock"), {"q": "free > 15"}).content.decode()
    assert "TEA-01" not in page


def test_a_sku_shows_who_holds_it_and_its_ledger(
    allocated: OrderQuerySet, tea: Sku, zhao: Person
) -> None:
    page = signed_in(zhao).get(reverse("sku-stock", args=[tea.pk])).content.decode()
    assert allocated.get().number in page
    assert "+20" in page
    assert reverse("order-unreserve", args=[allocated.get().number]) in page


def test_a_promise_is_taken_back_with_one_click_and_a_reason(
    allocated: OrderQuerySet, zhao: Person
) -> None:
    client, where = signed_in(zhao), reverse("order-unreserve", args=[allocated.get().number])
    client.post(where, {"why": ""})
    assert allocated.get().stage == Stage.ALLOCATED
    client.post(where, {"why": "急单优先"})
    assert allocated.get().stage == Stage.READY
    client.post(reverse("order-reserve", args=[allocated.get().number]))
    assert allocated.get().stage == Stage.ALLOCATED


def test_receiving_by_scanner(chen: Person, tea: Sku, hangzhou: Warehouse) -> None:
    client = signed_in(chen)
    found = client.get(reverse("stock-row"), {"text": tea.barcode, "mode": "receive"})
    assert f'data-sku="{tea.pk}"' in found.content.decode()
    assert client.get(reverse("stock-row"), {"text": "nothing"}).status_code == 404
    said = {"warehouse": hangzhou.pk, "document": "RK-9", "sku": [tea.pk, tea.pk]}
    client.post(reverse("stock-receive"), {**said, "quantity": ["2", "1"]})
    assert Balance.objects.get().on_hand == 3
    assert Ledger.objects.get().document == "RK-9"


def test_what_is_refused_is_said_and_what_was_typed_stays(
    chen: Person, tea: Sku, hangzhou: Warehouse
) -> None:
    said = {"warehouse": hangzhou.pk, "why": "盘亏", "sku": [tea.pk], "quantity": ["-4"]}
    answer = signed_in(chen).post(reverse("stock-adjust"), said)
    assert answer.status_code == 422
    assert 'value="-4"' in answer.content.decode()
    assert not Ledger.objects.exists()


def test_counting(chen: Person, tea: Sku, hangzhou: Warehouse, shelf: Shelf) -> None:
    shelf(tea, 5)
    said = {"warehouse": hangzhou.pk, "why": "月盘", "sku": [tea.pk], "quantity": ["4"]}
    assert signed_in(chen).post(reverse("stock-count"), said).status_code == 302
    assert Balance.objects.get().on_hand == 4


def test_a_location_is_set(chen: Person, tea: Sku, hangzhou: Warehouse, shelf: Shelf) -> None:
    shelf(tea, 5)
    where = reverse("sku-location", args=[tea.pk, hangzhou.pk])
    signed_in(chen).post(where, {"location": "A-01-04"})
    assert Location.objects.get().code == "A-01-04"


def test_the_opening_stock_comes_from_a_file_and_only_once(
    chen: Person, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    rows = (
        "SKU编码,仓库,数量,库位\nTEA-01,HZ,12,A-01\nBAG-01,杭州仓,3,\nNO-SUCH,HZ,1,\nTEA-01,??,1,\n"
    )
    client = signed_in(chen)
    for _time in range(2):
        file = SimpleUploadedFile("qichu.csv", BytesIO(rows.encode()).getvalue())
        shown = client.post(reverse("stock-opening"), {"file": file}, follow=True)
        page = shown.content.decode()
        assert "NO-SUCH" in page
        client.post(shown.request["PATH_INFO"] + "?" + shown.request["QUERY_STRING"])
    assert set(Balance.objects.values_list("sku__code", "on_hand")) == {
        ("TEA-01", 12),
        ("BAG-01", 3),
    }
    assert Location.objects.get().code == "A-01"


def test_shortages_are_listed_and_served(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, zhao: Person
) -> None:
    orders = make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    client = signed_in(zhao)
    assert orders.get().number in client.get(reverse("shortages")).content.decode()
    shelf(tea, 20)
    client.post(reverse("shortages"), {"action": "serve", "everything": "1"})
    assert orders.get().stage == Stage.ALLOCATED


def test_the_right_to_receive_is_not_everybodys(wang: Person) -> None:
    client = signed_in(wang)
    assert client.get(reverse("stock")).status_code == 200
    assert client.get(reverse("stock-receive")).status_code == 403
    assert client.get(reverse("stock-adjust")).status_code == 403
