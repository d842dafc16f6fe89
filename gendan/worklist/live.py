"""Live updates of the worklist: one long answer per open page, fed by PostgreSQL's NOTIFY.

The database notifies after commit. The switchboard then asks once what waits for whom, and tells
each page whose share has changed: how many items wait, and a digest of what the person sees. A
page that connects, for the first time or again, says which digest it knows, and is told at once if
that is not today's: so nothing is missed, however long it was away. Who loses a right or signs out
is noticed in the same way, before anything else is told.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import parse_qs

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import connector_params

from gendan.worklist.callers import Caller, callers
from gendan.worklist.figures import Figures, Outlook, everything, outlook

Answer = TypeVar("Answer")
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

NEWS, RIGHTS = "gendan_worklist", "gendan_rights"
REST = 0.1  # seconds: what happens meanwhile is told together
HEARTBEAT = 20.0  # seconds: a silent line is closed by proxies
LIFETIME = 600.0  # seconds: then the page connects again
NEVER = float("-inf")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

log = structlog.get_logger("gendan.live")


class Page:
    """An open page: whose it is, what it knows, and what it is still to be told."""

    def __init__(self, scope: Message, send: Send) -> None:
        self.session_key = _session_key(scope)
        self.known, self.whose = _known(scope)
        self.send = send
        self.life = asyncio.timeout(LIFETIME)
        self.looked_at = asyncio.Event()
        self.person_id = 0
        self.outlook: Outlook | None = None
        self.spoken_at = NEVER
        self.unsaid = b""
        self.speaking: asyncio.Task[None] | None = None

    def admit(self, caller: Caller | None) -> None:
        """Note who calls and what they see; hang up on somebody who may see nothing."""
        self.looked_at.set()
        if caller is None:
            self.outlook = None
            return self.hang_up()
        self.person_id = caller.person.pk
        self.outlook = outlook(caller.person, self.whose)
        left = (caller.until - timezone.now()).total_seconds()
        return self._live_for(min(LIFETIME, left))

    def hang_up(self) -> None:
        """End the answer; a browser calls again by itself."""
        self._live_for(0)

    def _live_for(self, seconds: float) -> None:
        if not self.life.expired():
            self.life.reschedule(asyncio.get_running_loop().time() + seconds)

    def tell(self, figures: Figures) -> None:
        """Tell the person's figures if they are news, or a word from time to time."""
        if figures.digest != self.known:
            self.known = figures.digest
            self._say(_event(figures))
        elif not self.unsaid and time.monotonic() - self.spoken_at > HEARTBEAT:
            self._say(b": still here\n\n")

    def _say(self, words: bytes) -> None:
        """Send words as soon as the line takes them; of news that pile up, the last counts."""
        self.unsaid = words
        if self.speaking is None or self.speaking.done():
            self.speaking = asyncio.create_task(self._speak())

    async def _speak(self) -> None:
        if self.spoken_at == NEVER:
            await _start(self.send, 200)
        while self.unsaid:
            words, self.unsaid, self.spoken_at = self.unsaid, b"", time.monotonic()
            await self.send({"type": "http.response.body", "body": words, "more_body": True})

    async def end(self) -> None:
        """Say the last word, after those that are on their way; to a stranger it is 403."""
        if self.speaking:
            await self.speaking
        else:
            await _start(self.send, 403)
        await self.send({"type": "http.response.body", "body": b""})


def _event(figures: Figures) -> bytes:
    """Return the figures as an event whose id is what the page knows from now on.

    Browsers call again after a time of their own each, lest a thousand do it in the same moment.
    """
    data = json.dumps({"count": figures.count, "digest": figures.digest})
    retry = random.randint(1000, 4000)  # noqa: S311 (milliseconds)
    return f"retry: {retry}\nid: {figures.digest}\nevent: worklist\ndata: {data}\n\n".encode()


class Switchboard:
    """The open pages of this process, and the one listener that serves them all."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.listener: asyncio.Task[None] | None = None
        self.wake = asyncio.Event()
        self.rights_changed = False

    @contextmanager
    def connected(self, page: Page) -> Iterator[None]:
        """Keep a page informed."""
        self.pages.add(page)
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self._listen())
        self.wake.set()
        try:
            yield
        finally:
            self.pages.discard(page)

    def hang_up(self) -> None:
        """End all answers: this process is about to end."""
        for page in self.pages:
            page.hang_up()

    async def _listen(self) -> None:
        """Listen from the first page on; a lost database is tried again each second."""
        while True:
            try:
                async with await _connect() as line, asyncio.TaskGroup() as both:
                    await line.execute(f"LISTEN {NEWS}; LISTEN {RIGHTS}")
                    self.rights_changed = True  # perhaps, while nobody listened
                    self.wake.set()
                    both.create_task(self._hear(line))
                    both.create_task(self._tell())
            except* (psycopg.Error, Error, OSError) as lost:
                log.warning("live.lost", reason=str(lost.exceptions[0]))
            await asyncio.sleep(1)

    async def _hear(self, line: psycopg.AsyncConnection[Any]) -> None:
        async for note in line.notifies():
            self.rights_changed |= note.channel == RIGHTS
            self.wake.set()

    async def _tell(self) -> None:
        """Tell at once what happens, then rest: what happens meanwhile is told together."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), HEARTBEAT)
            self.wake.clear()
            began = time.monotonic()
            await self._tell_all(set(self.pages))
            await asyncio.sleep(max(REST, time.monotonic() - began))

    async def _tell_all(self, pages: set[Page]) -> None:
        """Tell each page its share; rights are read last, so that none is used after its loss."""
        if not pages:
            return
        waiting = await _read(everything)
        await self._admit(pages)
        for page in pages:
            if page.outlook:
                page.tell(waiting.figures(page.person_id, page.outlook))

    async def _admit(self, pages: set[Page]) -> None:
        """Find out who has just called; everybody is looked at again after a change of rights."""
        unknown = {page for page in pages if self.rights_changed or not page.looked_at.is_set()}
        self.rights_changed = False
        if unknown:
            known = await _read(callers, {page.session_key for page in unknown})
            for page in unknown:
                page.admit(known.get(page.session_key))


def _read(question: Callable[..., Answer], *about: Any) -> Awaitable[Answer]:
    """Ask the database in the one thread that keeps a connection for us."""

    def asked() -> Answer:
        close_old_connections()
        return question(*about)

    return sync_to_async(asked, thread_sensitive=True)()


async def _connect() -> psycopg.AsyncConnection[Any]:
    return await psycopg.AsyncConnection.connect(autocommit=True, **connector_params())


switchboard = Switchboard()


async def stream(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one page until it goes away: server-sent events, or 403 for a stranger."""
    page = Page(scope, send)
    with suppress(TimeoutError):
        async with page.life:
            with switchboard.connected(page):
                await page.looked_at.wait()
                if page.outlook:
                    return await _gone(receive)
    return await page.end()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})


def _session_key(scope: Message) -> str:
    cookies = SimpleCookie(_header(scope, b"cookie"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def _known(scope: Message) -> tuple[str, str]:
    """Return the digest that a page knows, from its first call or a later one, and whose work."""
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    first, whose = (asked.get(name, [""])[0] for name in ("known", "whose"))
    return _header(scope, b"last-event-id") or first, whose


def _header(scope: Message, name: bytes) -> str:
    found = (value for key, value in scope["headers"] if key == name)
    return next(found, b"").decode("latin-1")
