"""Live updates through the real web process."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.people.models import Person
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def server() -> Iterator[str]:
    """Run the web process on the test database; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    command = [sys.executable, "-m", "uvicorn", "gendan.config.web:app", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    address = f"http://127.0.0.1:{port}"
    try:
        for _try in range(200):
            try:
                httpx.get(f"{address}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture
def signed_in(server: str) -> Callable[[Person], httpx.Client]:
    def sign_in(person: Person) -> httpx.Client:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: cookie}
        return httpx.Client(base_url=server, cookies=cookies, timeout=10)

    return sign_in


def counts(answer: httpx.Response) -> Iterator[int]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))["count"]


def held(pk: int) -> None:
    open_items([NewItem(Kind.HELD, "order", pk)], by=TESTER, now=timezone.now())


def test_a_change_reaches_whom_it_concerns(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    held(1)
    with signed_in(li).stream("GET", "/live") as answer:
        told = counts(answer)
        assert next(told) == 1
        held(2)
        assert next(told) == 2


def test_a_reconnect_misses_nothing(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    with browser.stream("GET", "/live") as answer:
        assert next(counts(answer)) == 0
    held(1)
    with browser.stream("GET", "/live", headers={"Last-Event-ID": "1"}) as answer:
        assert next(counts(answer)) == 1


def test_others_are_not_told(
    signed_in: Callable[[Person], httpx.Client], li: Person, chen: Person
) -> None:
    with (
        signed_in(li).stream("GET", "/live") as reviewer,
        signed_in(chen).stream("GET", "/live") as packer,
    ):
        told, silent = counts(reviewer), counts(packer)
        assert (next(told), next(silent)) == (0, 0)
        held(1)
        assert next(told) == 1
        open_items([NewItem(Kind.RECALLED, "shipment", 1)], by=TESTER, now=timezone.now())
        assert next(silent) == 1  # the first that it hears of: the held order was no news


def test_strangers_are_refused(server: str) -> None:
    assert httpx.get(f"{server}/live").status_code == 403
