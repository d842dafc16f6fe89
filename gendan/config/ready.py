"""Makes a home ready for work: its database started, its tables up to date."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from gendan.config import database, home, postgres
from gendan.config.assets import HOUSE, fingerprint
from gendan.config.postgres_conf import MAJOR

PACKAGES = ("django", "procrastinate")
ONE_AT_A_TIME = "SELECT pg_advisory_lock(hashtext('gendan.migrate'))"
WHICH_DATABASE = """
SELECT format('%s %s %s', system_identifier, pg_database.oid, seen)
FROM pg_control_system(), pg_database, (SELECT count(*) AS seen FROM django_migrations) AS applied
WHERE datname = current_database()
"""


@contextmanager
def ready() -> Iterator[None]:
    """Have the database running and up to date, and Django set up."""
    with postgres.running():
        bring_up_to_date()
        _set_up_django()
        yield


def bring_up_to_date() -> bool:
    """Apply the migrations that are missing; return whether there were any.

    Django itself is loaded only then: a mark in the home says what the database was brought to.
    """
    mark = home.path("migrated")
    with _connected() as connection:
        connection.execute(ONE_AT_A_TIME)
        if mark.exists() and mark.read_text() == _state(connection):
            return False
        _migrate()
        mark.write_text(_state(connection))
        return True


def _connected() -> psycopg.Connection:
    """Connect to the database, or say what is wrong with the one of `DATABASE_URL`."""
    try:
        connection = psycopg.connect(database.url(), autocommit=True)
    except psycopg.OperationalError as error:
        raise postgres.WillNotStart(
            f"{error}. Is DATABASE_URL right, and the server up?"
        ) from error
    if connection.info.server_version < MAJOR * 10_000:
        raise postgres.WillNotStart(
            f"Gendan needs PostgreSQL {MAJOR}; the server of DATABASE_URL is "
            f"{connection.info.server_version // 10_000}. Upgrade it, or unset DATABASE_URL."
        )
    return connection


def _state(connection: psycopg.Connection) -> str:
    """Return which database this is, how many migrations it has seen, and what the code holds."""
    try:
        row = connection.execute(WHICH_DATABASE).fetchone()
    except psycopg.errors.UndefinedTable:
        return "empty"
    return f"{row} {fingerprint(HOUSE.glob('*/migrations/*.py'), PACKAGES)}"


def _migrate() -> None:
    _set_up_django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gendan.config.settings")
    import django

    django.setup()
    gc.freeze()  # what stays is not looked through again: that took a tenth of a second at times
