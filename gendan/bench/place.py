"""Placing: one order a request, over HTTP with a key, by 1, 8 and 16 programs at once.

Two web processes, the load and PostgreSQL share the machine. The floor beside it is one order a
transaction in hand-written SQL, by as many clients, without any HTTP.
"""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gendan.bench import floor
from gendan.bench.ground import BenchFailed, Ground, Site
from gendan.bench.machine import guided, profile_guided
from gendan.bench.measuring import median
from gendan.bench.report import Row

WORKERS = 2
RUNS, SECONDS = 3, 5.0
FASTEST = 900  # orders a second for which bodies are written
OF_FLOOR, P95_MS, AT = 0.25, 60, 8


@dataclass
class Load:
    """The orders to be placed, and how far they have been used."""

    site: Site
    file: Path
    key: str
    used: int = 0
    answers: Counter[str] = field(default_factory=Counter)

    def run(self, address: str, clients: int, seconds: float) -> dict[str, Any]:
        """Let so many clients place orders for so long."""
        words = [address, self.key, str(self.file), str(self.used), str(clients), str(seconds)]
        command = [sys.executable, "-m", "gendan.bench.place_client", *words]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 (ours)
        facts: dict[str, Any] = json.loads(done.stdout)
        self.answers.update(facts["answers"])
        self.used += sum(facts["answers"].values()) + clients
        return facts


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Measure the floor and the house with 1, 8 and 16 clients; look whether all is there.

    :raises BenchFailed: if an answer was no 201, an order is missing, or something differs
    """
    runs, seconds = (1, 1.0) if quick else (RUNS, SECONDS)
    with ground.database("place") as site:
        load = _prepare(site, int(FASTEST * (seconds + 1) * runs * len(floor.CLIENTS)))
        ground.say("the floor: one order a transaction, without HTTP")
        floor.lay(site.url)
        floors = {n: _floor(site, n, seconds) for n in floor.CLIENTS}
        with ground.served(site, workers=WORKERS) as address:
            clients = {n: _clients(ground, load, address, n, runs, seconds) for n in floor.CLIENTS}
        counted = site.run(
            "gendan.bench.place_house", "statements", str(load.file), str(load.used), load.key
        )
        there = site.run("gendan.bench.place_house", "afterwards")
    _check(load, counted["placed"], there)
    for number, facts in clients.items():
        facts["floor_orders_per_s"] = floors[number]
        facts["of_floor"] = round(facts["orders_per_s"] / floors[number], 3)
        facts["statements"] = counted["mean"]
    return {
        "clients": {str(number): facts for number, facts in clients.items()},
        "statements": counted,
        "interpreter": interpreter(),
        "workers": WORKERS,
        **there,
    }


def _prepare(site: Site, number: int) -> Load:
    site.run("gendan.bench.merchant", str(number))
    file = site.home / "orders.jsonl"
    made = site.run("gendan.bench.place_house", "prepare", str(number), str(file))
    return Load(site, file, made["key"])


def _floor(site: Site, clients: int, seconds: float) -> float:
    return floor.one_by_one(site.url, clients, seconds=seconds)["orders_per_s"]


def _clients(
    ground: Ground, load: Load, address: str, clients: int, runs: int, seconds: float
) -> dict[str, Any]:
    """Return the medians of several runs."""
    ground.say(f"placing with {clients} clients")
    told = [load.run(address, clients, seconds) for _run in range(runs)]
    names = ("orders_per_s", "p50_ms", "p95_ms", "p99_ms", "client_cpu_ms")
    return {name: median([one[name] for one in told]) for name in names}


def _check(load: Load, apart: int, there: dict[str, Any]) -> None:
    """Refuse figures of a house in which something is not as it was said to be."""
    counted = load.answers["201"] + apart
    if set(load.answers) != {"201"} or there["orders"] != counted or there["findings"]:
        raise BenchFailed(f"Answers {dict(load.answers)}, but there are {there}")


def interpreter() -> dict[str, Any]:
    """Say which Python it was."""
    return {
        "executable": sys.executable,
        "version": sys.version,
        "profile_guided": profile_guided(),
    }


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return what the table prints."""
    statements = facts["statements"]
    told = [row for number, one in facts["clients"].items() for row in _rows(int(number), one)]
    spread = f"{statements['least']} to {statements['most']}, {statements['mean']:.1f} on average"
    build = guided(facts["interpreter"]["profile_guided"])
    return [
        *told,
        Row("statements for one order", spread),
        Row("orders that were answered 201 and are there", f"{facts['orders']:,}", met=True),
        Row("interpreter", f"{facts['interpreter']['version'].split()[0]}, {build} PGO"),
    ]


def _rows(clients: int, facts: dict[str, Any]) -> list[Row]:
    who = f"{clients} client" + "s" * (clients > 1)
    ratio, late = facts["of_floor"], facts["p95_ms"]
    speed = Row(
        f"orders placed, {who}",
        f"{facts['orders_per_s']:,.0f} orders/s",
        ratio,
        f"≥ {OF_FLOOR} of the floor",
        ratio >= OF_FLOOR,
    )
    times = Row(f"time of an answer, {who}", f"p50 {facts['p50_ms']} ms, p95 {late} ms")
    if clients == AT:
        times = Row(times.what, times.measured, None, f"p95 < {P95_MS} ms", late < P95_MS)
    return [speed, times]
