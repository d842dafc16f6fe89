"""Live updates: a thousand open pages on one web process, and how soon each hears of a change.

The people act in one process, the pages listen in another, the web process stands between them.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from gendan.bench.ground import Ground, Site
from gendan.bench.measuring import percentiles
from gendan.bench.report import Row
from gendan.bench.stream_client import Page, call_all, made

PEOPLE, CHANGES = 1_000, 60
QUIET = 0.2  # seconds after a change, in which nobody else may hear anything
PATIENCE = 5.0  # seconds after which a change counts as missed
CUT = 0.2  # of the pages lose their connection
MEANWHILE = 100  # changes while they are away, and without a pause before
AIM_MS = 300


class Acting:
    """The child in which people act: a question a line, an answer a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, question: str) -> Any:
        """Ask, and wait for the answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    async def asked(self, question: str) -> Any:
        """Ask while the pages go on listening."""
        return await asyncio.to_thread(self.ask, question)


@contextmanager
def _acting(site: Site, people: int) -> Iterator[Acting]:
    house = ("gendan.bench.house", "gendan.bench.stream_house", str(people))
    command = [sys.executable, "-m", *house]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 (ours)
        command, env=site.environment, stdin=pipe, stdout=pipe, text=True
    ) as process:
        yield Acting(process)
        process.communicate()  # nothing more to ask


@dataclass
class Told:
    """What came of changes: how long each page waited, who heard nothing, who should not have."""

    seconds: list[float]
    missed: int = 0
    to_strangers: int = 0


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Return how soon changes reach those who may see them, and what a page costs."""
    people, changes = (PEOPLE // 10, CHANGES // 10) if quick else (PEOPLE, CHANGES)
    with ground.database("stream") as site, _acting(site, people) as acting:
        ground.say(f"signing {people:,} people in")
        pages = made(acting.ask("pages"))
        with ground.served(site, workers=1) as address:
            ground.say(f"{people:,} pages listen, {changes} changes one by one, then many at once")
            return asyncio.run(_measured(acting, pages, address, changes))


async def _measured(
    acting: Acting, pages: list[Page], address: str, changes: int
) -> dict[str, Any]:
    where = (urlsplit(address).hostname or "", urlsplit(address).port or 80)
    web = _web_process(where[1])
    await _warm_up(address, pages[:20])
    before, began = _memory(web), time.monotonic()
    await call_all(pages, *where)
    connected = time.monotonic() - began
    after = _memory(web)
    told = await _one_by_one(acting, pages, changes)
    settled = await _many(acting, pages)
    missed_after_reconnect = await _cut_and_back(acting, pages, where)
    return {
        "connections": len(pages),
        **percentiles(told.seconds),
        "deliveries": len(told.seconds),
        "to_strangers": told.to_strangers,
        "missed": told.missed + settled,
        "missed_after_reconnect": missed_after_reconnect,
        "kb_per_connection": round((after - before) / len(pages) / 1024, 1),
        "connected_s": round(connected, 2),
        "web_mb": round(_memory(web) / 2**20),
    }


async def _warm_up(address: str, pages: list[Page]) -> None:
    """Have the web process load what pages need, so that it is not counted as the streams'."""
    async with httpx.AsyncClient(base_url=address) as client:
        for page in pages:
            await client.get("/", headers={"Cookie": page.cookie})
    host, port = urlsplit(address).hostname or "", urlsplit(address).port or 80
    await call_all(pages, host, port)
    for page in pages:
        page.cut()
    await asyncio.sleep(QUIET)


def _web_process(port: int) -> psutil.Process:
    """Return the web process of the house that serves a port."""
    served = next(
        process
        for process in psutil.Process().children(recursive=True)
        if f"--port={port}" in process.cmdline()
    )
    return next(child for child in served.children() if "gendan.config.web" in child.cmdline())


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


async def _one_by_one(acting: Acting, pages: list[Page], changes: int) -> Told:
    """Change one thing, wait until everybody knows who is to, and look who else heard of it."""
    told = Told([])
    for _ in range(changes):
        change = await acting.asked("change")
        hearers = {page for page in pages if page.person in set(change["hearers"])}
        await _until_all_heard(hearers, change["at"])
        await asyncio.sleep(QUIET)
        for page in pages:
            _note(told, page.heard_since(change["at"]), change["at"], page in hearers)
    return told


def _note(told: Told, heard: Any, at: float, is_hearer: bool) -> None:
    if heard and is_hearer:
        told.seconds.append(heard.at - at)
    told.missed += is_hearer and not heard
    told.to_strangers += bool(heard) and not is_hearer


async def _until_all_heard(pages: set[Page], at: float) -> None:
    deadline = at + PATIENCE
    while time.monotonic() < deadline and not all(page.heard_since(at) for page in pages):
        await asyncio.sleep(0.01)


async def _many(acting: Acting, pages: list[Page]) -> int:
    """Change many things without a pause; return how many pages do not know the end."""
    await acting.asked(f"many {MEANWHILE}")
    return await _ignorant(acting, pages)


async def _cut_and_back(acting: Acting, pages: list[Page], where: tuple[str, int]) -> int:
    """Cut some pages off, change things, let them call again; return how many missed something."""
    away = pages[: int(len(pages) * CUT)]
    for page in away:
        page.cut()
    await acting.asked(f"many {MEANWHILE}")
    coming = asyncio.create_task(call_all(away, *where))
    await acting.asked(f"many {MEANWHILE}")  # some come back while things change
    await coming
    return await _ignorant(acting, pages)


async def _ignorant(acting: Acting, pages: list[Page]) -> int:
    """Return how many pages know something else than what each person sees now."""
    truth = await acting.asked("truth")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if all(page.known == truth[str(page.person)] for page in pages):
            return 0
        await asyncio.sleep(0.05)
    return sum(page.known != truth[str(page.person)] for page in pages)


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return what the table prints."""
    spread = f"p50 {facts['p50_ms']:.0f} ms, p95 {facts['p95_ms']:.0f} ms"
    slowest = facts["p99_ms"]
    return [
        Row(
            f"A change reaches all of {facts['connections']:,} pages that may see it",
            f"{spread}, p99 {slowest:.0f} ms",
            aim=f"p99 ≤ {AIM_MS} ms",
            met=slowest <= AIM_MS,
        ),
        _none("Events told to somebody who may not see them", facts["to_strangers"]),
        _none(f"Events missed, of {facts['deliveries']:,} and a storm", facts["missed"]),
        _none("Pages that missed something while cut off", facts["missed_after_reconnect"]),
        Row("Memory of a page in the web process", f"{facts['kb_per_connection']:.0f} KB"),
    ]


def _none(what: str, number: int) -> Row:
    return Row(what, str(number), aim="0", met=number == 0)
