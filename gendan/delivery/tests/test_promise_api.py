"""Promises and the urgent lane, as programs with a key use them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.promise import forget_questions, propose
from gendan.delivery.models import Promise, PromiseState
from gendan.delivery.verify import differences
from gendan.desk.actions import withdraw
from gendan.desk.models import Message
from gendan.journal.writing import entry
from gendan.orders.actions import urge
from gendan.orders.models import Order
from gendan.people.actions import make_key
from gendan.people.models import Person

pytestmark = pytest.mark.usefixtures("hangzhou")


@pytest.fixture
def late(make_orders: OrderMaker) -> Order:
    order = make_orders(1, promise_at=timezone.now() + timedelta(minutes=20)).get()
    forecast(by=TESTER, now=timezone.now())
    return order


def caller(*scopes: str) -> Client:
    _key, secret = make_key(by=TESTER, name="ERP", scopes=list(scopes))
    return Client(headers={"authorization": f"Bearer {secret}"})


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api{path}", body, "application/json")


def test_forecasts_are_found_by_risk(late: Order) -> None:
    client = caller("delivery.see")

    found = client.get("/api/promises", {"q": "risk = AT_RISK"}).json()

    assert [row["order"] for row in found["rows"]] == [late.number]
    assert client.get("/api/promises", {"q": "risk = LATE"}).json()["rows"] == []


def test_another_date_is_offered_and_promised(late: Order) -> None:
    client = caller("delivery.promise")
    said = {"numbers": [late.number], "at": "2099-01-02T10:00:00Z", "why": "kiln"}

    assert post(client, "/promises/offer", **said).json()[0]["number"] == late.number
    assert post(client, "/promises/promise", **said).status_code == 200

    states = Promise.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PromiseState.WITHDRAWN, PromiseState.AGREED]
    assert post(client, "/promises/promise", **said | {"why": ""}).status_code == 409


def test_the_lane_is_told_and_left(late: Order) -> None:
    client = caller("orders.urge", "orders.see")
    body = {"numbers": [late.number], "why": "flies"}

    assert post(client, "/urgent/declare", **body).status_code == 200
    assert client.get("/api/urgent").json()[0]["why"] == "flies"
    assert post(client, "/urgent/take-away", **body).status_code == 200
    assert client.get("/api/urgent").json() == []


@pytest.mark.parametrize("path", ["/promises/offer", "/promises/promise", "/urgent/declare"])
def test_a_key_without_the_scope_is_refused(late: Order, path: str) -> None:
    said = {"numbers": [late.number], "at": "2099-01-02T10:00:00Z", "why": "kiln"}

    assert post(caller("orders.see"), path, **said).status_code == 403


def test_a_question_that_the_desk_withdrew_is_over(late: Order, wang: Person) -> None:
    now = timezone.now()
    orders = Order.objects.filter(pk=late.pk)
    propose(orders, at=now + timedelta(days=2), by=wang, now=now, why="kiln")
    withdraw(Message.objects.all(), by=wang, why="wrong order")

    assert forget_questions(by=TESTER, now=now) == 1
    assert forget_questions(by=TESTER, now=now) == 0
    assert Promise.objects.get().state == PromiseState.WITHDRAWN


def test_verify_finds_haste_that_went_astray(late: Order, wang: Person) -> None:
    urge(Order.objects.filter(pk=late.pk), by=wang, why="flies")
    assert list(differences()) == []
    with entry("test.damage", by=TESTER):
        Order.objects.update(priority=0)

    assert "urgent lane" in str(list(differences()))


def test_the_rules_of_the_lane_are_read_and_changed(db: None) -> None:
    clerk, chief = caller("orders.see"), caller("orders.see", "orders.urge_beyond")
    rules = clerk.get("/api/urgent/rules").json()
    said = {**rules, "a_day": 7, "why": "a fair"}
    at, sort = "/api/urgent/rules", "application/json"
    assert clerk.put(at, said, content_type=sort).status_code == 403
    assert chief.put(at, said, content_type=sort).json()["a_day"] == 7
    assert clerk.get("/api/urgent/rules").json()["a_day"] == 7
