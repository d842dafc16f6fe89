"""More machines: one house on several of them, and two merchants behind one PgBouncer.

Two machines answer, three work in the background, one holds the database. The cable of one is
pulled while it works: the others take over within half a minute, and when it comes back it finds
its place again. Then two merchants, each with a database server of its own, chosen by the
connection alone: neither sees the other, and the death of one server stops only its own.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from gendan.bench.house import say
from gendan.bench.report import Row
from tests.prove.accounts import expected, faults
from tests.prove.hosts import Host, network, why_not
from tests.prove.own_house import (
    CALM_WITHIN,
    GENDAN,
    ROOT,
    UP_WITHIN,
    WAITING,
    Repeated,
    await_that,
)
from tests.prove.people import Clerk, Desk, Packer, Uploader, Workers
from tests.prove.servers import pooled, server

PORT = 8000
OK, AWAY = 200, 503
GIVEN_UP_WITHIN = 60.0

# A job that is being done on a machine, told by the lock that its worker holds.
AT_WORK_ON = """
SELECT j.id FROM procrastinate_jobs j
JOIN pg_locks l ON l.locktype = 'advisory' AND l.objid = j.worker_id::int::oid
  AND l.classid = hashtext('gendan.worker')::oid AND l.granted
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE j.status = 'doing' AND a.client_addr = %s::inet
"""
WORKS_ON = """
SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.classid = hashtext('gendan.worker')::oid AND l.granted
  AND a.client_addr = %s::inet
"""


def prove() -> list[Row]:
    """Run both in full and say what came of it."""
    if reason := why_not():
        return [Row("More machines", f"skipped: {reason}")]
    apart, merchants = survive_a_cut(pairs=6, orders=500), keep_apart()
    found = "; ".join(apart["faults"][:3]) or "none"
    return [
        Row(
            "Six machines: orders, each exactly once",
            f"{apart['file_orders']:,} from files, {apart['placed']:,} over the API, "
            f"{apart['shipped']:,} parcels left; faults: {found}",
            met=not apart["faults"],
        ),
        Row(
            "Six machines: one cut off at work, its jobs free after",
            f"{apart['given_up_s']:.0f} s",
            aim="≤ 60 s",
            met=apart["given_up_s"] <= GIVEN_UP_WITHIN,
        ),
        Row(
            "Six machines: one that answers cut off",
            f"the other took {apart['placed_meanwhile']} orders meanwhile",
            aim="> 0",
            met=apart["placed_meanwhile"] > 0,
        ),
        Row(
            "Two merchants behind PgBouncer: neither sees the other",
            f"{merchants['seen']} orders seen by the wrong one; one server killed, "
            f"the other merchant placed {merchants['placed_meanwhile']} meanwhile",
            met=merchants["seen"] == 0 and merchants["placed_meanwhile"] > 0,
        ),
    ]


@dataclass
class Machine:
    """A host that runs a part of a house in a home of its own, and its process."""

    host: Host
    home: Path
    environment: dict[str, str]
    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://{self.host.address}:{PORT}"

    @contextmanager
    def served(self) -> Iterator[None]:
        """Have it run."""
        command = (*GENDAN, "serve", "--host", self.host.address, f"--port={PORT}", *self.words)
        with (self.home / "house.log").open("ab") as log:
            self.process = self.host.start(command, self.environment, log, ROOT)
            try:
                yield
            finally:
                self.process.terminate()
                self.process.wait(90)

    def await_up(self) -> None:
        """Wait until it answers.

        :raises TimeoutError: with its last words
        """
        try:
            await_that(lambda: self.health() == OK, UP_WITHIN, f"{self.host.name} answers")
        except TimeoutError as late:
            raise TimeoutError((self.home / "house.log").read_text()[-2000:]) from late

    def health(self) -> int:
        """Return the status with which it answers; 0 if it does not."""
        try:
            return httpx.get(f"{self.address}/healthz", timeout=3).status_code
        except httpx.HTTPError:
            return 0


@dataclass
class Merchant:
    """A house: its database, what its machines share, and who deals with it."""

    folder: Path
    url: str
    hosts: Mapping[str, Host]
    machines: dict[str, Machine] = field(default_factory=dict)

    def furnish(self, pairs: int, orders: int) -> dict[str, Any]:
        """Fill the house through its own connection; return what the outside knows."""
        home = self._home("first")
        words = ["gendan.bench.house", "tests.prove.merchant", f"{pairs}", f"{orders}"]
        subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment(home),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return expected(home)

    @contextmanager
    def open(self, **words: Sequence[str]) -> Iterator[None]:
        """Have the machines of these names serve, and those with a web answer."""
        with ExitStack() as around:
            for name, told in words.items():
                home = self._home(name)
                machine = Machine(self.hosts[name], home, self.environment(home), told)
                self.machines[name] = machine
                around.enter_context(machine.served())
            for name, told in words.items():
                if "worker" not in told:
                    self.machines[name].await_up()
            yield

    def verify(self) -> list[str]:
        """Return what `gendan verify` finds."""
        command = [*GENDAN, "verify", "--json"]
        environment = self.environment(self._home("first"))
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False
        )
        return [str(finding) for finding in json.loads(done.stdout)["findings"]]

    def environment(self, home: Path) -> dict[str, str]:
        """Return what a process of the house finds in its environment."""
        foreign = ("GENDAN_SERVED", "GENDAN_TEST_DB", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in foreign}
        hosts = ",".join(host.address for host in self.hosts.values())
        ours = {
            "GENDAN_HOME": str(home),
            "DATABASE_URL": self.url,
            "GENDAN_HOSTS": f"{hosts},localhost",
            "GENDAN_LOG_LEVEL": "WARNING",
            "LANG": "C.UTF-8",
        }
        return kept | ours

    def _home(self, name: str) -> Path:
        """Return a machine's home; secrets and files are the same on all of them."""
        home = self.folder / name
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for shared in ("secrets", "files"):
            (self.folder / shared).mkdir(exist_ok=True)
            if not (home / shared).exists():
                (home / shared).symlink_to(self.folder / shared)
        return home


def survive_a_cut(*, pairs: int, orders: int) -> dict[str, Any]:
    """Send orders down the spine on six machines; cut off one that works in the background."""
    names = ("db", "web1", "web2", "work1", "work2", "work3")
    with ground() as folder, network(*names) as hosts, ExitStack() as around:
        database = around.enter_context(server(hosts["db"], folder / "db", "gendan"))
        house = Merchant(folder / "house", database.url("gendan"), hosts)
        known = house.furnish(pairs, orders)
        web, worker = ("--only=web",), ("--only", "worker")
        parts = {"web1": web, "web2": web, "work1": worker, "work2": worker, "work3": worker}
        around.enter_context(house.open(**parts))
        say("six machines are up")
        desk = Desk([house.machines[name].address for name in ("web1", "web2")], known["key"])
        clerks = [Clerk(desk, known["skus"], number) for number in range(2)]
        people = _at_work(house, desk, clerks, known["files"])
        inside = database.inside("gendan")
        given_up = _cut_off_at_work(house.machines["work1"], inside)
        say(f"one was cut off at work, and given up after {given_up:.0f} s")
        meanwhile = _cut_off_answering(house.machines["web1"], clerks)
        say(f"one that answers was cut off; the other took {meanwhile} orders meanwhile")
        _rest(inside, desk, clerks, people)
        placed = {key: number for clerk in clerks for key, number in clerk.placed.items()}
        found = faults(inside, files=known["orders"], placed=placed)
        [(shipped,)] = database.rows(
            "gendan", "SELECT count(*) FROM warehouse_shipment WHERE stage = 'SHIPPED'"
        )
        return {
            "file_orders": len(known["orders"]),
            "placed": len(placed),
            "shipped": shipped,
            "given_up_s": given_up,
            "placed_meanwhile": meanwhile,
            "answers": dict(desk.counts),
            "faults": [*house.verify(), *found],
        }


def _at_work(
    house: Merchant, desk: Desk, clerks: Sequence[Clerk], pairs: list[list[str]]
) -> Workers:
    people = Workers()
    home = house.folder / "first"
    advance = Repeated(home, house.environment(home), desk.over, [["advance"]], pause=2)
    for clerk in clerks:
        people.start(clerk.work)
    for work in (Packer(desk).work, Packer(desk).work, Uploader(desk, pairs).work, advance.work):
        people.start(work)
    return people


def _cut_off_at_work(machine: Machine, database: str) -> float:
    """Pull the cable while a job is being done there; return after how many seconds it is free."""
    where = [machine.host.address]
    with psycopg.connect(database, autocommit=True) as line:
        await_that(lambda: bool(line.execute(AT_WORK_ON, where).fetchall()), 120, "a job there")
        machine.host.cut_off()
        began = time.monotonic()
        await_that(lambda: not line.execute(WORKS_ON, where).fetchall(), 180, "it is given up")
        gone = time.monotonic() - began
        machine.host.connect()
        await_that(lambda: bool(line.execute(WORKS_ON, where).fetchall()), 120, "it is back")
        return gone


def _cut_off_answering(machine: Machine, clerks: Sequence[Clerk]) -> int:
    """Pull the cable of one that answers; return what the other took until it was back."""

    def placed() -> int:
        return sum(len(clerk.placed) for clerk in clerks)

    before = placed()
    machine.host.cut_off()
    await_that(lambda: placed() > before + len(clerks), 180, "the other one takes orders")
    machine.host.connect()
    await_that(lambda: machine.health() == OK, 120, "it answers again")
    return placed() - before


def _rest(database: str, desk: Desk, clerks: Sequence[Clerk], people: Workers) -> None:
    """Let everything be finished, and the people go home."""
    for clerk in clerks:
        clerk.closed.set()

    def is_over() -> bool:
        with psycopg.connect(database) as line:
            row = line.execute(WAITING).fetchone()
        return bool(people.failures) or (row is not None and row[0] == 0 and _all_in(desk))

    await_that(is_over, CALM_WITHIN, "nothing waits")
    desk.over.set()
    for thread in people.threads:
        thread.join(60)
    people.refuse_failures()


def _all_in(desk: Desk) -> bool:
    return desk.counts["files handed in"] > 0


def keep_apart() -> dict[str, Any]:
    """Have two merchants behind one PgBouncer; kill the server of one."""
    names = ("db1", "db2", "pool", "shop1", "shop2")
    with ground() as folder, network(*names) as hosts, ExitStack() as around:
        servers = {
            name: around.enter_context(server(hosts[place], folder / place, name))
            for name, place in (("merchant_a", "db1"), ("merchant_b", "db2"))
        }
        urls = around.enter_context(pooled(hosts["pool"], folder / "pool", servers))
        desks: dict[str, Clerk] = {}
        houses: dict[str, Machine] = {}
        for (name, url), place in zip(urls.items(), ("shop1", "shop2"), strict=True):
            house = Merchant(folder / name, url, hosts)
            known = house.furnish(1, 10)
            around.enter_context(house.open(**{place: ()}))
            houses[name] = house.machines[place]
            desks[name] = Clerk(
                Desk([houses[name].address], known["key"]), known["skus"], len(desks)
            )
        say("two merchants are open behind one PgBouncer")
        a, b = desks["merchant_a"], desks["merchant_b"]
        _place(a, 5)
        _place(b, 7)
        seen = _seen(servers["merchant_a"].inside("merchant_a"), b) + _seen(
            servers["merchant_b"].inside("merchant_b"), a
        )
        strangers = b.desk.ask("GET", "/orders", headers={"Authorization": f"Bearer {a.desk.key}"})
        assert strangers is not None
        assert strangers.status_code == 401
        servers["merchant_a"].kill()
        await_that(lambda: houses["merchant_a"].health() == AWAY, 60, "one merchant stands still")
        before = len(b.placed)
        _place(b, 5)
        meanwhile = len(b.placed) - before
        assert houses["merchant_b"].health() == OK
        servers["merchant_a"].start()
        await_that(lambda: houses["merchant_a"].health() == OK, 90, "it is back by itself")
        _place(a, 3)
        _await_allocated(servers["merchant_a"].inside("merchant_a"), a)
        return {
            "seen": seen,
            "placed_meanwhile": meanwhile,
            "placed": len(a.placed) + len(b.placed),
        }


def _place(clerk: Clerk, number: int) -> None:
    for _one in range(number):
        clerk.place()


def _seen(database: str, stranger: Clerk) -> int:
    with psycopg.connect(database) as line:
        keys = list(stranger.placed)
        row = line.execute(
            "SELECT count(*) FROM orders_order WHERE platform_order = ANY(%s)", [keys]
        ).fetchone()
        return int(row[0]) if row else 0


def _await_allocated(database: str, clerk: Clerk) -> None:
    """Wait until the worker, too, is back: what was placed is reserved."""
    query = (
        "SELECT count(*) FROM orders_order WHERE stage = 'ALLOCATED' AND platform_order = ANY(%s)"
    )

    def is_done() -> bool:
        with psycopg.connect(database) as line:
            row = line.execute(query, [list(clerk.placed)]).fetchone()
        return row is not None and row[0] == len(clerk.placed)

    await_that(is_done, 90, "the worker has reserved")


@contextmanager
def ground() -> Iterator[Path]:
    """Have a folder that servers' users may pass through; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gendan-machines-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
