"""The pages on which the house says how warehouses and carriers are chosen."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.journal.writing import entry
from gendan.people.models import Person, Warehouse
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import CarrierRule, Discount, Standard, Tariff, Unserved
from gendan.warehouse.tests.conftest import ShipmentMaker


@pytest.fixture
def page(client: Client, zhao: Person) -> Client:
    client.force_login(zhao)
    return client


def test_every_ground_is_added_changed_and_deleted(
    page: Client, carrier: Carrier, hangzhou: Warehouse
) -> None:
    said = {
        "warehouse-rule": {
            "name": "华南走佛山",
            "expression": "province = 广东省",
            "warehouse": hangzhou.pk,
            "position": "1",
        },
        "carrier-rule": {
            "name": "西藏走邮政",
            "expression": "province = 西藏自治区",
            "carrier": carrier.pk,
            "position": "1",
        },
        "tariff": {
            "carrier": carrier.pk,
            "first_g": "1000",
            "first_fen": "4.50",
            "step_g": "1000",
            "step_fen": "1.2",
        },
        "discount": {"carrier": carrier.pk, "percent": "10", "from_on": "2026-11-01"},
        "unserved": {"carrier": carrier.pk, "province": "西藏自治区"},
        "standard": {"province": "", "pickup_hours": "24", "arrive_hours": "72"},
    }
    for kind, posted in said.items():
        assert page.get(f"/sourcing/{kind}/new").status_code == 200
        assert page.post(f"/sourcing/{kind}/new", posted).status_code == 302, kind
    assert Tariff.objects.get().first_fen == 450
    assert page.get("/sourcing/").status_code == 200
    for kind, model in (
        ("warehouse-rule", WarehouseRule),
        ("carrier-rule", CarrierRule),
        ("tariff", Tariff),
        ("discount", Discount),
        ("unserved", Unserved),
        ("standard", Standard),
    ):
        row = model.objects.get()
        assert page.get(f"/sourcing/{kind}/{row.pk}/").status_code == 200
        page.post(f"/sourcing/{kind}/{row.pk}/", {"drop": "1"})
        assert not model.objects.exists()


def test_a_condition_that_can_not_be_read_is_not_saved(page: Client, carrier: Carrier) -> None:
    said = {"name": "x", "expression": "prvince = 1 >", "carrier": carrier.pk, "position": "1"}
    assert page.post("/sourcing/carrier-rule/new", said).status_code == 422
    assert not CarrierRule.objects.exists()


def test_the_house_prefers_the_nearest(page: Client) -> None:
    page.post("/sourcing/prefer", {"prefers": "NEAREST"})
    page.post("/sourcing/prefer", {"prefers": "NOWHERE"})
    assert Sourcing.objects.get().prefers == Prefers.NEAREST


def test_it_is_tried_on_the_past(page: Client, make_shipments: ShipmentMaker) -> None:
    make_shipments(2)
    assert page.get("/sourcing/try").status_code == 200


def test_strangers_are_kept_out(client: Client, chen: Person) -> None:
    client.force_login(chen)
    assert client.get("/sourcing/").status_code == 403
    assert client.post("/sourcing/prefer", {"prefers": "NEAREST"}).status_code == 403


def test_a_refusal_gives_it_to_the_next_on_the_page(
    client: Client, chen: Person, make_shipments: ShipmentMaker
) -> None:
    client.force_login(chen)
    shipment = make_shipments(1).get()
    client.post(f"/shipments/{shipment.number}/refused", {"why": "超区"})
    assert shipment.refusals.get().why == "超区"
    assert "超区" in client.get(f"/shipments/{shipment.number}/").content.decode()


def test_what_is_filled_in_is_tried_and_not_kept(
    page: Client, carrier: Carrier, make_shipments: ShipmentMaker
) -> None:
    shipment = make_shipments(1).get()
    with entry("test.setup", by=TESTER):
        cheap = Carrier.objects.create(code="cheap", name="便宜快递", rank=9)
    said = {"carrier": cheap.pk, "first_g": 1000, "first_fen": 1, "step_g": 1000, "step_fen": 1}
    answer = page.post("/sourcing/tariff/new", said | {"try": "1"})
    assert answer.status_code == 200
    assert shipment.number in answer.content.decode()
    assert 'name="drop"' not in answer.content.decode()
    assert not Tariff.objects.exists()
    assert page.post("/sourcing/tariff/new", {"try": "1"}).status_code == 422


def test_the_next_choice_stands_on_the_page_of_a_parcel(
    page: Client, carrier: Carrier, make_allocated: OrderMaker
) -> None:
    with entry("test.setup", by=TESTER):
        other = Carrier.objects.create(code="other", name="另一家", rank=9)
        Tariff.objects.create(carrier=other, first_fen=4321, step_fen=100)
        Tariff.objects.create(carrier=carrier, first_fen=100, step_fen=100)
    shipment = plan(make_allocated(1), by=TESTER).get()
    shown = page.get(f"/shipments/{shipment.number}/").content.decode()
    assert "另一家 ¥43.21" in shown


def test_the_page_names_warehouses_whose_place_nobody_knows(
    page: Client, hangzhou: Warehouse
) -> None:
    with entry("test.setup", by=TESTER):
        Warehouse.objects.filter(pk=hangzhou.pk).update(division="", address="老地方")
    assert hangzhou.name in page.get("/sourcing/").content.decode()
    with entry("test.setup", by=TESTER):
        Warehouse.objects.filter(pk=hangzhou.pk).update(address="浙江省杭州市西湖区文三路 90 号")
    assert "text-warn" not in page.get("/sourcing/").content.decode()


def test_a_file_brings_the_tariffs(page: Client, carrier: Carrier) -> None:
    text = "快递编码,省份,首重价格,续重价格\nshunfeng,浙江省,12.00,2.00\nnobody,浙江省,1,1\n"
    file = SimpleUploadedFile("t.csv", io.BytesIO(text.encode()).read())
    assert page.get("/sourcing/tariffs/import").status_code == 200
    tried = page.post("/sourcing/tariffs/import", {"file": file}, follow=True).content.decode()
    assert "nobody" in tried


def test_a_file_changes_prices_and_sets_standards(page: Client, carrier: Carrier) -> None:
    def bring(kind: str, text: str) -> None:
        file = SimpleUploadedFile("t.csv", text.encode())
        answer = page.post(f"/sourcing/{kind}/import", {"file": file})
        page.post(answer.headers["Location"], {"go": "1"}, follow=True)

    bring("tariffs", "快递,省份,首重价格,续重价格\n顺丰速运,浙江,12,2\nshunfeng,,18,5\n")
    bring("standards", "快递,省份,时效\n,,72\n顺丰速运,西藏,168\n")
    prices = dict(Tariff.objects.values_list("province", "first_fen"))
    assert prices == {"浙江省": 1200, "": 1800}
    assert set(Standard.objects.values_list("province", "carrier__code", "arrive_hours")) == {
        ("", None, 72),
        ("西藏自治区", "shunfeng", 168),
    }
