"""The worker process: runs the jobs that acts have left in the database, and the periodic ones."""

import os
from typing import cast

import django
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def main() -> None:
    """Run jobs until told to stop; jobs under way have 10 seconds to finish."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gendan.config.settings")
    django.setup()
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker:
        worker.run_worker(concurrency=4, shutdown_graceful_timeout=10, delete_jobs="successful")


if __name__ == "__main__":
    main()
