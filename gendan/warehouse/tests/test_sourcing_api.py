"""Choosing warehouses and carriers over the API: rules are kept, switched, tried and dropped."""

from typing import Any

import pytest
from django.test import Client

from conftest import TESTER
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.actions import make_key
from gendan.people.models import Warehouse
from gendan.stock.models.sourcing import Sourcing, WarehouseRule
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import CarrierRule
from gendan.warehouse.tests.conftest import ShipmentMaker

RULE = {"name": "西藏走邮政", "expression": "province = 西藏自治区", "position": 5}


def holding(*scopes: str) -> Client:
    _key, secret = make_key(by=TESTER, name="ERP", scopes=list(scopes))
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


@pytest.fixture
def program(db: None) -> Client:
    return holding("warehouse.source")


def send(program: Client, method: str, path: str, **body: object) -> tuple[int, Any]:
    act = getattr(program, method)
    answer = act(f"/api/sourcing{path}", body, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_a_carrier_rule_is_added_changed_switched_and_dropped(
    program: Client, carrier: Carrier
) -> None:
    status, rule = send(
        program, "post", "/carrier-rules", **RULE, carrier="shunfeng", why="agreed with them"
    )
    assert (status, rule["carrier"], rule["is_on"]) == (201, "shunfeng", True)
    assert Entry.objects.get(verb="carrier_rule.saved").why == "agreed with them"

    one = f"/carrier-rules/{rule['id']}"
    _status, rule = send(program, "put", one, **{**RULE, "position": 1}, carrier="shunfeng")
    assert rule["position"] == 1
    _status, rule = send(program, "post", f"{one}/switch", is_on=False)
    assert rule["is_on"] is False
    assert program.get("/api/sourcing/carrier-rules").json() == [rule]

    assert program.delete(f"/api/sourcing{one}").status_code == 204
    assert not CarrierRule.objects.exists()


def test_a_warehouse_rule_is_added_changed_switched_and_dropped(
    program: Client, hangzhou: Warehouse
) -> None:
    status, rule = send(program, "post", "/warehouse-rules", **RULE, warehouse=hangzhou.code)
    assert (status, rule["warehouse"], rule["is_only"]) == (201, hangzhou.code, False)

    one = f"/warehouse-rules/{rule['id']}"
    _status, rule = send(program, "put", one, **RULE, warehouse=hangzhou.code, is_only=True)
    assert rule["is_only"] is True
    _status, rule = send(program, "post", f"{one}/switch", is_on=False)
    assert program.get("/api/sourcing/warehouse-rules").json() == [rule]

    assert program.delete(f"/api/sourcing{one}").status_code == 204
    assert not WarehouseRule.objects.exists()
    assert Entry.objects.filter(verb="sourcing.rules_dropped").exists()


def test_a_condition_that_can_not_be_read_is_refused(program: Client, carrier: Carrier) -> None:
    said = {**RULE, "expression": "prvince = 1 >"}
    assert send(program, "post", "/carrier-rules", **said, carrier="shunfeng")[0] == 409
    assert send(program, "post", "/carrier-rules", **RULE, carrier="nobody")[0] == 404
    assert not CarrierRule.objects.exists()


def test_the_house_prefers_the_nearest(program: Client) -> None:
    assert program.get("/api/sourcing").json()["prefers"] == "RANK"
    assert send(program, "put", "", prefers="NEAREST")[1]["prefers"] == "NEAREST"
    assert Sourcing.objects.get().prefers == "NEAREST"


def test_rules_are_tried_before_they_are_kept(
    program: Client, make_shipments: ShipmentMaker
) -> None:
    shipment = make_shipments(1).get()
    with entry("test.setup", by=TESTER):
        Carrier.objects.create(code="ems", name="邮政", rank=9)
    said = {**RULE, "expression": "total > 0", "carrier": "ems"}

    status, told = send(program, "post", "/preview", carrier_rules=[said])

    assert (status, told["all_parcels"], told["all_orders"]) == (200, 1, 1)
    (parcel,) = told["parcels"]
    assert (parcel["shipment"], parcel["now"], parcel["then"], parcel["ground"]) == (
        shipment.number,
        "shunfeng",
        "ems",
        "RULE",
    )
    assert not CarrierRule.objects.exists()
    assert not Entry.objects.filter(verb="carrier_rule.saved").exists()


def test_who_lacks_the_scope_is_told_so(db: None) -> None:
    program = holding("warehouse.see")
    assert program.get("/api/sourcing/carrier-rules").status_code == 403
    assert send(program, "post", "/preview")[0] == 403
