"""The worker process: runs the jobs that acts have left in the database, and the periodic ones."""

import os
from collections.abc import Callable
from typing import cast

import django
from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gendan.config.living import LivingWorkers, WorkerConnector

PULSE = 2.0  # seconds between two looks after the others

# A database that went away, or refused a deadlock, refused nothing for good. What comes again by
# itself needs no second try.
AGAIN = RetryStrategy(max_attempts=10, wait=2, retry_exceptions={OperationalError, InterfaceError})


def main() -> None:
    """Run jobs until told to stop; jobs under way have 10 seconds to finish."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gendan.config.settings")
    django.setup()
    with app.replace_connector(WorkerConnector()) as worker:
        worker.job_manager = LivingWorkers(worker.connector)
        cast(Callable[[], None], worker.perform_import_paths)()
        for task in worker.tasks.values():
            if task.queueing_lock is None:
                task.retry_strategy = task.retry_strategy or AGAIN
        worker.run_worker(
            concurrency=4,
            shutdown_graceful_timeout=10,
            delete_jobs="successful",
            update_heartbeat_interval=PULSE,
        )


if __name__ == "__main__":
    main()
