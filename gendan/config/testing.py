"""What pytest needs before Django is loaded: a home, a PostgreSQL of its own, compiled texts.

Loaded by `-p gendan.config.testing` in pyproject.toml. The server starts once for all processes of
a test run, forgets in a crash what a real one must keep, and stops with the run. A `DATABASE_URL`
in the environment is used instead.
"""

import atexit
import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from gendan.config import assets, database, postgres

CACHE = assets.HOUSE.parent / ".cache"
until_the_end = ExitStack()
atexit.register(until_the_end.close)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Prepare before the plugin for Django reads the settings; xdist's processes inherit it."""
    os.environ.setdefault("GENDAN_HOME", str(CACHE / "test-home"))
    if database.is_embedded():
        os.environ["DATABASE_URL"] = _start_server().url("gendan")
        os.environ.setdefault("GENDAN_TEST_DB", "test_gendan")
    assets.compile_texts()
    return (yield)


def _start_server() -> postgres.Cluster:
    CACHE.mkdir(exist_ok=True)
    sockets = database.socket_folder(CACHE / "test-socket")
    cluster = postgres.Cluster(CACHE / "test-postgres", sockets, durable=False)
    return until_the_end.enter_context(postgres.kept_running(cluster))
