"""Every page with 100,000 and with 1,000,000 orders, at one client and at eight.

What is measured is the time from sending a request to the last byte of its answer, over one
connection for each client; no page is asked the same thing twice where it can be asked two.
"""

import csv
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote, urlsplit
from zipfile import ZipFile

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
WEB = b"gendan.config.web"
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
    return {
        kind: _export(address, path.format(days=30), session, site)
        for kind, path in EXPORTS.items()
    }


def _export(address: str, path: str, session: str, site: Site) -> dict[str, Any]:
    connection = HTTPConnection(str(urlsplit(address).netloc), timeout=600)
    with TemporaryFile() as file:
        before, began = _forget_peaks(site), time.perf_counter()
        connection.request("GET", path, headers=_headers(session))
        answer = connection.getresponse()
        while part := answer.read(1 << 16):
            file.write(part)
        seconds = time.perf_counter() - began
        grew = max(_peak_mb(process) - needed for process, needed in before.items())
        connection.close()
        size = file.tell()
        exported = _rows_in(file, zipped="xlsx" in path)
    return {
        "rows": exported,
        "bytes": size,
        "seconds": round(seconds, 2),
        "rows_per_s": round(exported / seconds),
        "grew_mb": round(grew, 1),
    }


def _rows_in(file: IO[bytes], *, zipped: bool) -> int:
    """Return how many rows a file holds under its head."""
    file.seek(0)
    if not zipped:
        return sum(1 for _row in csv.reader(TextIOWrapper(file, "utf-8", newline=""))) - 1
    with ZipFile(file) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        return sheet.read().count(b"<row ") - 1


def _forget_peaks(site: Site) -> dict[Path, float]:
    """Return what each process that serves the site needs now, in MB; its peak begins here."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if _serves(process, site):
                (process / "clear_refs").write_text("5")
                found[process] = _peak_mb(process)
        except OSError:
            continue  # it ended meanwhile, or is another's
    if not found:
        raise BenchFailed("The processes that serve the house are not to be found.")
    return found


def _serves(process: Path, site: Site) -> bool:
    command = (process / "cmdline").read_bytes().split(b"\0")
    ours = f"DATABASE_URL={site.url}".encode()
    return WEB in command and ours in (process / "environ").read_bytes().split(b"\0")


def _peak_mb(process: Path) -> float:
    """Return what a process has needed at most so far."""
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


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
    for kind, export in found["exports"].items():
        aimed = kind == "csv"
        yield Row(
            what=f"export as {kind.upper()}, {size} orders",
            measured=f"{export['rows_per_s']:,} rows/s, {export['grew_mb']} MB more",
            aim=f"≥ {EXPORTED:,} rows/s" if aimed else "",
            met=export["rows_per_s"] >= EXPORTED if aimed else None,
        )


def _p95(found: dict[str, Any], name: str, clients: int) -> float:
    return float(found["pages"][name][str(clients)]["p95_ms"])


def _last(facts: dict[str, Any]) -> str:
    return str(list(facts["sizes"])[-1])
