"""A house that lives for a while: `gendan serve` on a database and in a home of its own.

Browser tests and pictures walk through it as people do; a courier is simulated over HTTP, mail
lands in files. At the end nothing is left running and nothing is left behind.
"""

import email
import email.policy
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
UP_WITHIN = 90.0
FURNISH = """
from gendan.config.ready import ready
with ready():
    from tests.furnish import furnish
    furnish()
"""
CUSTOMER, KEY = "gendan-test", "gendan-test-key"


@dataclass(frozen=True)
class House:
    """Where the house is, and what can be asked of it."""

    address: str
    home: Path
    database: str
    courier: str
    environment: dict[str, str] = field(repr=False)

    @property
    def password(self) -> str:
        """The one password of all the people in it."""
        people = json.loads((self.home / "demo.json").read_text())
        return str(people[0]["password"])

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()

    def value(self, query: str, *values: Any) -> Any:
        """Ask the database for one value; None if there is no row."""
        found = self.rows(query, *values)
        return found[0][0] if found else None

    def gendan(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Give a command on the command line of the house."""
        command = [sys.executable, "-m", "gendan.config.cli", *words]
        return _run(command, self.environment)

    def mails(self) -> list[EmailMessage]:
        """Return every mail that was sent, the oldest first."""
        return [_mail(file) for file in sorted((self.home / "mail").glob("*.eml"))]

    def courier_says(self, waybill: str, state: str, name: str, text: str) -> bool:
        """Let something happen to a parcel; return whether the house accepted the news."""
        told = {"number": waybill, "state": state, "name": name, "text": text}
        answer = httpx.post(f"{self.courier}/sim/push", json=told, timeout=20)
        return bool(answer.raise_for_status().json()["accepted"])

    def courier_left_days_ago(self, shipment: str, days: int) -> None:
        """Let the courier believe that a parcel left in the past, so that it has arrived by now."""
        query = (
            "SELECT c.code, s.waybill FROM warehouse_shipment s"
            " JOIN warehouse_carrier c ON c.id = s.carrier_id WHERE s.number = %s"
        )
        [(company, waybill)] = self.rows(query, shipment)
        left_at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        told = {"company": company, "number": waybill, "left_at": left_at}
        httpx.post(f"{self.courier}/sim/ship", json=told, timeout=20).raise_for_status()


def _mail(file: Path) -> EmailMessage:
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


@contextmanager
def living(furnish: tuple[str, ...] = ("-c", FURNISH)) -> Iterator[House]:
    """Have a furnished house running; `furnish` is what Python is told to do before it opens."""
    with ExitStack() as around:
        home = Path(tempfile.mkdtemp(prefix="gendan-house-"))
        around.callback(shutil.rmtree, home, ignore_errors=True)
        database = around.enter_context(_own_database(home))
        web, courier = _free_port(), _free_port()
        house = House(
            address=f"http://127.0.0.1:{web}",
            home=home,
            database=database or _embedded(home),
            courier=f"http://127.0.0.1:{courier}",
            environment=_environment(home, database, courier),
        )
        _run([sys.executable, *furnish], house.environment).check_returncode()
        around.enter_context(_running(_courier(courier), house, "courier"))
        served = [sys.executable, "-m", "gendan.config.cli", "serve", "--demo", f"--port={web}"]
        around.enter_context(_running(served, house, "house"))
        try:
            wait_until(lambda: _answers(house), UP_WITHIN, "the house answers")
        except TimeoutError as late:
            raise TimeoutError((home / "house.log").read_text()[-2000:]) from late
        yield house


def _environment(home: Path, database: str, courier: int) -> dict[str, str]:
    ours = {
        "GENDAN_HOME": str(home),
        "GENDAN_KUAIDI100_URL": f"http://127.0.0.1:{courier}",
        "GENDAN_KUAIDI100_CUSTOMER": CUSTOMER,
        "GENDAN_KUAIDI100_KEY": KEY,
        "DJANGO_SETTINGS_MODULE": "gendan.config.settings",
        "LANG": "C.UTF-8",
    }
    foreign = ("DATABASE_URL", "GENDAN_SERVED", "GENDAN_TEST_DB")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | ours | ({"DATABASE_URL": database} if database else {})


@contextmanager
def _own_database(home: Path) -> Iterator[str]:
    """Make a database beside the one of `DATABASE_URL`; without that the house has a server."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield ""
        return
    name = home.name.replace("-", "_").lower()
    beside = psycopg.connect(_named(server, "postgres"), autocommit=True)
    with closing(beside), beside:
        make = "CREATE DATABASE {} TEMPLATE template0 LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
        beside.execute(sql.SQL(make).format(sql.Identifier(name)))
        try:
            yield _named(server, name)
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            beside.execute(drop.format(sql.Identifier(name)))


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _embedded(home: Path) -> str:
    return f"postgresql://postgres@/gendan?host={home / 'socket'}"


def _courier(port: int) -> list[str]:
    simulator = [sys.executable, "-m", "gendan.channels.simulator"]
    return [*simulator, f"--port={port}", f"--customer={CUSTOMER}", f"--key={KEY}"]


@contextmanager
def _running(command: list[str], house: House, name: str) -> Iterator[None]:
    with (house.home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=house.environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(40)


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _answers(house: House) -> bool:
    try:
        return httpx.get(f"{house.address}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def wait_until(happened: Callable[[], bool], seconds: float, what: str) -> None:
    """Look again and again until it has happened.

    :raises TimeoutError: if it has not after so many seconds
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s, and not yet: {what}")
        time.sleep(0.2)
