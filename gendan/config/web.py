"""The web process: Django in threads, and an asynchronous corner for live updates.

`app` is what a server of ASGI applications runs. `/live` stays open for hours and lives in the
event loop; everything else is answered by a thread that keeps its database connection.
"""

import asyncio
import gc
import io
import os
import resource
import socket
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, cast

import uvicorn
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from gendan.config.bridge import Application, Bridge, Message, Receive, Send
from gendan.config.door import Door

THREADS = int(os.environ.get("GENDAN_THREADS", "16"))
LIVE = "/live"
MANY = 65_536

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gendan.config.settings")
pages = Bridge(cast(Application, get_wsgi_application()), THREADS)


class Server(uvicorn.Server):
    """Ends live updates first when it is to stop: they never end by themselves."""

    shares = False  # whether other processes wait at the same socket

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup([] if self.shares else sockets)
        if self.shares:
            taken = self.server_state.connections
            doors = [Door(listening, self._protocol, taken) for listening in sockets or []]
            self.servers.extend(cast(list[asyncio.Server], doors))

    def _protocol(self) -> asyncio.Protocol:
        config: Any = self.config
        protocol: asyncio.Protocol = config.http_protocol_class(
            config=config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop answering."""
        live().switchboard.hang_up()
        await super().shutdown(sockets)


def live() -> ModuleType:
    """Return the module of live updates, which wants Django to be set up."""
    return import_module("gendan.worklist.live")


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    if scope["path"] == LIVE:
        await live().stream(scope, receive, send)
    else:
        await pages(scope, receive, send)


def main(listening: int, *, shares: bool = False) -> None:
    """Serve on a socket that is open already, until told to stop; `shares` it with others like it.

    Django's checks come first: a house whose pages or permissions are wrong is not opened. They
    import every page, too, so that the first visitor need not wait.

    :raises django.core.management.base.SystemCheckError: with everything that is wrong
    """
    call_command("check", stdout=io.StringIO())
    gc.freeze()  # what stays is not looked through again: that took a tenth of a second at times
    _allow_many_connections()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=os.environ.get("GENDAN_PROXIES", "127.0.0.1,::1"),
        timeout_graceful_shutdown=5,
    )
    server = Server(config)
    server.shares = shares
    server.run(sockets=[socket.socket(fileno=listening)])


def _allow_many_connections() -> None:
    """Ask the system for more open files: each page that is looked at keeps one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = MANY if hard == resource.RLIM_INFINITY else min(hard, MANY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), shares="shares" in sys.argv[2:])
