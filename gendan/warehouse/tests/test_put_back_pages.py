"""The packing table refuses what was recalled, and the goods go back at a table of their own."""

import pytest
from django.test import Client
from django.utils import timezone

from gendan.people.models import Person
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.worklist.models import Item, Kind


@pytest.fixture
def table(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


@pytest.fixture
def taken_back(make_shipments: ShipmentMaker, chen: Person) -> Shipment:
    shipments = make_shipments(1, stage=Stage.PICKED)
    recall(shipments, by=chen, now=timezone.now(), why="客户改颜色")
    return shipments.get()


def scan(table: Client, code: str, shipment: str = "") -> str:
    return table.post("/put-back/scan", {"code": code, "shipment": shipment}).content.decode()


def test_the_packing_table_says_why_it_stops(table: Client, taken_back: Shipment) -> None:
    fresh = {"code": taken_back.number, "shipment": ""}
    open_there = {"code": "TEA-01", "shipment": taken_back.number}
    for said in (fresh, open_there):
        answer = table.post("/pack/scan", said).content.decode()
        assert "客户改颜色" in answer
        assert 'data-sound="wrong"' in answer


def test_goods_go_back_piece_by_piece(table: Client, taken_back: Shipment) -> None:
    number = taken_back.number
    assert number in table.get("/put-back/").content.decode()

    assert "0 / 2" in scan(table, number)
    assert "1 / 2" in scan(table, "TEA-01", number)
    assert 'data-sound="wrong"' in table.post(f"/put-back/{number}/end").content.decode()
    assert "2 / 2" in scan(table, "TEA-01", number)
    assert 'data-sound="wrong"' in scan(table, "TEA-01", number)
    assert "0 / 2" in table.post(f"/put-back/{number}/again").content.decode()
    scan(table, "TEA-01", number)
    scan(table, "TEA-01", number)
    table.post(f"/put-back/{number}/end", {"destroyed": "1"})

    assert not Item.objects.open().filter(kind=Kind.RECALLED).exists()
    assert number not in table.get("/put-back/").content.decode()


def test_only_recalled_parcels_come_on_this_table(
    table: Client, make_shipments: ShipmentMaker
) -> None:
    picked = make_shipments(1, stage=Stage.PICKED).get()
    assert 'data-sound="wrong"' in scan(table, picked.number)


def test_strangers_do_not_see_it(client: Client, taken_back: Shipment, stranger: Person) -> None:
    client.force_login(stranger)
    assert taken_back.number not in client.get("/put-back/").content.decode()
