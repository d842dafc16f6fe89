"""Real processes that begin at the same instant, each with a warm connection of its own."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

from django.db import connection, connections

from gendan.ui.errors import Refused

FORKS = get_context("fork")
T = TypeVar("T")
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Tally:
    """What came of many acts: how often each was done, refused and with which words, or broke."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broke: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count what another has counted."""
        self.done += other.done
        self.refused += other.refused
        self.broke += other.broke

    def try_(self, name: str, act: Callable[[], Any]) -> bool:
        """Do it and count what came of it; return whether it was done."""
        try:
            act()
        except Refused as refusal:
            self.refused[f"{name}: {type(refusal).__name__}"] += 1
            return False
        except Exception as error:  # whatever is no refusal would have reached a user
            self.broke[f"{name}: {type(error).__name__}: {error}"[:300]] += 1
            return False
        self.done[name] += 1
        return True


def together(act: Callable[[int], T], number: int) -> list[T]:
    """Run it in so many processes that begin at the same moment; return what each returned."""
    connections.close_all()
    start = FORKS.Barrier(number)
    runs = [_start(act, worker, start) for worker in range(number)]
    answers = [here.recv() for here in runs]
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def _start(act: Callable[[int], Any], worker: int, start: Barrier) -> Connection:
    here, there = FORKS.Pipe(duplex=False)
    FORKS.Process(target=_run, args=(act, worker, start, there)).start()
    there.close()
    return here


def _run(act: Callable[[int], Any], worker: int, start: Barrier, there: Connection) -> None:
    try:
        connection.ensure_connection()
        start.wait(60)
        there.send(act(worker))
    except BaseException as error:
        start.abort()
        there.send(RuntimeError(f"process {worker}: {error!r}"))
    finally:
        there.close()
        connection.close()
        os._exit(0)  # nothing of the parent's is to be cleared away here


def deadlocks() -> int:
    """Return how many deadlocks the database has seen and broken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])
