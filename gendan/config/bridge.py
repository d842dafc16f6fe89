"""From the event loop to Django's threads and back: one way there and one way back a request.

The body of a request is awaited in the event loop, as far as it comes at once, and what is answered
in one piece is sent from there: a thread only works. What is long is read and sent piece by piece,
and no faster than the other side takes it.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Protocol, cast

from gendan.config.threads import Threads

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

AT_ONCE = 262_144  # bytes: an answer up to this size is kept in memory and sent in one piece
UNTOLD = 1_048_576  # bytes: a body that does not say how long it is may be so long
NO_LENGTH = b"Say how long the body is (Content-Length), or send less than 1 MB of it."


class Application(Protocol):
    """Django, as WSGI knows it."""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., None], /
    ) -> Iterable[bytes]: ...


class Bridge:
    """Has requests answered by an application in so many threads."""

    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = Threads(threads)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        first = await receive()
        if _length_is_untold(scope):
            await self._answer_untold(scope, await _collected(first, receive), receive, send)
        else:
            await self._answer(scope, first, receive, send)

    async def _answer_untold(
        self, scope: Message, whole: Message, receive: Receive, send: Send
    ) -> None:
        """Tell the length of a body that did not; half of one is none, and nobody waits for it."""
        length = len(whole["body"])
        if length > UNTOLD:
            await _refuse(411, NO_LENGTH, send)
        elif whole["type"] != "http.disconnect":
            told = [*scope["headers"], (b"content-length", str(length).encode())]
            await self._answer({**scope, "headers": told}, whole, receive, send)

    async def _answer(self, scope: Message, first: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        call = _Call(self.application, loop, send)
        environ = _environ(scope, _body(first, receive, loop))
        for message in await self.threads.do(call.answered, environ):
            await send(message)


class _Call:
    """One request in its thread."""

    def __init__(
        self, application: Application, loop: asyncio.AbstractEventLoop, send: Send
    ) -> None:
        self.application, self.loop, self.send = application, loop, send

    def answered(self, environ: dict[str, Any]) -> list[Message]:
        """Have it answered; return what is still to be sent."""
        chunks = self.application(environ, self._start)
        try:
            if self.is_short:
                return [self.head, _piece(b"".join(chunks))]
            self._tell(self.head)
            for chunk in chunks:
                self._tell(_piece(chunk, more=True))
            return [_piece(b"")]
        finally:
            getattr(chunks, "close", lambda: None)()

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        named = [(name.lower().encode("latin-1"), _bytes(value)) for name, value in headers]
        length = dict(named).get(b"content-length")
        self.is_short = length is not None and int(length) <= AT_ONCE
        self.head = {"type": "http.response.start", "status": int(status[:3]), "headers": named}

    def _tell(self, message: Message) -> None:
        """Send from the thread, and wait until the other side has room."""
        sending = cast(Any, self.send(message))
        asyncio.run_coroutine_threadsafe(sending, self.loop).result()


class _LongBody(io.RawIOBase):
    """A request's body that is still coming: the thread asks the event loop for each piece."""

    def __init__(self, first: bytes, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self.rest, self.more = first, True
        self.receive, self.loop = receive, loop

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        """Fill the room as far as there is something; 0 at the end.

        :raises ConnectionError: if whoever sent it is gone before the end
        """
        while self.more and not self.rest:
            self._receive()
        taken = self.rest[: len(room)]
        room[: len(taken)] = taken
        self.rest = self.rest[len(taken) :]
        return len(taken)

    def _receive(self) -> None:
        message = asyncio.run_coroutine_threadsafe(cast(Any, self.receive()), self.loop).result()
        if message["type"] == "http.disconnect":
            raise ConnectionError("The body ends too early.")
        self.rest, self.more = message.get("body", b""), message.get("more_body", False)


def _length_is_untold(scope: Message) -> bool:
    """Say whether a body comes in pieces without a word of its length, which WSGI cannot say."""
    names = {name.lower() for name, _value in scope["headers"]}
    return b"transfer-encoding" in names and b"content-length" not in names


async def _collected(first: Message, receive: Receive) -> Message:
    """Return all pieces of a body as one; if it is too long, no more than shows that it is."""
    pieces, message = [first.get("body", b"")], first
    while message.get("more_body", False) and sum(map(len, pieces)) <= UNTOLD:
        message = await receive()
        pieces.append(message.get("body", b""))
    return {"type": message["type"], "body": b"".join(pieces), "more_body": False}


async def _refuse(status: int, sentence: bytes, send: Send) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    headers = [kind, (b"content-length", str(len(sentence)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send(_piece(sentence))


def _body(first: Message, receive: Receive, loop: asyncio.AbstractEventLoop) -> io.BufferedIOBase:
    """Return the body as Django reads it; most are short and there already."""
    begun = first.get("body", b"")
    if first["type"] == "http.request" and not first.get("more_body", False):
        return io.BytesIO(begun)
    return io.BufferedReader(_LongBody(begun, receive, loop))


def _environ(scope: Message, body: io.BufferedIOBase) -> dict[str, Any]:
    """Return the request in WSGI's words."""
    address, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": address,
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"]
    for name, value in scope["headers"]:
        _add(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header. WSGI cannot tell `_` from `-`: a name with `_` could feign a proxy's word."""
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
        key = f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value


def _piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _bytes(value: str) -> bytes:
    return value.strip().encode("latin-1")
