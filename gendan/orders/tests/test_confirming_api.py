"""Checking, sending back and answering over the API."""

from typing import Any

import pytest
from django.test import Client

from conftest import OrderMaker
from gendan.orders.checklists import install_checklist
from gendan.orders.models import Confirmation, Order, Question
from gendan.orders.stages import Source, Stage
from gendan.people.actions import make_key
from gendan.people.models import Person

SCOPES = ["orders.see", "orders.confirm", "desk.write"]


@pytest.fixture
def order(make_orders: OrderMaker, admin: Person) -> Order:
    install_checklist(by=admin)
    return make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE).get()


@pytest.fixture
def program(admin: Person) -> Client:
    _key, secret = make_key(by=admin, name="crm", scopes=SCOPES)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(program: Client, path: str, body: Any) -> Any:
    return program.post(f"/api/confirmations{path}", body, content_type="application/json")


def test_every_item_is_marked_and_the_customer_agrees(program: Client, order: Order) -> None:
    (told,) = post(program, "/checks", {"numbers": [order.number]}).json()
    assert (told["round"], told["rounds"]) == (1, 1)
    assert order.receiver_name not in str(told)
    marks = [{"order": order.number, "item": one["item"]} for one in told["items"]]

    too_early = post(program, "/checks/finish", {"numbers": [order.number]})
    post(program, "/checks/mark", {"marks": marks})
    done = post(program, "/checks/finish", {"numbers": [order.number], "words": "对"})

    assert too_early.status_code == 409
    assert done.json() == [{"number": order.number, "stage": "SCREENING"}]
    assert Confirmation.objects.get().words == "对"


def test_an_order_is_sent_back_and_found(program: Client, order: Order) -> None:
    to = {order.number: "lin@example.com"}
    sent = post(program, "/send", {"numbers": [order.number], "to": to})

    (row,) = program.get("/api/confirmations").json()["rows"]

    assert sent.status_code == 200
    assert (row["order"], row["version"], row["is_current"]) == (order.number, 1, True)


def test_a_channel_that_nobody_knows_is_refused(program: Client, order: Order) -> None:
    body = {"numbers": [order.number], "channel": "PIGEON"}
    assert post(program, "/send", body).status_code == 422


def test_a_question_is_noted_and_answered(program: Client, order: Order) -> None:
    (asked,) = post(program, "/questions", [{"order": order.number, "words": "？"}]).json()

    reply = [{"question": asked["id"], "text": "好", "channel": "PHONE"}]
    answered = post(program, "/questions/reply", reply)

    assert answered.status_code == 200
    assert Question.objects.get().answered_at


def test_a_key_without_the_scope_is_refused(order: Order, admin: Person) -> None:
    _key, secret = make_key(by=admin, name="crm", scopes=["orders.see"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    assert post(program, "/checks", {"numbers": [order.number]}).status_code == 403
