"""Big days over the API."""

from typing import Any

import pytest
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.journal.models import Entry
from gendan.orders.models.surge import BigDay
from gendan.people.actions import make_key


def holding(*scopes: str, **more: Any) -> Client:
    _key, secret = make_key(by=TESTER, name="ERP", scopes=list(scopes), **more)
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": "en"})


@pytest.fixture
def program(db: None) -> Client:
    return holding("warehouse.surge")


def send(program: Client, method: str, path: str, **body: object) -> tuple[int, Any]:
    act = getattr(program, method)
    answer = act(f"/api/big-days{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_big_day_is_planned_changed_begun_and_ended(program: Client) -> None:
    status, day = send(program, "post", "", name="双12", starts_above=3000, ends_below=600)
    assert (status, day["began_at"], day["wave_limit"]) == (201, None, 200)
    one = f"/{day['id']}"
    _status, day = send(program, "put", one, name="双12", wave_limit=150)
    assert (day["wave_limit"], day["starts_above"]) == (150, None)

    _status, day = send(program, "post", f"{one}/begin", why="the doors open")
    assert day["began_at"]
    assert Entry.objects.get(verb="big_day.began").why == "the doors open"
    assert send(program, "post", f"{one}/begin")[0] == 409
    _status, day = send(program, "post", f"{one}/end")
    assert day["ended_at"]
    assert send(program, "post", f"{one}/end")[0] == 409
    assert program.get("/api/big-days").json() == [day]


def test_a_day_that_would_never_rest_is_refused(program: Client) -> None:
    said = {"name": "双12", "starts_above": 9, "ends_below": 12}
    assert send(program, "post", "", **said)[0] == 409
    assert send(program, "post", "", name="双12", wave_limit=0)[0] == 422
    assert not BigDay.objects.exists()


def test_the_queues_are_those_that_the_key_sees(program: Client, make_orders: OrderMaker) -> None:
    make_orders(3)
    screening = program.get("/api/big-days/queues").json()[0]
    assert (screening["stage"], screening["waiting"], screening["came"]) == ("screening", 3, 3)
    blind = holding("warehouse.surge", shop_ids=[])
    assert blind.get("/api/big-days/queues").json()[0]["waiting"] == 0


def test_who_lacks_the_scope_is_told_so(db: None) -> None:
    program = holding("warehouse.see")
    assert program.get("/api/big-days").status_code == 403
    assert send(program, "post", "", name="双12")[0] == 403
