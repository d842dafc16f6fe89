"""Kill: whatever dies, whenever it dies, nothing is lost and nothing happens twice.

A house of its own with its own PostgreSQL, as durable as a merchant's, is served while files are
imported, orders placed, and parcels packed. Web, worker, import and `gendan advance` are killed at
random moments, and PostgreSQL is stopped as by a power cut. The house has to come back by itself.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psutil

from gendan.bench.house import say
from gendan.bench.report import Row
from tests.prove.own_house import UP_WITHIN, OwnHouse, await_that, own_house, pg_ctl

AFTERMATH = 15.0
"""Seconds after a kill of PostgreSQL in which an answer may be that the database is away."""


def prove() -> list[Row]:
    """Run it in full and say what was survived."""
    facts = survive(kills=200, outages=20, pairs=4, orders=3_500, mean_pause=2.5)
    killed = ", ".join(f"{name} {count}" for name, count in sorted(facts["killed"].items()))
    return [
        Row("Kill: processes killed", killed, aim="≥ 200", met=facts["kills"] >= 200),
        Row("Kill: PostgreSQL killed", _outages(facts), aim="≥ 20", met=facts["outages"] >= 20),
        Row("Kill: orders, each exactly once", _orders(facts), met=not facts["faults"]),
        Row("Kill: jobs taken over from the dead", f"{facts['jobs_taken_over']:,}; none lost"),
        Row(
            "Kill: faults found afterwards",
            "; ".join(facts["faults"][:3]) or "none",
            aim="none",
            met=not facts["faults"],
        ),
    ]


def _outages(facts: dict[str, Any]) -> str:
    return f"{facts['outages']}, back in {facts['back_in_s']:.1f} s (median)"


def _orders(facts: dict[str, Any]) -> str:
    return (
        f"{facts['file_orders']:,} from files read {facts['imports']:,} times, "
        f"{facts['placed']:,} over the API with {facts['retries']:,} retries after "
        f"{facts['answers_lost']:,} lost answers; {facts['shipped']:,} parcels left"
    )


def survive(
    *, kills: int, outages: int, pairs: int, orders: int, mean_pause: float, seed: int = 12
) -> dict[str, Any]:
    """Kill so many processes and databases while `pairs` of files of `orders` go down the spine."""
    with own_house(pairs, orders) as house, house.served(), house.at_work() as people:
        say("the storm begins")
        storm = Storm(house, random.Random(seed), mean_pause)
        storm.rage(kills, outages, people.failures)
        say(
            f"killed {dict(storm.killed)} and PostgreSQL {len(storm.outages)} times; coming to rest"
        )
        house.come_to_rest(people)
        say("comparing")
        return storm.facts() | house.facts()


@dataclass
class Storm:
    """Who is killed, when, and how often."""

    house: OwnHouse
    rnd: random.Random
    mean_pause: float
    killed: Counter[str] = field(default_factory=Counter)
    outages: list[float] = field(default_factory=list)
    back_in: list[float] = field(default_factory=list)

    def rage(self, kills: int, outages: int, failures: list[BaseException]) -> None:
        """Kill at random moments until it was enough, or somebody failed."""
        while (self.killed.total() < kills or len(self.outages) < outages) and not failures:
            time.sleep(self.rnd.expovariate(1 / self.mean_pause))
            left = outages - len(self.outages)
            if left and self.rnd.random() < left / max(1, left + kills - self.killed.total()):
                self._cut_the_power()
            else:
                self._kill_a_process()

    def _kill_a_process(self) -> None:
        alive = self._alive()
        victim = self.rnd.choice(sorted(alive)) if alive else ""
        for process in alive.get(victim, [])[:1]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                return
            self.killed[victim] += 1
            if self.killed.total() % 20 == 0:
                say(f"killed {self.killed.total()} processes, PostgreSQL {len(self.outages)} times")

    def _alive(self) -> dict[str, list[psutil.Process]]:
        """Return the processes that can be killed now, by what they are."""
        house = self.house
        found: dict[str, list[psutil.Process]] = {}
        assert house.serving is not None
        for child in psutil.Process(house.serving.pid).children():
            kind = next((word for word in _words(child) if word.startswith("gendan.config.")), "")
            found.setdefault(kind.removeprefix("gendan.config."), []).append(child)
        for name, command in (("import", house.imports), ("advance", house.advances)):
            if command and command.process and command.process.poll() is None:
                found[name] = [psutil.Process(command.process.pid)]
        found.pop("", None)
        for processes in found.values():
            self.rnd.shuffle(processes)
        return found

    def _cut_the_power(self) -> None:
        """Stop PostgreSQL at once, and see how long it takes until the house answers again.

        `pg_ctl` must not wait: the house may have started another one before it looks.
        """
        began = time.time()
        server = psutil.Process(
            int((self.house.cluster.data / "postmaster.pid").read_text().split()[0])
        )
        pg_ctl(self.house.cluster, "stop", "-m", "immediate", "-W")
        server.wait(UP_WITHIN)
        self.outages.append(began)
        await_that(self.house.answers, UP_WITHIN, "the house answers after PostgreSQL was killed")
        self.back_in.append(time.time() - began)

    def facts(self) -> dict[str, Any]:
        ends = [*zip(self.outages, self.back_in, strict=True)]
        strange = [
            at
            for at in self.house.desk.broken_at
            if not any(began <= at <= began + lasted + AFTERMATH for began, lasted in ends)
        ]
        return {
            "kills": self.killed.total(),
            "killed": dict(self.killed),
            "outages": len(self.outages),
            "back_in_s": median(self.back_in) if self.back_in else 0.0,
            "back_in_worst_s": max(self.back_in, default=0.0),
            "broken_answers": len(self.house.desk.broken_at),
            "broken_answers_without_outage": len(strange),
        }


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
