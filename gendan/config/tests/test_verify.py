"""Adding everything up: on connections side by side, which all see one moment."""

import pytest
from django.db import connection

from gendan.config import verify as adding_up
from gendan.config.verify import verify
from gendan.ui.findings import Finding, findings

SNAPSHOT = "SELECT 'moment', pg_current_snapshot()::text, 'backend', pg_backend_pid(), ''"
ALTERED = "UPDATE people_shop SET name = name RETURNING 1"


def _seen() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        return findings("config", cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_every_check_sees_the_same_moment_on_another_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding_up, "_checks", lambda: {"first": _seen, "second": _seen})
    first, second = verify()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert str(cursor.fetchone()[0]) not in (first.expected, second.expected)
    assert first.number == second.number


@pytest.mark.django_db(transaction=True)
def test_it_tells_of_every_room(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(adding_up, "_checks", lambda: {"first": _seen, "second": _seen})
    verify(lambda *step: told.append(step))
    assert sorted(room for room, _done, _of in told) == ["first", "second"]
    assert [step[1:] for step in told] == [(1, 2), (2, 2)]


@pytest.mark.django_db(transaction=True)
def test_a_check_that_breaks_breaks_the_adding_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Finding]:
        with connection.cursor() as cursor:
            cursor.execute(ALTERED)
        return []

    monkeypatch.setattr(adding_up, "_checks", lambda: {"first": broken, "second": _seen})
    with pytest.raises(Exception, match="read-only transaction"):
        verify()


@pytest.mark.django_db(transaction=True)
def test_an_empty_house_adds_up() -> None:
    assert verify() == []
