"""Which workers live: each holds a lock in the database meanwhile; the jobs of the dead go back.

A worker that is killed leaves jobs that look as if they were being done, and hold up all others of
their kind. Its lock goes with its connection, at once, wherever it ran. A worker that loses its own
connection ends and is started anew: what it had in hand is taken over like a dead one's.
"""

from typing import Any

import psycopg
import structlog
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from gendan.config import database

HOLD = "SELECT pg_advisory_lock(hashtext('gendan.worker'), %s)"

# A job goes back without its queueing lock, since another of its kind may be waiting already: one
# run too many finds nothing to do. What has taken so many workers with it is not tried again.
TAKE_OVER = """
UPDATE procrastinate_jobs
SET status = (CASE WHEN attempts < 20 THEN 'todo' ELSE 'failed' END)::procrastinate_job_status,
  attempts = attempts + 1, worker_id = NULL, queueing_lock = NULL
WHERE status = 'doing' AND worker_id IS DISTINCT FROM %(me)s AND (
  worker_id IS NULL OR pg_try_advisory_xact_lock(hashtext('gendan.worker'), worker_id::int))
"""

log = structlog.get_logger("gendan.worker")


class LivingWorkers(JobManager):
    """The queue as a worker sees it that shows that it lives, and looks after the others."""

    line: psycopg.AsyncConnection[Any]

    async def register_worker(self) -> int:
        """Show that a new worker lives, before it takes its first job."""
        self.line = await psycopg.AsyncConnection.connect(autocommit=True, **connector_params())
        await _greet(self.line)
        number = await super().register_worker()
        await self.line.execute(HOLD, [number])
        await self._take_over(number)
        return number

    async def update_heartbeat(self, worker_id: int) -> None:
        """Look after the others; a lost connection is an error, which ends this worker."""
        await self._take_over(worker_id)
        await super().update_heartbeat(worker_id)

    async def _take_over(self, me: int) -> None:
        left = await self.line.execute(TAKE_OVER, {"me": me})
        if left.rowcount:
            log.warning("jobs of dead workers taken over", jobs=left.rowcount)


class WorkerConnector(PsycopgConnector):
    """The worker's own connections; jobs that a job leaves are left in that job's transaction."""

    def __init__(self) -> None:
        super().__init__(kwargs=connector_params(), configure=_greet)

    def get_sync_connector(self) -> BaseConnector:
        """Return what tasks write with: Django's connection, as everywhere else."""
        return DjangoConnector()


async def _greet(line: psycopg.AsyncConnection[Any]) -> None:
    await line.execute(*database.greeting())
    await line.commit()
