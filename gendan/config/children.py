"""The processes that `gendan serve` keeps alive: started, started again when they die, ended."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

PATIENCE = 20.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
LONG_LIFE = 10.0  # seconds: who lived so long did not die of its start
DIE_WITH_PARENT = 1
ORPHANED = 3  # the status of a child whose parent died before it had begun

log = structlog.get_logger("gendan.serve")
libc = ctypes.CDLL(None)


@dataclass
class Child:
    """One process of ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    inherits: Sequence[int] = ()
    after: asyncio.Event | None = None
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def keep(self) -> None:
        """Start it, and start it again whenever it dies; wait longer each time it dies young."""
        if self.after:
            await self.after.wait()
        pause = FIRST_PAUSE
        while True:
            born = time.monotonic()
            status = await self._live()
            pause = FIRST_PAUSE if time.monotonic() - born > LONG_LIFE else pause
            log.error("process died", process=self.name, status=status, again_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self) -> int:
        self.process = await asyncio.create_subprocess_exec(
            *self.command,
            env=os.environ | self.environment,
            pass_fds=self.inherits,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),
        )
        return await self.process.wait()

    async def end(self) -> None:
        """Ask it to end, wait, and end it for good if it does not."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), PATIENCE)
        except TimeoutError:
            log.warning("process ended by force", process=self.name)
            self.process.kill()
            await self.process.wait()


def die_with(parent: int) -> None:
    """Have the system end this process when its parent is killed and can end nothing itself.

    Called in the child before it becomes its program: a parent that is dead already tells nobody,
    and the parent's own way of taking a signal, which the child still has, would swallow it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        libc.prctl(DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(ORPHANED)


async def keep_all(children: Sequence[Child], told_to_stop: asyncio.Event) -> None:
    """Keep the processes alive until told to stop, then end them together: none needs another."""
    keepers = [asyncio.create_task(child.keep()) for child in children]
    await told_to_stop.wait()
    for keeper in keepers:
        keeper.cancel()
    await asyncio.gather(*(child.end() for child in children))
