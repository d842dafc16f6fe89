"""The sliding windows of the rate limits."""

import psycopg
import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from gendan.ui import limits

pytestmark = pytest.mark.django_db


def hit(key: str, now: float) -> int:
    return limits.hit("sign-in", key, limit=3, per=60, now=now)


def test_it_lets_as_many_through_as_allowed() -> None:
    assert [hit("a", 600) for _ in range(4)] == [0, 0, 0, 60]


def test_each_key_has_a_window_of_its_own() -> None:
    assert [hit(key, 600) for key in "aaabbb"] == [0] * 6


def test_the_window_slides() -> None:
    for _ in range(3):
        hit("a", 659)
    assert hit("a", 661) > 0
    assert hit("a", 661 + 60 + 59) == 0


def test_two_periods_later_all_is_forgiven() -> None:
    for _ in range(50):
        hit("a", 600)
    assert hit("a", 725) == 0


def test_nothing_readable_is_stored() -> None:
    hit("13800138000", 600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(key, 'LATIN1') FROM ui_hits")
        assert "138" not in cursor.fetchone()[0]


def test_what_is_long_over_is_deleted() -> None:
    hit("a", 600)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ui_hits SET last_at = last_at - interval '3 days'")
    hit("b", 600)
    assert limits.forget() == 1


@pytest.mark.django_db(transaction=True)
def test_it_holds_across_processes() -> None:
    connection.ensure_connection()
    other = psycopg.connect(connection.connection.info.dsn, autocommit=True)
    with other:
        key = limits._sealed("sign-in", "a")
        values = {"name": "sign-in", "key": key, "period": 10}
        for _ in range(3):
            other.execute(limits.COUNT_A_HIT, values)
    assert hit("a", 600) == 60


def test_the_page_asks_for_patience(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr(limits, "too_often", lambda _, wait: shown.append(wait))

    @limits.limited("track", 1, per=3600)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("found")

    assert page(rf.get("/")).status_code == 200
    page(rf.get("/"))
    assert len(shown) == 1
    assert 0 < shown[0] <= 3600
