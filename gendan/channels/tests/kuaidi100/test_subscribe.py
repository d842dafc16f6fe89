from typing import Any

import httpx
import orjson
import pytest

from gendan.channels.kuaidi100 import refusals
from gendan.channels.kuaidi100.answers import Push, read_push
from gendan.channels.kuaidi100.client import Account, Client
from gendan.channels.kuaidi100.signing import genuine
from gendan.channels.tests.kuaidi100.conftest import Listener, account, wait_for


def pushes(listener: Listener) -> list[Push]:
    return [read_push(orjson.loads(came["param"])) for came in listener.pushed]


def subscribe(client: Client, number: str, listener: Listener) -> None:
    client.subscribe("yuantong", number, callback_url=listener.url, salt="salt")


def test_every_event_is_pushed_and_signed(client: Client, listener: Listener) -> None:
    subscribe(client, "YT0000000000010", listener)
    wait_for(lambda: any(push.track.signed for push in pushes(listener)))
    assert all(genuine(came["param"], came["sign"], salt="salt") for came in listener.pushed)
    assert pushes(listener)[-1].status == "shutdown"
    assert len(pushes(listener)[-1].track.points) == 7


def test_a_push_not_taken_comes_again(client: Client, listener: Listener) -> None:
    listener.answers = ['{"result":false}', "oops", '{"result":true,"returnCode":"200"}']
    subscribe(client, "YT0000000000001", listener)
    wait_for(lambda: len(listener.pushed) == 3)
    assert len({came["param"] for came in listener.pushed}) == 1


@pytest.mark.parametrize(
    ("number", "state", "expected"),
    [
        ("YT0000000000003", "3", "SIGNED"),
        ("YT0000000000005", "14", "REFUSED"),
        ("YT0000000000006", "4", "RETURNED"),
    ],
)
def test_the_last_digits_choose_what_happens(
    client: Client, listener: Listener, number: str, state: str, expected: str
) -> None:
    subscribe(client, number, listener)
    wait_for(lambda: any(push.track.code == state for push in pushes(listener)), seconds=15)
    assert pushes(listener)[-1].track.state == expected


def test_a_number_without_record_is_given_up(client: Client, listener: Listener) -> None:
    subscribe(client, "YT0000000000008", listener)
    wait_for(lambda: any(push.given_up for push in pushes(listener)), seconds=15)


def test_subscribing_twice_does_no_harm(client: Client, listener: Listener) -> None:
    subscribe(client, "YT0000000000010", listener)
    subscribe(client, "YT0000000000010", listener)


def test_a_key_not_ours_is_refused(simulator: str, listener: Listener) -> None:
    with (
        Client(Account("gendan-demo", "wrong", simulator)) as client,
        pytest.raises(refusals.KeySpent),
    ):
        subscribe(client, "YT0000000000010", listener)


def test_a_test_can_push_what_it_likes(slow_simulator: str, listener: Listener) -> None:
    with Client(account(slow_simulator)) as client:
        subscribe(client, "YT0000000000010", listener)
    told: dict[str, Any] = {"number": "YT0000000000010", "state": "204", "text": "派送失败"}
    answer = httpx.post(f"{slow_simulator}/sim/push", json=told)
    assert answer.json() == {"accepted": True}
    assert pushes(listener)[-1].track.state == "FAILED"


def test_a_parcel_can_have_left_in_the_past(slow_simulator: str, listener: Listener) -> None:
    told = {"company": "jd", "number": "JD0000000000010", "left_at": "2026-11-01T08:00:00+08:00"}
    httpx.post(f"{slow_simulator}/sim/ship", json=told)
    with Client(account(slow_simulator)) as client:
        assert client.query("jd", "JD0000000000010").signed
