"""Live updates through the real web process."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NamedTuple

import httpx
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.people.actions import change_password, change_person
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind
from tests.browsing import chromium

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        yield free


@pytest.fixture
def process(listening: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web process on the test database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    descriptor = listening.fileno()
    process = subprocess.Popen(
        [sys.executable, "-m", "gendan.config.web", str(descriptor)],
        env={**os.environ, "DATABASE_URL": url},
        pass_fds=[descriptor],
    )
    yield process
    process.terminate()
    process.wait(15)


@pytest.fixture
def server(listening: socket.socket, process: subprocess.Popen[bytes]) -> str:
    """Return the address of the web process; visitors wait in its queue until it is up."""
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    assert httpx.get(f"{address}/healthz", timeout=60).is_success
    return address


@pytest.fixture
def signed_in(server: str) -> Callable[[Person], httpx.Client]:
    def sign_in(person: Person) -> httpx.Client:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: cookie}
        return httpx.Client(base_url=server, cookies=cookies, timeout=10)

    return sign_in


class Told(NamedTuple):
    waiting: int
    digest: str


def told(answer: httpx.Response) -> Iterator[Told]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            data = json.loads(line.removeprefix("data: "))
            yield Told(data["count"], data["digest"])


def first(lines: Iterator[str]) -> str:
    """Return the first line that says something."""
    return next(line for line in lines if line)


def held(pk: int, shop_id: int | None = None) -> None:
    open_items([NewItem(Kind.HELD, "order", pk, shop_id=shop_id)], by=TESTER, now=timezone.now())


def released(pk: int) -> None:
    close_items([Kind.HELD], "order", [pk], by=TESTER, now=timezone.now(), why="released")


def elsewhere(act: Callable[[int], None], pk: int) -> None:
    """Act in a thread of its own: this one is the browser's."""

    def acting() -> None:
        act(pk)
        connection.close()

    with ThreadPoolExecutor(1) as another:
        another.submit(acting).result()


def recalled(pk: int) -> None:
    open_items([NewItem(Kind.RECALLED, "shipment", pk)], by=TESTER, now=timezone.now())


def test_a_change_reaches_whom_it_concerns(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    held(1)
    with signed_in(li).stream("GET", "/live") as answer:
        news = told(answer)
        assert next(news).waiting == 1
        held(2)
        assert next(news).waiting == 2


def test_a_reconnect_misses_nothing(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    held(1)
    with browser.stream("GET", "/live") as answer:
        before = next(told(answer))
    released(1)
    held(2)
    with browser.stream("GET", "/live", headers={"Last-Event-ID": before.digest}) as answer:
        now = next(told(answer))
    assert now.waiting == before.waiting
    assert now.digest != before.digest


def test_a_page_that_knows_all_is_told_nothing(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    held(1)
    known = re.search('data-known="([0-9a-f]+)"', browser.get("/").text)
    assert known
    with browser.stream("GET", "/live", params={"known": known[1]}) as answer:
        assert first(answer.iter_lines()).startswith(":")


def test_an_open_page_shows_by_itself_what_came_and_went(
    server: str, signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    cookies = [{"name": n, "value": v, "url": server} for n, v in signed_in(li).cookies.items()]
    with chromium() as browser:
        context = browser.new_context()
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(server)
        elsewhere(held, 1)
        page.locator("#items [data-row]").wait_for()
        elsewhere(released, 1)
        page.locator("#items [data-row]").wait_for(state="detached")
        elsewhere(held, 2)
        page.locator("#worklist-count", has_text="1").wait_for()


def test_others_are_not_told(
    signed_in: Callable[[Person], httpx.Client], li: Person, chen: Person
) -> None:
    with (
        signed_in(li).stream("GET", "/live") as reviewer,
        signed_in(chen).stream("GET", "/live") as packer,
    ):
        news, silent = told(reviewer), told(packer)
        assert (next(news).waiting, next(silent).waiting) == (0, 0)
        held(1)
        assert next(news).waiting == 1
        recalled(1)
        assert next(silent).waiting == 1  # the first that it hears of: the held order was no news


def test_who_sees_everybodys_work_is_told_of_it(
    signed_in: Callable[[Person], httpx.Client], zhao: Person
) -> None:
    with signed_in(zhao).stream("GET", "/live", params={"whose": "all"}) as answer:
        news = told(answer)
        assert next(news).waiting == 0
        held(1)
        assert next(news).waiting == 0  # of the reviewers, but on the page that shows all


def test_strangers_are_refused(server: str) -> None:
    assert httpx.get(f"{server}/live").status_code == 403


def test_a_password_changed_elsewhere_signs_out(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    with browser.stream("GET", "/live") as answer:
        news = told(answer)
        next(news)
        change_password(li, "lan-ting-0303-xu", by=TESTER)
        assert list(news) == []
    assert browser.get("/live").status_code == 403


def test_who_signs_out_hears_no_more(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    with browser.stream("GET", "/live") as answer:
        news = told(answer)
        next(news)
        Session.objects.all().delete()
        assert list(news) == []


def test_who_has_left_hears_no_more(
    signed_in: Callable[[Person], httpx.Client], li: Person, admin: Person
) -> None:
    with signed_in(li).stream("GET", "/live") as answer:
        news = told(answer)
        next(news)
        change_person(Person.objects.filter(pk=li.pk), by=admin, is_active=False)
        held(1)
        assert list(news) == []


def test_a_session_that_expires_ends_the_line(
    signed_in: Callable[[Person], httpx.Client], li: Person
) -> None:
    browser = signed_in(li)
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=1))
    with browser.stream("GET", "/live") as answer:
        assert len(list(told(answer))) == 1
    assert browser.get("/live").status_code == 403


def test_a_change_of_roles_changes_what_an_open_page_hears(
    signed_in: Callable[[Person], httpx.Client], li: Person, admin: Person
) -> None:
    recalled(1)
    with signed_in(li).stream("GET", "/live") as answer:
        news = told(answer)
        assert next(news).waiting == 0
        change_person(Person.objects.filter(pk=li.pk), by=admin, roles=[Role.WAREHOUSE])
        assert next(news).waiting == 1
        held(1)
        recalled(2)
        assert next(news).waiting == 2


def test_a_shop_less_is_seen_at_once(
    signed_in: Callable[[Person], httpx.Client], li: Person, admin: Person, shop: Shop
) -> None:
    held(1, shop_id=shop.pk)
    with signed_in(li).stream("GET", "/live") as answer:
        news = told(answer)
        assert next(news).waiting == 1
        change_person(Person.objects.filter(pk=li.pk), by=admin, shop_ids=[])
        assert next(news).waiting == 0


def test_a_process_that_ends_hangs_up_first(
    signed_in: Callable[[Person], httpx.Client], li: Person, process: subprocess.Popen[bytes]
) -> None:
    with signed_in(li).stream("GET", "/live") as answer:
        news = told(answer)
        next(news)
        process.terminate()
        assert list(news) == []
    assert process.wait(15) == -signal.SIGTERM  # its server passes the signal on
