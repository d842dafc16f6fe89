"""The line to the database: looked at before it is used again."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from gendan.ui.statements import planned


@pytest.fixture
def line(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """Let each request of the test look at the line, as the served house does."""
    connection.ensure_connection()
    line = connections[DEFAULT_DB_ALIAS]
    assert isinstance(line, DatabaseWrapper)
    yield line
    line.close()


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def next_request() -> None:
    """Do what Django does when a request has come."""
    connection.close_if_unusable_or_obsolete()


def test_a_quiet_line_is_used_again_without_a_statement(
    line: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pid()
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda _self: pytest.fail("it was asked"))
    next_request()
    assert pid() == first


def test_a_line_whose_server_went_away_is_opened_anew(line: DatabaseWrapper) -> None:
    first = pid()
    with psycopg.connect(line.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    next_request()
    assert pid() != first
    assert Client().get("/healthz").status_code == 200


def test_a_planned_statement_survives_a_new_line(line: DatabaseWrapper) -> None:
    for _round in range(2):
        with planned() as cursor:
            cursor.execute("SELECT %s::int", [7])
            assert cursor.fetchone() == (7,)
        connection.close()
