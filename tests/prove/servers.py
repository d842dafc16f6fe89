"""PostgreSQL as others run it: a machine of its own, TCP, a password; and PgBouncer."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from gendan.config import postgres, server_user
from tests.prove.hosts import NET, Host

WORD = "only-for-this-proof"
POOL_PORT = 6432
HBA = f"""
local all all trust
local replication all trust
host all all {NET}.0/24 scram-sha-256
host replication copier {NET}.0/24 scram-sha-256
"""
MAKE = """
CREATE DATABASE {} OWNER gendan TEMPLATE template0 ENCODING 'UTF8'
LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'
"""
POOL = """
[databases]
{databases}
[pgbouncer]
listen_addr = *
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = session
max_client_conn = 500
default_pool_size = 100
tcp_keepidle = 10
tcp_keepintvl = 5
tcp_keepcnt = 3
tcp_user_timeout = 25000
"""


@dataclass(frozen=True)
class Server:
    """One PostgreSQL server."""

    host: Host
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, name: str) -> str:
        """Return the address by which machines reach a database of it."""
        return f"postgresql://gendan:{WORD}@{self.host.address}/{name}"

    def make(self, name: str) -> None:
        """Make the server with one empty database, and start it."""
        _run([*_as_server(), str(postgres.program("initdb")), "-D", str(self.data), *_initdb()])
        (self.data / "pg_hba.conf").write_text(HBA)
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"listen_addresses = '*'\nunix_socket_directories = '{self.folder}'\n"
                "max_connections = 200\n"
            )
        self.start()
        with psycopg.connect(self.inside("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE gendan LOGIN PASSWORD '{WORD}'")
            connection.execute(f"CREATE ROLE copier LOGIN REPLICATION PASSWORD '{WORD}'")
            connection.execute(MAKE.format(name))

    def start(self, *words: str) -> None:
        """Start it on its machine."""
        self._pg_ctl("start", "-l", str(self.folder / "log"), *words)

    def stop(self) -> None:
        """Stop it in order."""
        self._pg_ctl("stop", "-m", "fast")

    def kill(self) -> None:
        """Stop it as a power cut does."""
        self._pg_ctl("stop", "-m", "immediate")

    def promote(self) -> None:
        """Have a standby take over."""
        self._pg_ctl("promote")

    def reload(self) -> None:
        """Have it read its settings again."""
        self._pg_ctl("reload")

    def configure(self, settings: str) -> None:
        """Write settings that count from the next start or reading."""
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(settings)

    def program(self, name: str, *words: str) -> None:
        """Run one of PostgreSQL's programs on its machine, as its user."""
        _run(self.host.command(*_as_server(), str(postgres.program(name)), *words))

    def rows(self, name: str, query: str) -> list[tuple[object, ...]]:
        """Ask a database of it, past all networks."""
        with psycopg.connect(self.inside(name)) as connection:
            return connection.execute(query).fetchall()

    def do(self, name: str, statement: str) -> None:
        """Change something in a database of it, past all networks."""
        with psycopg.connect(self.inside(name)) as connection:
            connection.execute(statement)

    def inside(self, name: str) -> str:
        """Return the address of a database for whoever is on its machine."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def _pg_ctl(self, *words: str) -> None:
        self.program("pg_ctl", *words, "-w", "-s", "-D", str(self.data))


@contextmanager
def server(host: Host, folder: Path, name: str) -> Iterator[Server]:
    """Have a server with one empty database."""
    with copied(host, folder) as made:
        made.make(name)
        yield made


@contextmanager
def copied(host: Host, folder: Path) -> Iterator[Server]:
    """Have a place for a server whose data comes from another one."""
    own(folder)
    there = Server(host, folder)
    try:
        yield there
    finally:
        if (there.data / "postmaster.pid").exists():
            there.kill()


@contextmanager
def pooled(host: Host, folder: Path, databases: Mapping[str, Server]) -> Iterator[dict[str, str]]:
    """Have PgBouncer before servers; yield the address of each database through it."""
    own(folder)
    routes = "\n".join(
        f"{name} = host={there.host.address} port=5432 dbname={name}"
        for name, there in databases.items()
    )
    users = folder / "users.txt"
    users.write_text(f'"gendan" "{WORD}"\n')
    conf = folder / "pgbouncer.ini"
    conf.write_text(POOL.format(databases=routes, port=POOL_PORT, users=users))
    with (folder / "log").open("wb") as log:
        words = [*_as_server(), "pgbouncer", str(conf)]
        process = subprocess.Popen(host.command(*words), stdout=log, stderr=log)
        try:
            yield {
                name: f"postgresql://gendan:{WORD}@{host.address}:{POOL_PORT}/{name}"
                for name in databases
            }
        finally:
            process.terminate()
            process.wait(20)


def _initdb() -> list[str]:
    return [word for word in postgres.INITDB if not word.startswith("--auth")]


def own(folder: Path) -> None:
    """Make a folder of the server's user."""
    folder.mkdir(mode=0o755, parents=True)
    user = server_user.find()
    assert user is not None, "this needs root"
    server_user.let_through(user, folder)
    server_user.let_through(user, postgres.program("postgres"))
    os.chown(folder, user.pw_uid, user.pw_gid)


def _as_server() -> list[str]:
    user = server_user.find()
    assert user is not None, "this needs root"
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)
