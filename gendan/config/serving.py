"""`gendan serve`: the database, the web and the worker, and in a demo a courier and a mail server.

Everything that takes time is skipped when nothing has changed, and this process loads Django only
to migrate: a second start is up as soon as the web process is.
"""

import asyncio
import fcntl
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

import structlog

from gendan.config import assets, home, mail_sink, postgres, ready
from gendan.config.children import Child, keep_all

Say = Callable[[str], None]
SIMULATOR = "gendan.channels.simulator"
SPEED = 720  # a demo parcel's day takes two minutes
LOOPBACK = "127.0.0.1"
UP_WITHIN = 120.0
LOOK_EVERY = 1.0  # seconds between two looks after the database

log = structlog.get_logger("gendan.serve")


class CannotServe(Exception):
    """Gendan cannot be served; the sentence says why and what to do."""


@dataclass(frozen=True)
class Wish:
    """What was asked on the command line."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    demo: bool = False
    only: str = ""  # "web" or "worker": on a machine of several that does nothing else

    @property
    def address(self) -> str:
        """Return where a person finds Gendan."""
        return f"http://{self.host}:{self.port}"


def serve(wish: Wish, *, say: Say, greet: Callable[[], None]) -> None:
    """Run everything until SIGTERM or Ctrl-C, then end it in order; `greet` once it is up.

    :raises CannotServe: if the port is taken or this home is served already
    """
    signal.signal(signal.SIGTERM, _leave)
    with suppress(KeyboardInterrupt), _only_one(wish), _listening(wish) as listening:
        say("Starting PostgreSQL")
        with postgres.running():
            if ready.bring_up_to_date():
                say("Brought the database up to date")
            assets.make()
            asyncio.run(_keep(wish, listening, greet))


def _leave(*_: object) -> None:
    raise KeyboardInterrupt


async def _keep(wish: Wish, listening: socket.socket | None, greet: Callable[[], None]) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with AsyncExitStack() as around:
        environment = _settings(wish)
        outside = await _outside_world(environment, around) if wish.demo else []
        up = asyncio.Event()
        web = [*_web(wish, listening, environment)] if listening else []
        others = [*outside] if wish.only == "web" else [_worker(environment), *outside]
        for child in others:
            child.after = up  # the machine is the web's until it answers: somebody waits for that
        greeting = asyncio.create_task(_greet_when_up(wish, greet, up))
        keeping = asyncio.create_task(_keep_database())
        await keep_all([*web, *others], told_to_stop)
        greeting.cancel()
        keeping.cancel()


async def _keep_database() -> None:
    """Start our PostgreSQL again when it dies; the others find it again by themselves."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            if await asyncio.to_thread(postgres.bring_back):
                log.error("PostgreSQL had died and is back")
        except postgres.WillNotStart as reason:
            log.error("PostgreSQL has died and does not start", reason=str(reason))


def _settings(wish: Wish) -> dict[str, str]:
    """Return what our processes find in their environment; what is set there already stands."""
    wanted = {"GENDAN_SERVED": "1", "GENDAN_PUBLIC_URL": wish.address}
    if wish.demo:
        wanted["GENDAN_DEMO"] = "1"
    if wish.workers > 1:
        wanted["PROMETHEUS_MULTIPROC_DIR"] = str(_emptied(home.path("metrics")))
    return wanted | {name: os.environ[name] for name in wanted if name in os.environ}


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _web(wish: Wish, listening: socket.socket, environment: dict[str, str]) -> Iterator[Child]:
    descriptor = listening.fileno()
    shares = ("shares",) if wish.workers > 1 else ()
    web = (sys.executable, "-m", "gendan.config.web", str(descriptor), *shares)
    for number in range(1, wish.workers + 1):
        yield Child(f"web-{number}", web, environment, inherits=[descriptor])


def _worker(environment: dict[str, str]) -> Child:
    return Child("worker", (sys.executable, "-m", "gendan.config.worker"), environment)


async def _outside_world(environment: dict[str, str], around: AsyncExitStack) -> list[Child]:
    """Play, for a demo, the mail server and the courier, and tell the house where they are."""
    if "GENDAN_SMTP_HOST" not in os.environ:
        post = socket.create_server((LOOPBACK, 0))
        environment |= {"GENDAN_SMTP_HOST": LOOPBACK, "GENDAN_SMTP_PORT": _port(post)}
        server = await mail_sink.receive(home.path("mail"), post)
        around.callback(server.close)
    if "GENDAN_KUAIDI100_URL" in os.environ or find_spec(SIMULATOR) is None:
        return []
    with socket.create_server((LOOPBACK, 0)) as free:
        port = _port(free)
    customer, key = "gendan-demo", home.secret("courier-simulator")
    environment |= {
        "GENDAN_KUAIDI100_URL": f"http://{LOOPBACK}:{port}",
        "GENDAN_KUAIDI100_CUSTOMER": customer,
        "GENDAN_KUAIDI100_KEY": key,
    }
    options = (f"--port={port}", f"--customer={customer}", f"--key={key}", f"--speed={SPEED}")
    return [Child("courier", (sys.executable, "-m", SIMULATOR, *options), environment)]


def _port(open_socket: socket.socket) -> str:
    return str(open_socket.getsockname()[1])


async def _greet_when_up(wish: Wish, greet: Callable[[], None], up: asyncio.Event) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline:
        if wish.only == "worker" or await asyncio.to_thread(is_up, wish):
            greet()
            return up.set()
        await asyncio.sleep(0.1)
    log.error("the web process does not answer", address=wish.address)
    return up.set()


def is_up(wish: Wish) -> bool:
    """Say whether the web process answers and reaches its database."""
    connection = http.client.HTTPConnection(wish.host, wish.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _listening(wish: Wish) -> Iterator[socket.socket | None]:
    """Open the socket before anything starts; visitors wait in its queue while the web is away."""
    if wish.only == "worker":
        yield None
        return
    try:
        listening = socket.create_server((wish.host, wish.port), backlog=1024)
    except OSError as error:
        raise CannotServe(
            f"Port {wish.port} on {wish.host} is not to be had: {error.strerror}. "
            f"Choose another one: gendan serve --port {wish.port + 1}"
        ) from error
    with listening:
        yield listening


@contextmanager
def _only_one(wish: Wish) -> Iterator[None]:
    """Keep a second `gendan serve` out of this home."""
    with home.path("serving").open("a+") as file:
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(
                f"This home is served already, at {file.read()}. Stop that one first "
                "(Ctrl-C), or choose another home: GENDAN_HOME=/another/folder gendan serve"
            ) from None
        file.truncate(0)
        file.write(wish.address)
        file.flush()
        yield
