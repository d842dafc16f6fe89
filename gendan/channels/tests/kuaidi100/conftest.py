import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
import uvicorn
from pytest_django import Settings

from gendan.channels.kuaidi100.client import Account, Client
from gendan.channels.simulator.app import Receive, Scope, Send, Simulator
from gendan.delivery.tests.conftest import make_parcels, yuantong

__all__ = ["make_parcels", "yuantong"]
Pushed = list[dict[str, str]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@pytest.fixture
def simulator() -> Iterator[str]:
    """The address of a simulator that runs for one test, 100,000 times as fast as the world."""
    with served(Simulator(speed=100_000)) as url:
        yield url


@pytest.fixture
def slow_simulator() -> Iterator[str]:
    """One at the world's own speed, on which half an hour is half an hour."""
    with served(Simulator()) as url:
        yield url


@contextmanager
def served(app: App) -> Iterator[str]:
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def client(simulator: str) -> Iterator[Client]:
    with Client(account(simulator)) as connected:
        yield connected


def account(url: str) -> Account:
    return Account("gendan-demo", "gendan-demo-key", url)


class Listener:
    """Takes pushes; `answers` are said one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.pushed: Pushed = []
        self.paths: list[str] = []
        self.answers = ['{"result":true,"returnCode":"200","message":"成功"}']
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = (await receive())["body"].decode()
        self.paths.append(scope["path"])
        self.pushed.append({name: value[0] for name, value in parse_qs(raw).items()})
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said.encode()})


@pytest.fixture
def listener() -> Iterator[Listener]:
    app = Listener()
    with served(app) as url:
        app.url = url
        yield app


def wait_for(happened: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def ours(settings: Settings) -> Callable[[str], None]:
    """Let the house use the simulator at an address as its account."""

    def use(url: str) -> None:
        settings.KUAIDI100_URL = url
        settings.KUAIDI100_CUSTOMER = "gendan-demo"
        settings.KUAIDI100_KEY = "gendan-demo-key"
        settings.KUAIDI100_SALT = "salt"

    return use
