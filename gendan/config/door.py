"""Who takes a new connection: of several web processes the one that has the fewest.

All processes wait at one socket. Left to itself, the one that wakes first takes all that wait,
and keeps them: eight programs that came together were served by one process, beside an idle one. So
a process that has connections already lets the others go first, a moment longer the more it has.
"""

import asyncio
import socket
from collections.abc import Callable, Sized

MOMENT = 0.001  # seconds: what a timer can tell apart


class Door:
    """Accepts connections for an event loop; closed and waited for like a server of asyncio."""

    def __init__(
        self,
        listening: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        connections: Sized,
    ) -> None:
        self.listening, self.protocol, self.connections = listening, protocol, connections
        self.loop = asyncio.get_running_loop()
        self.entering: set[asyncio.Task[object]] = set()
        self.is_open = True
        listening.setblocking(False)
        self._watch()

    def close(self) -> None:
        """Take no more."""
        self.is_open = False
        self.loop.remove_reader(self.listening)

    async def wait_closed(self) -> None:
        """Wait for nothing: whoever was let in belongs to the server."""

    def _watch(self) -> None:
        self.loop.add_reader(self.listening, self._knock)

    def _knock(self) -> None:
        """Somebody is there: who has nobody opens at once, others as many moments later."""
        self.loop.remove_reader(self.listening)
        self.loop.call_later(MOMENT * len(self.connections).bit_length(), self._open)

    def _open(self) -> None:
        """Let one in, or an eighth of how many are in; another process may have been quicker."""
        for _ in range(max(1, len(self.connections) // 8) if self.is_open else 0):
            try:
                connection, _address = self.listening.accept()
            except OSError:
                break
            self._let_in(connection)
        if self.is_open:
            self._watch()

    def _let_in(self, connection: socket.socket) -> None:
        connecting = self.loop.connect_accepted_socket(self.protocol, connection)
        task = self.loop.create_task(connecting)
        self.entering.add(task)
        task.add_done_callback(self.entering.discard)
