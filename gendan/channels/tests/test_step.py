"""A step of an import does not wait for the disk; what is around it does."""

import pytest
from django.db import connection, transaction

from gendan.channels.intake.step import step


def waiting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit')")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_and_what_follows_does() -> None:
    usual = waiting()
    with step():
        assert waiting() == "off"
    assert waiting() == usual


@pytest.mark.django_db(transaction=True)
def test_a_longer_transaction_waits_as_usual() -> None:
    usual = waiting()
    with transaction.atomic():
        with step():
            assert waiting() == usual
        assert waiting() == usual
