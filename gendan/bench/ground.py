"""Where measuring happens: databases of our own beside the user's, and homes of our own.

The databases lie on the user's PostgreSQL, so that its disk and settings are what is measured;
nothing of the user's is read or written. This process never loads Django: what needs the house
runs in a child.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
import psycopg
from psycopg import sql

from gendan.config import database, home
from gendan.config.serving import Wish, is_up

TEMPLATE = "gendan_bench_template"
UP_WITHIN = 90.0
PATIENCE = 40.0


class BenchFailed(Exception):
    """A child ended with an error; its own words are on the terminal above."""


@dataclass(frozen=True)
class Site:
    """One database with its home, and how to run the house in it."""

    url: str
    home: Path
    is_new: bool

    @property
    def environment(self) -> dict[str, str]:
        """What a process finds in its environment to work here."""
        ours = {
            "DATABASE_URL": self.url,
            "GENDAN_HOME": str(self.home),
            "GENDAN_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "gendan.config.settings",
        }
        return os.environ | ours

    def run(self, module: str, *words: str) -> dict[str, Any]:
        """Call a module's `main(*words)` in a child, with the house set up; return its facts.

        :raises BenchFailed: if it ends with an error
        """
        command = [sys.executable, "-m", "gendan.bench.house", module, *words]
        done = subprocess.run(  # noqa: S603 (ours)
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise BenchFailed(f"{module} {' '.join(words)} ended with status {done.returncode}")
        facts: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return facts


@dataclass(frozen=True)
class Ground:
    """The server to measure on, and whether databases stay for the next run."""

    server: str
    folder: Path
    keep: bool = False

    def say(self, text: str) -> None:
        """Tell whoever waits what happens now."""
        click.echo(f"{datetime.now(UTC):%H:%M:%S}  {text}", err=True)

    @contextmanager
    def database(self, name: str, *, keep: bool = False) -> Iterator[Site]:
        """Have a migrated database; dropped at the end unless it is to be kept."""
        name = f"gendan_bench_{name}"
        stays = keep or self.keep
        is_new = not (stays and self._exists(name))
        if is_new:
            with self._alone():
                self._migrate()
                self._drop(name)
                self._create(name, TEMPLATE)
        try:
            yield Site(self.url(name), self._home(name), is_new)
        finally:
            if not stays:
                self._drop(name)
                shutil.rmtree(self._home(name), ignore_errors=True)

    def has(self, name: str) -> bool:
        """Say whether an earlier run has kept a database."""
        return self._exists(f"gendan_bench_{name}")

    @contextmanager
    def served(self, site: Site, *, workers: int = 1) -> Iterator[str]:
        """Serve a site as a merchant would; yield its address."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = ("serve", f"--port={port}", f"--workers={workers}")
        command = [sys.executable, "-m", "gendan.config.cli", *words]
        process = subprocess.Popen(  # noqa: S603 (ours)
            command, env=site.environment, stdout=sys.stderr.fileno()
        )
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Copy the template one at a time: PostgreSQL copies none that is being looked at."""
        connection = psycopg.connect(self.url("postgres"), autocommit=True)
        with closing(connection):
            connection.execute("SELECT pg_advisory_lock(hashtext('gendan.bench'))")
            yield

    def _migrate(self) -> None:
        """Bring the template up to date, or make it."""
        if not self._exists(TEMPLATE):
            self._create(TEMPLATE, "template0")
        migrate = "from gendan.config.ready import ready\nwith ready(): pass"
        site = Site(self.url(TEMPLATE), self._home(TEMPLATE), is_new=False)
        subprocess.run(  # noqa: S603 (ours)
            [sys.executable, "-c", migrate], env=site.environment, check=True
        )

    def _home(self, name: str) -> Path:
        """Return a site's home; all of them share the secrets that the template was made with."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secrets = self.folder / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        if not (folder / "secrets").exists():
            (folder / "secrets").symlink_to(secrets)
        return folder

    def _create(self, name: str, template: str) -> None:
        builtin = sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} ").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        self._tell(make + builtin if template == "template0" else make)
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    def _drop(self, name: str) -> None:
        self._tell(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _exists(self, name: str) -> bool:
        with closing(psycopg.connect(self.url("postgres"))) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def _tell(self, statement: sql.Composed) -> None:
        connection = psycopg.connect(self.url("postgres"), autocommit=True)
        with closing(connection):
            connection.execute(statement)

    def url(self, name: str) -> str:
        """Return the address of a database on this server."""
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))


def ground(*, keep: bool = False) -> Ground:
    """Return the ground beside the user's database."""
    return Ground(database.url(), home.path("bench", "secrets").parent, keep)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while not is_up(Wish(port=port)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchFailed("The house does not answer; its own words are above.")
        time.sleep(0.1)
