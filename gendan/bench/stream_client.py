"""A thousand browsers in one process: pages that listen, and note what they hear and when."""

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

AT_ONCE = 100
PATIENCE = 30.0


class Heard(NamedTuple):
    """One event: when its bytes came (monotonic seconds), and the digest that it told."""

    at: float
    digest: str


@dataclass(eq=False)
class Page(asyncio.Protocol):
    """A page of one person: an HTTP connection that stays open."""

    cookie: str
    person: int
    whose: str
    events: list[Heard] = field(default_factory=list)
    known: str = ""
    rest: bytes = b""
    transport: asyncio.Transport | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, host: str, port: int) -> None:
        """Connect, saying what is known from before, and wait until the answer has begun."""
        self.answered.clear()
        self.rest = b""
        transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        self.transport = transport
        lines = [f"GET /live?whose={self.whose} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"Cookie: {self.cookie}", "Accept: text/event-stream"]
        lines += [f"Last-Event-ID: {self.known}"] if self.known else []
        self.transport.write("\r\n".join([*lines, "", ""]).encode())
        await asyncio.wait_for(self.answered.wait(), PATIENCE)

    def data_received(self, data: bytes) -> None:
        """Take in what has come; whole events end with an empty line."""
        at = time.monotonic()
        *blocks, self.rest = (self.rest + data).split(b"\n\n")
        for block in blocks:
            self._hear(block, at)
        if blocks:
            self.answered.set()

    def _hear(self, block: bytes, at: float) -> None:
        for line in block.split(b"\n"):
            if line.startswith(b"data: "):
                self.known = json.loads(line.removeprefix(b"data: "))["digest"]
                self.events.append(Heard(at, self.known))

    def cut(self) -> None:
        """Lose the connection without a word, as in a tunnel."""
        if self.transport:
            self.transport.abort()

    def heard_since(self, at: float) -> Heard | None:
        """Return the first event that came after an instant."""
        return next((heard for heard in self.events if heard.at >= at), None)


def made(pages: Iterable[dict[str, Any]]) -> list[Page]:
    """Return a page for each person, not connected yet."""
    return [Page(page["cookie"], page["person"], page["whose"]) for page in pages]


async def call_all(pages: list[Page], host: str, port: int) -> None:
    """Connect pages, a hundred at a time."""
    for start in range(0, len(pages), AT_ONCE):
        calls = (page.call(host, port) for page in pages[start : start + AT_ONCE])
        await asyncio.gather(*calls)
