"""From the event loop to the threads and back: what is short in one piece, what is long in many."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from gendan.config.bridge import AT_ONCE, UNTOLD, Application, Bridge, Message

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/orders/单",
    "query_string": b"q=1",
    "http_version": "1.1",
    "scheme": "https",
    "server": ("127.0.0.1", 8000),
    "client": ("203.0.113.9", 5000),
    "headers": [(b"content-type", b"text/plain"), (b"x-real", b"yes")],
}
WHOLE = {"type": "http.request", "body": b"order", "more_body": False}
Start = Callable[..., None]


def asked(application: Application, *told: Message, **scope: Any) -> list[Message]:
    """Ask the application over the bridge; return what was sent."""
    waiting, sent = list(told or [WHOLE]), list[Message]()

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Bridge(application, 1)(SCOPE | scope, receive, send))
    return sent


def text(sent: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent)


def echo(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


def answering(length: int | None, pieces: Iterable[bytes]) -> Application:
    """Return an application that answers with these pieces."""

    def application(_environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("201 Created", [] if length is None else [("Content-Length", str(length))])
        return pieces

    return application


def test_a_short_answer_is_sent_in_one_piece() -> None:
    head, body = asked(answering(4, [b"ab", b"cd"]))
    assert (head["status"], head["headers"]) == (201, [(b"content-length", b"4")])
    assert (body["body"], body["more_body"]) == (b"abcd", False)


@pytest.mark.parametrize("length", [None, AT_ONCE + 1])
def test_a_long_answer_is_sent_as_it_comes(length: int | None) -> None:
    _head, *pieces = asked(answering(length, [b"ab", b"cd"]))
    assert [piece["body"] for piece in pieces] == [b"ab", b"cd", b""]
    assert [piece["more_body"] for piece in pieces] == [True, True, False]


def test_a_long_answer_waits_until_the_other_side_has_room() -> None:
    made, room = list[bytes](), threading.Event()

    def pieces() -> Iterator[bytes]:
        for row in (b"1", b"2", b"3"):
            made.append(row)
            yield row

    async def receive() -> Message:
        return WHOLE

    async def send(message: Message) -> None:
        if message.get("body") and not room.is_set():
            await asyncio.sleep(0.05)
            assert made == [b"1"]
            room.set()

    asyncio.run(Bridge(answering(None, pieces()), 1)(SCOPE, receive, send))
    assert made == [b"1", b"2", b"3"]


def test_an_answer_is_closed_whatever_happens() -> None:
    closed = []

    class Breaking(list[bytes]):
        def __iter__(self) -> Iterator[bytes]:
            raise LookupError

        def close(self) -> None:
            closed.append(True)

    for length in (None, 4):
        with pytest.raises(LookupError):
            asked(answering(length, Breaking()))
    assert closed == [True, True]


def test_a_body_that_comes_in_pieces_is_read_to_its_end() -> None:
    pieces = [
        {"type": "http.request", "body": b"or", "more_body": True},
        {"type": "http.request", "body": b"", "more_body": True},
        {"type": "http.request", "body": b"der", "more_body": False},
    ]
    assert text(asked(echo, *pieces)) == text(asked(echo)) == b"order"


def test_a_body_that_ends_too_early_is_no_body() -> None:
    begun = {"type": "http.request", "body": b"or", "more_body": True}
    with pytest.raises(ConnectionError):
        asked(echo, begun, {"type": "http.disconnect"})


def test_the_request_is_told_in_the_words_of_wsgi() -> None:
    heard: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        heard.update(environ)
        start("204 No Content", [("Content-Length", "0")])
        return []

    asked(application)
    assert heard["PATH_INFO"].encode("latin-1").decode() == "/orders/单"
    assert (heard["QUERY_STRING"], heard["wsgi.url_scheme"]) == ("q=1", "https")
    assert (heard["REMOTE_ADDR"], heard["SERVER_PORT"]) == ("203.0.113.9", "8000")
    assert (heard["CONTENT_TYPE"], heard["HTTP_X_REAL"]) == ("text/plain", "yes")


def test_a_name_that_feigns_a_header_of_the_proxy_is_dropped() -> None:
    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [environ["HTTP_X_FORWARDED_PROTO"].encode()]

    headers = [(b"x-forwarded-proto", b"http"), (b"x_forwarded_proto", b"https")]
    assert text(asked(application, headers=headers)) == b"http"


def test_cookies_in_two_headers_are_both_there() -> None:
    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [environ["HTTP_COOKIE"].encode()]

    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert text(asked(application, headers=headers)) == b"a=1; b=2"


def counted(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Read as much as Django would: what the length says."""
    start("200 OK", [])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]


CHUNKED = [(b"transfer-encoding", b"chunked")]


def test_a_body_that_does_not_say_its_length_is_read_whole() -> None:
    first = {"type": "http.request", "body": b"or", "more_body": True}
    last = {"type": "http.request", "body": b"der", "more_body": False}
    assert text(asked(counted, first, last, headers=CHUNKED)) == b"order"


def test_a_long_body_that_does_not_say_its_length_is_refused() -> None:
    piece = {"type": "http.request", "body": b"x" * (UNTOLD // 2 + 1), "more_body": True}
    head, body = asked(counted, piece, piece, piece, headers=CHUNKED)
    assert head["status"] == 411
    assert b"Content-Length" in body["body"]


def test_half_a_body_of_untold_length_is_not_answered() -> None:
    first = {"type": "http.request", "body": b"or", "more_body": True}
    assert asked(counted, first, {"type": "http.disconnect"}, headers=CHUNKED) == []
