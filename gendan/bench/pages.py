"""Every page with 100,000 and with 1,000,000 orders, at one client and at eight.

What is measured is the time from sending a request to the last byte of its answer, over one
connection for each client; no page is asked the same thing twice where it can be asked two.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from gendan.bench.ground import BenchFailed, Ground, Site
from gendan.bench.measuring import percentiles
from gendan.bench.report import Row

SIZES = (100_000, 1_000_000)
QUICK = (500, 2_000)
TIMES, QUICK_TIMES = 60, 4
CLIENTS = (1, 8)
AIMS_MS = {1: 50, 8: 200}
GROWTH = 1.5
EXPORTED = 50_000
EXPORTS = {
    "csv": "/orders/?tab=all&export=csv",
    "xlsx": "/orders/?tab=all&export=xlsx&q=placed_at+%3E+-{days}d",
}
Asked = Sequence[Sequence[str]]


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Return what each page took at each size and number of clients, and what exports did."""
    sizes = {str(size): _at(size, ground, quick=quick) for size in (QUICK if quick else SIZES)}
    small, large = sizes.values()
    return {
        "sizes": sizes,
        "growth": {
            name: round(_p95(large, name, 1) / max(_p95(small, name, 1), 0.1), 2)
            for name in large["pages"]
        },
    }


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return a line for each page, then the exports."""
    return [
        row
        for size, found in facts["sizes"].items()
        for row in _rows(f"{int(size):,}", found, facts["growth"] if size == _last(facts) else {})
    ]


def _at(size: int, ground: Ground, *, quick: bool) -> dict[str, Any]:
    with ground.database(f"pages_{size}") as site:
        if site.is_new:
            site.run("gendan.bench.million", str(size))
        asked = site.run("gendan.bench.pages_asked", str(QUICK_TIMES if quick else TIMES))
        with ground.served(site, workers=2) as address:
            ground.say(f"asking {len(asked['pages'])} pages of {size:,} orders")
            pages = dict(_pages(address, asked))
            return {"pages": pages, "exports": _exports(address, asked, site)}


def _pages(address: str, asked: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, requests in asked["pages"].items():
        _ask(address, asked["people"], requests[:4])  # each process has seen the page once
        yield (
            name,
            {
                str(clients): percentiles(_asked_by(clients, address, asked["people"], requests))
                for clients in CLIENTS
            },
        )


def _asked_by(clients: int, address: str, people: dict[str, str], requests: Asked) -> list[float]:
    """Return the seconds of each answer, the requests dealt out to so many clients."""
    hands = [requests[first::clients] for first in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        answers = pool.map(lambda hand: _ask(address, people, hand), hands)
        return [seconds for hand in answers for seconds in hand]


def _ask(address: str, people: dict[str, str], requests: Asked) -> list[float]:
    connection = HTTPConnection(str(urlsplit(address).netloc), timeout=120)
    took = []
    for who, path in requests:
        began = time.perf_counter()
        connection.request("GET", quote(path, safe="/?&=%+"), headers=_headers(people[who]))
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        if answer.status not in (200, 302):
            raise BenchFailed(f"{path} answered {answer.status} to the {who}")
    connection.close()
    return took


def _headers(session: str) -> dict[str, str]:
    return {"Cookie": f"sessionid={session}", "Accept-Language": "zh"}


def _exports(address: str, asked: dict[str, Any], site: Site) -> dict[str, Any]:
    """Return how many rows a second each file brought, and what the process grew by meanwhile."""
    session = asked["people"]["supervisor"]
    return {kind: _export(address, path.format(days=30), session) for kind, path in EXPORTS.items()}


def _export(address: str, path: str, session: str) -> dict[str, Any]:
    connection = HTTPConnection(str(urlsplit(address).netloc), timeout=600)
    before, began, lines, size = _peak_mb(), time.perf_counter(), 0, 0
    connection.request("GET", path, headers=_headers(session))
    answer = connection.getresponse()
    while part := answer.read(1 << 20):
        lines += part.count(b"\n")
        size += len(part)
    seconds = time.perf_counter() - began
    connection.close()
    return {
        "rows": lines - 1 if "csv" in path else 0,
        "bytes": size,
        "seconds": round(seconds, 2),
        "rows_per_s": round((lines - 1) / seconds) if "csv" in path else 0,
        "grew_mb": round(_peak_mb() - before, 1),
    }


def _peak_mb() -> float:
    """Return what the largest process of the served house has needed at most so far."""
    needed = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            command = status.with_name("cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if (b"gendan" in command and b"serve" in command) or b"granian" in command:
            needed += [
                int(line.split()[1]) / 1024
                for line in text.splitlines()
                if line.startswith("VmHWM")
            ]
    return max(needed)


def _rows(size: str, found: dict[str, Any], growth: dict[str, float]) -> Iterator[Row]:
    for name, page in found["pages"].items():
        for clients, aim in AIMS_MS.items():
            times = page[str(clients)]
            yield Row(
                what=f"{name}, {size} orders, {clients} client{'s' * (clients > 1)}",
                measured="{p50_ms:.0f} / {p95_ms:.0f} / {p99_ms:.0f} ms".format(**times),
                aim=f"p95 ≤ {aim} ms",
                met=times["p95_ms"] <= aim,
            )
        if name in growth:
            yield Row(
                what=f"{name}, ten times the orders",
                measured=f"{growth[name]:.2f} times",
                aim=f"≤ {GROWTH} times",
                met=growth[name] <= GROWTH,
            )
    csv = found["exports"]["csv"]
    yield Row(
        what=f"export as CSV, {size} orders",
        measured=f"{csv['rows_per_s']:,} rows/s, {csv['grew_mb']} MB more",
        aim=f"≥ {EXPORTED:,} rows/s",
        met=csv["rows_per_s"] >= EXPORTED,
    )


def _p95(found: dict[str, Any], name: str, clients: int) -> float:
    return float(found["pages"][name][str(clients)]["p95_ms"])


def _last(facts: dict[str, Any]) -> str:
    return str(list(facts["sizes"])[-1])
