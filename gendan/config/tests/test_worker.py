"""Which workers live, and who does the jobs of the dead."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from gendan.config.living import HOLD, TAKE_OVER

DOING = """
INSERT INTO procrastinate_jobs
  (queue_name, task_name, status, lock, queueing_lock, worker_id, attempts)
VALUES ('default', 'some', 'doing', 'some', 'some', %s, %s) RETURNING id
"""
ME = -1
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> int:
    """A worker of which nobody knows yet whether it lives."""
    return int(_value("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id"))


def _value(query: str, *values: int | None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def status_after_a_look(job: int) -> Any:
    """Return what has become of a job once a living worker has looked after the others."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OVER, {"me": ME})
    return _value("SELECT status FROM procrastinate_jobs WHERE id = %s", job)


def test_the_job_of_a_dead_worker_waits_again(worker: int) -> None:
    assert status_after_a_look(_value(DOING, worker, 0)) == "todo"


def test_the_job_of_a_living_worker_is_left_alone(worker: int) -> None:
    dsn = connection.get_connection_params()
    with psycopg.connect(dbname=dsn["dbname"], host=dsn["host"], user=dsn["user"]) as its_line:
        its_line.execute(HOLD, [worker])
        assert status_after_a_look(_value(DOING, worker, 0)) == "doing"


def test_it_waits_beside_another_of_its_kind(worker: int) -> None:
    job = _value(DOING, worker, 0)
    _value(DOING.replace("'doing', 'some'", "'todo', 'some'"), None, 0)
    assert status_after_a_look(job) == "todo"


def test_a_job_that_kills_its_workers_is_given_up(worker: int) -> None:
    assert status_after_a_look(_value(DOING, worker, 20)) == "failed"
