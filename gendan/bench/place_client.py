"""The load of `gendan bench place`: programs that place orders over HTTP, as light as they can be.

A process of its own, without Django. The bodies were written before, so that while the clock runs
there is nothing to do but to send and to wait. Each client keeps its connection.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httptools
import psutil
import uvloop

from gendan.bench.measuring import percentiles

WARM_UP = 1.0  # seconds before the clock runs
ONE_AFTER_THE_OTHER = 0.02  # seconds between two connections: whoever has time takes the next
CREATED = 201


class Client(asyncio.Protocol):
    """One program: it sends an order, waits for the answer, and sends the next."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, _why: Exception | None) -> None:
        self.load.gone += not self.load.is_over

    def on_message_complete(self) -> None:
        self.load.note(self.parser.get_status_code(), self.sent_at)
        self.parser = httptools.HttpResponseParser(self)
        if self.load.is_over:
            self.transport.close()
        else:
            self._send()

    def _send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.write(next(self.load.requests))


class Load:
    """What all clients send and have been told."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.answers: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.from_, self.until = float("inf"), float("inf")
        self.waiting = self.gone = 0

    @property
    def is_over(self) -> bool:
        return time.perf_counter() >= self.until

    def note(self, status: int, sent_at: float) -> None:
        """Note an answer; its time counts if all of it fell into the measured span."""
        self.answers[status] += 1
        now = time.perf_counter()
        if status == CREATED and sent_at >= self.from_ and now <= self.until:
            self.seconds.append(now - sent_at)


async def run(address: str, load: Load, clients: int, seconds: float) -> None:
    """Let so many clients place orders for so long, after a warm-up; wait for the last answers."""
    loop, to = asyncio.get_running_loop(), urlsplit(address)
    host, port = str(to.hostname), int(to.port or 80)
    made = []
    for _number in range(clients):
        transport, _client = await loop.create_connection(lambda: Client(load), host, port)
        made.append(transport)
        await asyncio.sleep(ONE_AFTER_THE_OTHER)
    load.from_ = time.perf_counter() + WARM_UP
    load.until = load.from_ + seconds
    await asyncio.sleep(WARM_UP + seconds)
    while not all(transport.is_closing() for transport in made):
        await asyncio.sleep(0.01)


def requests(file: Path, skip: int, host: str, key: str) -> Iterator[bytes]:
    """Yield the orders of a file as requests, from a line on."""
    head = (
        f"POST /api/orders HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        "Accept-Language: en\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    with file.open("rb") as lines:
        for line in islice(lines, skip, None):
            body = line.rstrip(b"\n")
            yield head + str(len(body)).encode() + b"\r\n\r\n" + body


def main(address: str, key: str, file: str, skip: str, clients: str, seconds: str) -> None:
    """Place orders; print what came of it."""
    load = Load(requests(Path(file), int(skip), urlsplit(address).netloc, key))
    uvloop.run(run(address, load, int(clients), float(seconds)))
    busy = psutil.Process().cpu_times()
    facts = {
        "orders_per_s": round(len(load.seconds) / float(seconds), 1),
        **percentiles(load.seconds),
        "answers": dict(load.answers),
        "lost_connections": load.gone,
        "client_cpu_ms": round((busy.user + busy.system) * 1000 / load.answers.total(), 3),
    }
    click.echo(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
