"""A house of its own with its own PostgreSQL, as durable as a merchant's, and all who work there.

Outside it is known what was handed in and what was answered; at the end the two are compared.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen

import psycopg

from gendan.config import postgres, server_user
from tests.prove.accounts import SHOP, expected, faults
from tests.prove.people import Clerk, Desk, Packer, Uploader, Workers

ROOT = Path(__file__).resolve().parents[2]
GENDAN = (sys.executable, "-m", "gendan.config.cli")
CALM_WITHIN = 300.0
UP_WITHIN = 120.0
CLERKS = 3

WAITING = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock IS NULL
    AND status IN ('todo', 'doing') AND task_name !~ 'serve_waiting|screen_waiting')
  + (SELECT count(*) FROM orders_order o WHERE stage IN ('SCREENING', 'READY')
    OR stage = 'ALLOCATED' AND EXISTS (
      SELECT FROM orders_line l WHERE l.order_id = o.id AND l.shipped < l.quantity))
"""


@dataclass
class OwnHouse:
    """A home with a database of its own, what was promised to the outside, and who works there."""

    home: Path
    port: int
    environment: dict[str, str]
    desk: Desk
    clerks: list[Clerk]
    pairs: list[list[str]]
    serving: subprocess.Popen[bytes] | None = None
    imports: "Repeated | None" = None
    advances: "Repeated | None" = None

    @property
    def cluster(self) -> postgres.Cluster:
        return postgres.Cluster(self.home / "postgres", self.home / "socket")

    @property
    def database(self) -> str:
        return self.cluster.url("gendan")

    def answers(self) -> bool:
        """Say whether the web answers, and its database."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    @contextmanager
    def served(self) -> Iterator[None]:
        """Have the house served, two web processes and a worker."""
        command = [*GENDAN, "serve", f"--port={self.port}", "--workers=2"]
        with (self.home / "house.log").open("wb") as log:
            self.serving = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            try:
                await_that(self.answers, UP_WITHIN, "the house answers")
                yield
            finally:
                self.serving.terminate()
                self.serving.wait(90)

    @contextmanager
    def at_work(self) -> Iterator[Workers]:
        """Have everybody at work: a clerk, two packers, who hands in files, imports, advances."""
        people = Workers()
        half = len(self.pairs) // 2
        around = (self.home, self.environment, self.desk.over)
        imports = [["import", "--shop", SHOP, *pair] for pair in self.pairs[half:]]
        self.imports = Repeated(*around, imports)
        self.advances = Repeated(*around, [["advance"]], pause=2)
        uploader = Uploader(self.desk, self.pairs[:half])
        packers = (Packer(self.desk), Packer(self.desk))
        repeated = (self.imports, self.advances)
        works = [clerk.work for clerk in self.clerks]
        works += [uploader.work, *(packer.work for packer in packers)]
        for work in (*works, *(one.work for one in repeated)):
            people.start(work)
        try:
            yield people
        finally:
            self._send_home(people)

    def come_to_rest(self, people: Workers) -> None:
        """Let what was begun be finished, without further kills, and the people go home."""

        def failed_or(done: Callable[[], bool]) -> Callable[[], bool]:
            return lambda: bool(people.failures) or done()

        imports = self.imports
        assert imports is not None
        await_that(failed_or(lambda: imports.rounds > 0), CALM_WITHIN, "every file is imported")
        for clerk in self.clerks:
            clerk.closed.set()
        await_that(failed_or(lambda: self._waiting() == 0), CALM_WITHIN, "nothing waits")
        self._send_home(people)
        people.refuse_failures()

    def _send_home(self, people: Workers) -> None:
        for clerk in self.clerks:
            clerk.closed.set()
        self.desk.over.set()
        for thread in people.threads:
            thread.join(60)

    def _waiting(self) -> int:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(WAITING).fetchone()
            return int(row[0]) if row else 0

    def facts(self) -> dict[str, Any]:
        """Compare the house with the world outside."""
        verified = subprocess.run(
            [*GENDAN, "verify", "--json"], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE
        )
        findings = json.loads(verified.stdout)["findings"]
        files = expected(self.home)["orders"]
        placed = {key: number for clerk in self.clerks for key, number in clerk.placed.items()}
        found = faults(self.database, files=files, placed=placed)
        counts = self.desk.counts
        return {
            "file_orders": len(files),
            "imports": self.imports.finished if self.imports else 0,
            "placed": len(placed),
            "shipped": self._shipped(),
            "retries": counts["retries"],
            "answers_lost": counts["answers lost"],
            "answers": dict(counts),
            "jobs_taken_over": self._taken_over(),
            "verify_findings": len(findings),
            "faults": [*map(str, findings), *found],
        }

    def _shipped(self) -> int:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(
                "SELECT count(*) FROM warehouse_shipment WHERE stage = 'SHIPPED'"
            ).fetchone()
            return int(row[0]) if row else 0

    def _taken_over(self) -> int:
        told = (json.loads(line) for line in self._log() if "taken over" in line)
        return sum(line["jobs"] for line in told)

    def _log(self) -> list[str]:
        return (self.home / "house.log").read_text().splitlines()


@dataclass
class Repeated:
    """Commands that are given one after the other, over and over, again when killed."""

    home: Path
    environment: dict[str, str]
    over: Event
    commands: list[list[str]]
    pause: float = 0.2
    process: subprocess.Popen[bytes] | None = None
    finished: int = 0
    rounds: int = 0

    def work(self) -> None:
        while not self.over.is_set():
            for command in self.commands:
                while self._give(command) < 0 and not self.over.is_set():
                    pass
            self.rounds += 1

    def _give(self, command: list[str]) -> int:
        """Give one command; return its exit status, which is negative if it was killed."""
        with (self.home / f"{command[0]}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*GENDAN, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            status = self.process.wait()
        self.finished += status == 0
        time.sleep(self.pause)
        return status


def pg_ctl(cluster: postgres.Cluster, *words: str) -> None:
    user = server_user.find()
    subprocess.run(
        [str(postgres.program("pg_ctl")), *words, "-s", "-D", str(cluster.data)],
        cwd="/",
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
        check=True,
    )


@contextmanager
def own_house(pairs: int, orders: int) -> Iterator[OwnHouse]:
    with ExitStack() as around:
        home = Path(around.enter_context(tempfile.TemporaryDirectory(prefix="gendan-kill-")))
        environment = _environment(home)
        subprocess.run(
            [
                sys.executable,
                "-m",
                "gendan.bench.house",
                "tests.prove.merchant",
                f"{pairs}",
                f"{orders}",
            ],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        known = expected(home)
        desk = Desk([f"http://127.0.0.1:{port}"], known["key"])
        clerks = [Clerk(desk, known["skus"], number) for number in range(CLERKS)]
        yield OwnHouse(home, port, environment, desk, clerks, known["files"])


def _environment(home: Path) -> dict[str, str]:
    foreign = ("DATABASE_URL", "GENDAN_SERVED", "GENDAN_TEST_DB", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"GENDAN_HOME": str(home), "GENDAN_LOG_LEVEL": "WARNING", "LANG": "C.UTF-8"}


def await_that(happened: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s, and not yet: {what}")
        time.sleep(0.1)
