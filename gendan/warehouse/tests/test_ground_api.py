"""Prices, standards and places over the API: read, added to, replaced whole, refused."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gendan.journal.models import Entry
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import Standard, Tariff, Unserved
from gendan.warehouse.tests.test_sourcing_api import holding, send

NEAR = {"carrier": "shunfeng", "province": "浙江", "first_fen": 1200, "step_fen": 200}
FAR = {"carrier": "shunfeng", "province": "西藏自治区", "first_fen": 2200, "step_fen": 1600}


@pytest.fixture
def program(db: None) -> Client:
    return holding("warehouse.source")


def test_prices_are_added_and_changed_by_carrier_and_province(
    program: Client, carrier: Carrier
) -> None:
    status, told = send(program, "post", "/tariffs", rows=[NEAR, FAR], why="2027 合同")
    assert (status, told["new"], told["changed"]) == (200, 2, 0)
    assert Entry.objects.get(verb="carriage.changed").why == "2027 合同"
    dearer = {**NEAR, "province": "浙江省", "first_fen": 1300}
    assert send(program, "post", "/tariffs", rows=[dearer])[1]["changed"] == 1
    assert Tariff.objects.get(province="浙江省").first_fen == 1300


def test_what_a_row_leaves_out_stays(program: Client, carrier: Carrier) -> None:
    send(program, "post", "/tariffs", rows=[{**NEAR, "first_g": 500}])
    send(program, "post", "/tariffs", rows=[{**NEAR, "step_fen": 300}])
    row = Tariff.objects.get()
    assert (row.first_g, row.step_fen) == (500, 300)


def test_a_table_is_replaced_whole_by_its_version(program: Client, carrier: Carrier) -> None:
    read = send(program, "post", "/tariffs", rows=[NEAR, FAR])[1]
    status, told = send(program, "put", "/tariffs", rows=[FAR], version=read["version"])
    assert (status, told["unchanged"], told["dropped"]) == (200, 1, 1)
    shown = program.get("/api/sourcing/tariffs").json()
    assert shown["version"] == told["version"]
    assert [row["province"] for row in shown["rows"]] == ["西藏自治区"]


def test_a_table_that_was_changed_meanwhile_is_not_replaced(
    program: Client, carrier: Carrier
) -> None:
    version = program.get("/api/sourcing/tariffs").json()["version"]
    send(program, "post", "/tariffs", rows=[NEAR])
    assert send(program, "put", "/tariffs", rows=[], version=version)[0] == 409
    assert Tariff.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([{**NEAR, "province": "浙江国"}], 409),
        ([NEAR, {**NEAR, "province": "浙江省"}], 409),
        ([{**NEAR, "carrier": "nobody"}], 422),
        ([{**NEAR, "first_fen": -1}], 422),
        ([], 422),
    ],
)
def test_what_can_not_be_meant_is_refused_and_nothing_changes(
    program: Client, carrier: Carrier, rows: list[Any], status: int
) -> None:
    answer = send(program, "post", "/tariffs", rows=[FAR, *rows] if rows else [])
    assert answer[0] == status
    if status == 422 and rows:
        assert "/rows/1" in str(answer[1]["errors"])
    assert not Tariff.objects.exists()


def test_standards_are_of_one_carrier_or_of_all(program: Client, carrier: Carrier) -> None:
    rows: list[Any] = [{"arrive_hours": 72}, {"carrier": "shunfeng", "arrive_hours": 48}]
    assert send(program, "post", "/standards", rows=rows)[1]["new"] == 2
    rows[0]["arrive_hours"] = 96
    assert send(program, "post", "/standards", rows=rows)[1]["changed"] == 1
    assert Standard.objects.get(carrier=None).arrive_hours == 96
    shown = program.get("/api/sourcing/standards", {"carrier": "shunfeng"}).json()["rows"]
    assert [(row["carrier"], row["pickup_hours"]) for row in shown] == [("shunfeng", 24)]


def test_places_that_are_not_served_take_their_official_names(
    program: Client, carrier: Carrier
) -> None:
    row = {"carrier": "shunfeng", "province": "浙江", "city": "杭州", "why": "无网点"}
    assert send(program, "post", "/places-not-served", rows=[row])[1]["new"] == 1
    place = Unserved.objects.get()
    assert (place.province, place.city, place.district) == ("浙江省", "杭州市", "")


def test_who_lacks_the_scope_is_told_so(db: None) -> None:
    program = holding("warehouse.see")
    for path in ("tariffs", "standards", "places-not-served"):
        assert program.get(f"/api/sourcing/{path}").status_code == 403
        assert send(program, "put", f"/{path}", rows=[], version="")[0] == 403


def test_many_rows_cost_as_much_as_one(program: Client, carrier: Carrier) -> None:
    provinces = ("浙江", "江苏", "安徽", "福建", "广东", "广西", "海南", "湖南", "湖北", "河南")

    def costs(rows: list[Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert send(program, "post", "/tariffs", rows=rows)[0] == 200
        return len(asked)

    assert costs([NEAR]) == costs([{**FAR, "province": name} for name in provinces[1:]])
