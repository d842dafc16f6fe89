"""Threads that take what is to be done: the warm one first, no more than there may be."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

import pytest

from gendan.config.threads import Threads

who = ContextVar("who", default="nobody")


def together(threads: Threads, *functions: Callable[[], Any]) -> list[Any]:
    """Have all of them done at the same time; return what each returned."""

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*(threads.do(function) for function in functions))

    return asyncio.run(all_of_them())


def name() -> str:
    return threading.current_thread().name


def test_the_thread_that_was_free_last_goes_first() -> None:
    threads, both = Threads(16), threading.Barrier(2, timeout=10)

    async def some_time() -> set[str]:
        await asyncio.gather(threads.do(both.wait), threads.do(both.wait))
        return {await threads.do(name) for _ in range(20)}

    assert len(asyncio.run(some_time())) == 1
    assert threads.begun == 2


def test_as_many_work_at_once_as_may() -> None:
    threads, all_three = Threads(3), threading.Barrier(3, timeout=10)
    together(threads, *[all_three.wait] * 3)
    assert threads.begun == 3


def test_what_finds_no_thread_waits_for_one_and_is_done_in_order() -> None:
    done = list[int]()
    together(Threads(1), *[lambda number=number: done.append(number) for number in range(30)])
    assert done == list(range(30))


def test_a_mistake_reaches_who_asked_and_the_thread_goes_on() -> None:
    threads = Threads(1)

    async def wrong_then_right() -> str:
        with pytest.raises(LookupError):
            await threads.do({}.__getitem__, "nothing")
        return await threads.do(name)

    assert asyncio.run(wrong_then_right()) == "page-1"


def test_a_thread_knows_what_who_asked_knows_and_nothing_of_others() -> None:
    threads = Threads(1)

    async def asked_by(person: str) -> tuple[str, str]:
        before = await threads.do(who.get)
        who.set(person)
        return before, await threads.do(who.get)

    async def two() -> list[tuple[str, str]]:
        people: list[Coroutine[Any, Any, tuple[str, str]]] = [asked_by("ann"), asked_by("bo")]
        return await asyncio.gather(*people)

    assert asyncio.run(two()) == [("nobody", "ann"), ("nobody", "bo")]


def test_who_goes_away_takes_no_thread_along() -> None:
    threads, go_on = Threads(1), threading.Event()

    async def gone() -> str:
        waiting = asyncio.create_task(threads.do(go_on.wait))
        await asyncio.sleep(0.01)
        waiting.cancel()
        go_on.set()
        return await threads.do(name)

    assert asyncio.run(gone()) == "page-1"
