"""Amendments over the API."""

from typing import Any

import pytest
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.orders.models import Order
from gendan.people.actions import make_key
from gendan.worklist.models import Item, Kind

WANTED = [{"action": "SET_QUANTITY", "line": 1, "quantity": 1}]


@pytest.fixture
def program(db: None) -> Client:
    scopes = ["orders.see", "orders.amend", "orders.refund"]
    _key, secret = make_key(by=TESTER, name="ERP", scopes=scopes)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1).get()


def post(program: Client, path: str, **body: object) -> tuple[int, Any]:
    answer = program.post(f"/api/amendments{path}", body, "application/json")
    return answer.status_code, answer.json()


def ask(program: Client, order: Order, wanted: object = WANTED) -> str:
    body = {"order": order.number, "wanted": wanted, "words": "只要一罐"}
    status, made = post(program, "", amendments=[body])
    assert (status, made[0]["state"]) == (201, "REQUESTED")
    return str(made[0]["number"])


def test_it_is_asked_tried_and_carried_out(program: Client, order: Order) -> None:
    number = ask(program, order)

    _status, (shown,) = post(program, "/preview", numbers=[number])
    status, (done,) = post(
        program, "/confirm", numbers=[number], seen={number: shown["digest"]}, why="客户要求"
    )

    assert status == 200
    assert (done["version"], done["difference_fen"]) == (2, -12800)
    assert [one["facts"] for one in done["consequences"]] == [
        one["facts"] for one in shown["consequences"]
    ]
    assert program.get(f"/api/amendments/{number}").json()["version"] == 2
    listed = program.get("/api/amendments").json()
    assert [one["number"] for one in listed["rows"]] == [number]


def test_who_saw_something_else_is_refused(program: Client, order: Order) -> None:
    number = ask(program, order)
    status, problem = post(program, "/confirm", numbers=[number], seen={number: "yesterday"})
    assert (status, order.lines.get().quantity) == (409, 2)
    assert order.number in problem["detail"]


def test_what_is_no_change_is_a_wrong_field(program: Client, order: Order) -> None:
    body = {"order": order.number, "wanted": [{"action": "PAINT_IT_RED"}]}
    assert post(program, "", amendments=[body])[0] == 422


def test_persons_stay_masked(program: Client, order: Order) -> None:
    number = ask(program, order, [{"action": "CONTACT", "phone": "13900000008"}])
    post(program, "/confirm", numbers=[number])
    assert "13900000008" not in program.get(f"/api/amendments/{number}").content.decode()


def test_it_is_declined_and_withdrawn(program: Client, order: Order) -> None:
    another = [{"action": "SET_QUANTITY", "line": 1, "quantity": 3}]
    first, second = ask(program, order), ask(program, order, another)
    assert post(program, "/decline", numbers=[first])[0] == 409  # without a reason
    assert post(program, "/decline", numbers=[first], why="晚了")[1][0]["state"] == "DECLINED"
    assert post(program, "/withdraw", numbers=[second])[1][0]["state"] == "WITHDRAWN"


def test_money_goes_back(program: Client, order: Order) -> None:
    post(program, "/confirm", numbers=[ask(program, order)])
    money = {"order": order.number, "method": "WECHAT", "amount_fen": 12800}
    assert post(program, "/refund", payments=[money])[0] == 200
    assert post(program, "/refund", payments=[money])[0] == 409


def test_a_key_without_the_scope_changes_nothing(order: Order) -> None:
    _key, secret = make_key(by=TESTER, name="Reader", scopes=["orders.see"])
    reader = Client(headers={"authorization": f"Bearer {secret}"})
    body = {"order": order.number, "wanted": WANTED}
    assert post(reader, "", amendments=[body])[0] == 403


def test_that_the_platform_knows_is_noted(program: Client, order: Order) -> None:
    number = ask(program, order)
    post(program, "/confirm", numbers=[number])
    waiting = Item.objects.open().filter(kind=Kind.TELL_PLATFORM)
    assert waiting.exists()
    assert post(program, "/told", numbers=[number])[0] == 200
    assert not waiting.exists()
