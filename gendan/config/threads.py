"""Threads that take what is to be done; whoever was free last goes first.

A thread keeps a database connection, and a connection knows the statements that it was asked
before. One person's requests go to one warm thread this way, and not to sixteen in turn.
"""

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class Threads:
    """So many threads at most, each begun when it is needed. Belongs to one event loop."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.begun = 0
        self.free: list[_Thread] = []
        self.waiting: deque[_Work] = deque()

    async def do(self, function: Callable[..., Result], *words: Any) -> Result:
        """Call a function in a thread, in the context of whoever asks; return what it returns."""
        work = _Work(self, function, words)
        thread = self._free()
        if thread:
            thread.inbox.put(work)
        else:
            self.waiting.append(work)
        result: Result = await work.future
        return result

    def _free(self) -> "_Thread | None":
        if self.free:
            return self.free.pop()
        if self.begun == self.most:
            return None
        self.begun += 1
        return _Thread(f"page-{self.begun}")

    def release(self, thread: "_Thread") -> None:
        """Give a thread that is done what waits longest, or let it rest."""
        if self.waiting:
            thread.inbox.put(self.waiting.popleft())
        else:
            self.free.append(thread)


class _Work:
    """A call that somebody waits for."""

    def __init__(self, threads: Threads, function: Callable[..., Any], words: Any) -> None:
        self.threads, self.function, self.words = threads, function, words
        self.context = contextvars.copy_context()
        self.loop = asyncio.get_running_loop()
        self.future = self.loop.create_future()

    def do(self, thread: "_Thread") -> None:
        """Call it, and bring back what came of it."""
        try:
            result = self.context.run(self.function, *self.words)
        except BaseException as error:  # whoever waits is told, whatever it is
            self._tell(thread, self.future.set_exception, error)
        else:
            self._tell(thread, self.future.set_result, result)

    def _tell(self, thread: "_Thread", tell: Callable[[Any], None], what: Any) -> None:
        self.loop.call_soon_threadsafe(self._told, thread, tell, what)

    def _told(self, thread: "_Thread", tell: Callable[[Any], None], what: Any) -> None:
        self.threads.release(thread)
        if not self.future.done():  # who asked may have gone away
            tell(what)


class _Thread(threading.Thread):
    """Does one thing after the other, and ends with the process."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.inbox: SimpleQueue[_Work] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            self.inbox.get().do(self)
