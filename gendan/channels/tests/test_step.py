"""A step of an import does not wait for the disk; what is around it does."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from gendan.channels.intake.step import step


@pytest.fixture(autouse=True)
def patient(transactional_db: None) -> Iterator[None]:
    """Have a connection that waits, whatever the server of the tests does."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        yield
        cursor.execute("RESET synchronous_commit")


def waiting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        return str(cursor.fetchone()[0])


def test_it_does_not_wait_and_what_follows_does() -> None:
    with step():
        assert waiting() == "off"
    assert waiting() == "on"


def test_a_longer_transaction_waits_as_usual() -> None:
    with transaction.atomic():
        with step():
            assert waiting() == "on"
        assert waiting() == "on"
