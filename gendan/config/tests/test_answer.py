"""What every answer carries, and the pages that machines read."""

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from gendan.config import home, views
from gendan.people.models import Person

pytestmark = pytest.mark.django_db


def test_nothing_inline_may_run(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy


def test_no_proxy_keeps_a_page(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_a_request_keeps_the_id_it_came_with(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "proxy-0001"})
    assert answer.headers["X-Request-ID"] == "proxy-0001"


def test_an_id_that_could_forge_a_log_line_is_replaced(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("cookie", "header", "spoken"),
    [
        ("", "", "zh-hans"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "fr,zh-TW;q=0.5,en;q=0.3", "zh-hans"),
        ("", "fr", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("klingon", "", "zh-hans"),
    ],
)
def test_it_speaks_what_the_visitor_wants(
    client: Client, cookie: str, header: str, spoken: str
) -> None:
    client.cookies["gendan_language"] = cookie
    answer = client.get("/healthz", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == spoken


@pytest.mark.parametrize(
    ("path", "form"),
    [("/sign-in/?next=%00", None), ("/say/%00/", None), ("/sign-in/", {"username": "wang\0"})],
)
def test_what_no_text_can_hold_cannot_be_understood(
    client: Client, path: str, form: dict[str, str] | None
) -> None:
    answer = client.get(path) if form is None else client.post(path, form)
    assert answer.status_code == 400


def test_healthz_reaches_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "database": "ok"}


def test_figures_are_for_this_machine(client: Client) -> None:
    client.get("/healthz")
    figures = client.get("/metrics").content.decode()
    assert 'gendan_requests_total{method="GET",status="200",view="healthz"}' in figures
    assert "gendan_request_seconds_bucket" in figures


def test_figures_are_for_no_stranger(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def test_figures_are_for_who_brings_the_token(client: Client) -> None:
    token = {"Authorization": f"Bearer {home.secret('metrics')}"}
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers=token)
    assert answer.status_code == 200


def failing(error: psycopg.Error) -> HttpResponse:
    """Return what is answered when a page breaks with an error of the driver."""
    try:
        raise OperationalError(str(error)) from error
    except OperationalError:
        return views.went_wrong(RequestFactory().get("/"))


@pytest.mark.parametrize("error", [psycopg.OperationalError(), psycopg.errors.CrashShutdown()])
def test_it_asks_for_patience_while_the_database_is_away(error: psycopg.Error) -> None:
    answer = failing(error)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


def test_an_error_of_ours_is_one(db: None) -> None:
    assert failing(psycopg.errors.DeadlockDetected()).status_code == 500


@pytest.mark.parametrize("where", ["/orders/%00/", "/combine/parcels?order=%00"])
def test_what_no_column_takes_is_not_our_failure(zhao: Person, where: str) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(zhao)
    assert browser.get(where).status_code == 400
