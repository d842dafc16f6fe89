import time

import httpx
import pytest

from gendan.channels.kuaidi100 import refusals
from gendan.channels.kuaidi100.client import Account, Client
from gendan.channels.tests.kuaidi100.conftest import account


def test_it_tells_the_whole_trace(client: Client) -> None:
    with pytest.raises(refusals.NoTraceYet):
        client.query("yuantong", "YT0000000000010")
    time.sleep(1.4)
    track = client.query("yuantong", "YT0000000000010")
    assert track.signed
    assert [point.state for point in track.points][:2] == ["ORDERED", "ACCEPTED"]
    assert track.raw["nu"] == "YT0000000000010"


def test_nothing_found_is_not_signed(client: Client) -> None:
    track = client.query("yuantong", "YT0000000000007")
    assert track.code == "3"
    assert not track.signed


def test_half_an_hour_must_pass(slow_simulator: str) -> None:
    with Client(account(slow_simulator)) as client:
        with pytest.raises(refusals.NoTraceYet):
            client.query("yuantong", "YT0000000000010")
        with pytest.raises(refusals.TooOften) as refused:
            client.query("yuantong", "YT0000000000010")
    assert refused.value.code == "504"
    assert refused.value.again


def test_a_wrong_key_is_a_wrong_signature(simulator: str) -> None:
    with (
        Client(Account("gendan-demo", "wrong", simulator)) as client,
        pytest.raises(refusals.WrongSignature),
    ):
        client.query("yuantong", "YT0000000000010")


def test_a_spent_key_is_named(simulator: str) -> None:
    with (
        Client(Account("expired", "wrong", simulator)) as client,
        pytest.raises(refusals.KeySpent) as refused,
    ):
        client.query("yuantong", "YT0000000000010")
    assert refused.value.code == "601"
    assert refused.value.of_account


def test_a_missing_phone_is_found_before_asking(client: Client) -> None:
    with pytest.raises(refusals.PhoneNeeded):
        client.query("shunfeng", "SF0000000000010")


def test_the_phone_opens_the_trace(client: Client) -> None:
    with pytest.raises(refusals.NoTraceYet):
        client.query("shunfeng", "SF0000000000010", "0001")


def test_a_number_too_long_is_not_asked(client: Client) -> None:
    with pytest.raises(refusals.BadQuestion):
        client.query("yuantong", "Y" * 33)


def test_the_simulator_checks_for_itself(simulator: str) -> None:
    def say(path: str, **form: str) -> str:
        answer = httpx.post(f"{simulator}{path}", data=form).json()
        return str(answer["returnCode"])

    assert say("/poll/query.do") == "400"
    assert say("/poll/query.do", param="[]") == "400"
    assert say("/poll/query.do", param='{"com":"jd","num":"1"}', sign="no") == "503"
    assert say("/poll", param='{"company":"jd","number":"JD0000000000010"}') == "600"


def test_nobody_there_is_said_so() -> None:
    with (
        Client(account("http://127.0.0.1:9"), seconds=1) as client,
        pytest.raises(refusals.Unreachable) as refused,
    ):
        client.query("yuantong", "YT0000000000010")
    assert refused.value.again
