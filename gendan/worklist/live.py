"""Live updates of the worklist: one long answer per open page, fed by PostgreSQL's NOTIFY.

The database notifies with the id of a journal entry after commit. Notifications of a short moment
are taken together; one query says what waits for whom, and each open page is told its own figure.
A page is told at once when it connects, so that a reconnect misses nothing.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections, connection
from django.utils.crypto import constant_time_compare

from gendan.people.models import Person

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

CHANNEL = "gendan_worklist"
TOGETHER = 0.1  # seconds: notifications of this long become one
HEARTBEAT = 20.0  # seconds: a silent line is closed by proxies
LIFETIME = 600.0  # seconds: then the page connects again, and its right is checked again

WAITING = """
SELECT role, owner_id, shop_id, warehouse_id, count(*), count(*) FILTER (WHERE due_at < now())
FROM worklist_item WHERE done_at IS NULL GROUP BY 1, 2, 3, 4
"""
NEWEST = "SELECT coalesce(max(id), 0) FROM journal_entry"

log = structlog.get_logger("gendan.live")


@dataclass(frozen=True)
class Waiting:
    """How many items of a role, an owner and a place wait."""

    role: str
    owner_id: int | None
    shop_id: int | None
    warehouse_id: int | None
    count: int
    late: int


@dataclass(eq=False)
class Page:
    """An open page of a person, and what it is still to be told."""

    person: Person
    told: dict[str, int] | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    message: bytes = b""

    def sees(self, waiting: Waiting) -> bool:
        """Say whether the person has to do with these items."""
        person = self.person
        mine = waiting.owner_id == person.pk or (
            waiting.owner_id is None and waiting.role in person.roles
        )
        return (
            mine
            and _among(waiting.shop_id, person.shop_ids)
            and _among(waiting.warehouse_id, person.warehouse_ids)
        )

    def tell(self, rows: list[Waiting], version: int) -> None:
        """Note the person's figures for sending, if they are news."""
        mine = [row for row in rows if self.sees(row)]
        figures = {
            "count": sum(row.count for row in mine),
            "late": sum(row.late for row in mine),
            "digest": hash(tuple(sorted(map(repr, mine)))) & 0xFFFFFFFF,
        }
        if figures != self.told:
            self.told = figures
            self.message = (
                f"id: {version}\nevent: worklist\ndata: {json.dumps(figures)}\n\n".encode()
            )
            self.news.set()


def _among(place: int | None, seen: list[int] | None) -> bool:
    return place is None or seen is None or place in seen


class Switchboard:
    """The open pages of this process, and the one listener that serves them all."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.listener: asyncio.Task[None] | None = None
        self.wake = asyncio.Event()

    def open(self, page: Page) -> None:
        self.pages.add(page)
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self._listen())
        self.wake.set()

    def close(self, page: Page) -> None:
        self.pages.discard(page)

    async def _listen(self) -> None:
        """Listen for as long as a page is open; a lost database is tried again each second."""
        while self.pages:
            try:
                async with await _connect() as line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    self.wake.set()
                    await asyncio.gather(self._hear(line), self._tell())
            except (psycopg.Error, OSError) as lost:
                log.warning("live.lost", reason=str(lost))
                await asyncio.sleep(1)

    async def _hear(self, line: psycopg.AsyncConnection[Any]) -> None:
        async for _note in line.notifies():
            self.wake.set()

    async def _tell(self) -> None:
        async with await _connect() as line:
            while True:
                await self.wake.wait()
                await asyncio.sleep(TOGETHER)
                self.wake.clear()
                newest = await (await line.execute(NEWEST)).fetchone()
                rows = [Waiting(*row) for row in await (await line.execute(WAITING)).fetchall()]
                for page in tuple(self.pages):
                    page.tell(rows, newest[0] if newest else 0)


async def _connect() -> psycopg.AsyncConnection[Any]:
    parameters = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port", "options")
    return await psycopg.AsyncConnection.connect(
        autocommit=True, **{key: parameters[key] for key in wanted if parameters.get(key)}
    )


switchboard = Switchboard()


async def stream(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one page until it goes away: server-sent events, or 403 for a stranger."""
    person = await sync_to_async(_person, thread_sensitive=False)(_session_key(scope))
    if person is None or not person.may("worklist.see"):
        await _start(send, 403)
        await send({"type": "http.response.body", "body": b""})
        return
    page = Page(person)
    await _start(send, 200)
    gone = asyncio.create_task(_gone(receive))
    switchboard.open(page)
    try:
        await asyncio.wait_for(_write(page, gone, send), LIFETIME)
    except TimeoutError:
        await send({"type": "http.response.body", "body": b""})
    finally:
        switchboard.close(page)
        gone.cancel()


async def _write(page: Page, gone: "asyncio.Task[None]", send: Send) -> None:
    while not gone.done():
        news = asyncio.create_task(page.news.wait())
        await asyncio.wait({news, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            news.cancel()
            return
        body = page.message if news.done() else b": still here\n\n"
        page.news.clear()
        news.cancel()
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


def _session_key(scope: Message) -> str:
    cookies = SimpleCookie(
        next((v.decode("latin-1") for k, v in scope["headers"] if k == b"cookie"), "")
    )
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def _person(session_key: str) -> Person | None:
    """Return who is signed in with the session, checked as Django checks it."""
    close_old_connections()
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        person = Person.objects.filter(pk=session[SESSION_KEY], is_active=True).first()
        if person is None or person.password_expired:
            return None
        kept = session.get(HASH_SESSION_KEY, "")
        return person if constant_time_compare(kept, person.get_session_auth_hash()) else None
    finally:
        connection.close()
