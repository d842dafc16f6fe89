"""Combining and splitting over the API."""

from typing import Any

import pytest
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.people.actions import make_key
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.models import Regrouping, ShipmentQuerySet
from gendan.warehouse.tests.parcels import LIN, living


@pytest.fixture
def program(db: None) -> Client:
    return holding("warehouse.see", "warehouse.combine")


def holding(*scopes: str) -> Client:
    _key, secret = make_key(by=TESTER, name="ERP", scopes=list(scopes))
    return Client(headers={"authorization": f"Bearer {secret}"})


def post(program: Client, path: str, **body: object) -> tuple[int, Any]:
    answer = program.post(f"/api/regroupings/{path}", body, "application/json")
    return answer.status_code, answer.json()


def test_it_is_tried_done_and_undone(
    program: Client,
    apart: ShipmentQuerySet,
) -> None:
    numbers = [shipment.number for shipment in apart]
    status, said = post(program, "combine", shipments=numbers, preview=True)
    assert (status, [one["pieces"] for one in said["parcels"]]) == (200, [4])
    assert living() == [("PLANNED", 2), ("RELEASED", 2)]
    post(program, "combine", shipments=numbers, why="one postage")
    assert living() == [("PLANNED", 4)]
    assert program.get("/api/regroupings").json()[0]["parcels"] == numbers
    post(program, f"{Regrouping.objects.get().pk}/undo", why="after all")
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


def test_named_pieces_go_apart(program: Client, make_allocated: OrderMaker) -> None:
    parcel = plan(make_allocated(1, **LIN), by=TESTER).get()
    line = parcel.lines.select_related("order", "sku").get()
    piece = {"order": line.order.number, "sku": line.sku.code, "quantity": 1}
    parts = [{"pieces": [piece]}]
    status, said = post(program, "split", shipment=parcel.number, parts=parts)
    assert (status, [one["pieces"] for one in said["parcels"]]) == (200, [1, 1])
    too_many = [{"pieces": [{**piece, "quantity": 9}]}]
    assert post(program, "split", shipment=parcel.number, parts=too_many)[0] == 409
    assert living() == [("PLANNED", 1), ("PLANNED", 1)]


def test_it_is_split_in_a_way(program: Client, make_allocated: OrderMaker) -> None:
    parcel = plan(make_allocated(2, **LIN), by=TESTER).get()
    post(program, "split", shipment=parcel.number, by="ORDER")
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


def test_a_refusal_changes_nothing(program: Client, make_allocated: OrderMaker) -> None:
    parcel = plan(make_allocated(1, **LIN), by=TESTER).get()
    status, said = post(program, "combine", shipments=[parcel.number])
    assert (status, said["status"]) == (409, 409)
    assert post(program, "combine", shipments=[parcel.number], preview=True)[1]["refused"]
    assert living() == [("PLANNED", 2)]


def test_a_key_without_the_scope_may_not(
    apart: ShipmentQuerySet,
) -> None:
    numbers = [shipment.number for shipment in apart]
    assert post(holding("warehouse.see"), "combine", shipments=numbers)[0] == 403


def test_when_orders_go_together_is_read_and_set(program: Client) -> None:
    rules = program.get("/api/regroupings/rules").json()
    assert (rules["is_on"], rules["within_days"]) == (True, 7)
    said = {**rules, "within_days": 3, "why": "fresh tea"}
    assert program.put("/api/regroupings/rules", said, "application/json").status_code == 403
    manager = holding("warehouse.manage")
    assert manager.put("/api/regroupings/rules", said, "application/json").status_code == 200
    assert program.get("/api/regroupings/rules").json()["within_days"] == 3
    wrong = {**said, "wait_minutes": 121}
    assert manager.put("/api/regroupings/rules", wrong, "application/json").status_code == 422
