"""People and programs who go on working while things break under them.

Each is a thread that speaks to the house over HTTP, and asks again when an answer is lost: that
the house then does nothing twice is what is proven.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.prove.accounts import SHOP

PAUSE = 0.3  # seconds before asking again
BATCH = 200
PATIENCE = 30.0
OK, ACCEPTED, REFUSED, BROKEN = 200, 300, 409, 500


@dataclass
class Desk:
    """What is known outside the house: where it is, and what came back from it."""

    addresses: Sequence[str]
    key: str
    over: threading.Event = field(default_factory=threading.Event)
    counts: Counter[str] = field(default_factory=Counter)
    broken_at: list[float] = field(default_factory=list)
    """When an answer was that something went wrong inside (500 and above)."""

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """Ask once; None if no answer came, or one that says to ask again."""
        self.counts["requests"] += 1
        address = self.addresses[self.counts["requests"] % len(self.addresses)]
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        try:
            answer = httpx.request(
                method, f"{address}/api{path}", headers=headers, timeout=PATIENCE, **more
            )
        except httpx.HTTPError:
            self._wait_after("answers lost")
            return None
        if answer.status_code >= BROKEN:
            self.broken_at.append(time.time())
            self._wait_after(f"answers {answer.status_code}")
            return None
        return answer

    def insist(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask again and again until there is an answer."""
        while (answer := self.ask(method, path, **more)) is None:
            self.counts["retries"] += 1
        return answer

    def _wait_after(self, what: str) -> None:
        self.counts[what] += 1
        time.sleep(PAUSE)


@dataclass
class Clerk:
    """Places orders one by one, each with an idempotency key of its own, until the desk closes."""

    desk: Desk
    skus: Sequence[str]
    number: int
    shop: str = "PHONE"
    pause: float = 0.1
    closed: threading.Event = field(default_factory=threading.Event)
    placed: dict[str, str] = field(default_factory=dict)
    """The house's number by our key."""

    def work(self) -> None:
        while not self.closed.wait(self.pause):
            self.place()

    def place(self) -> None:
        """Place one order, however often it has to be asked for."""
        key = f"clerk-{self.number}-{len(self.placed):05}"
        answer = self.desk.insist(
            "POST", "/orders", json=self._order(), headers={"Idempotency-Key": key}
        )
        assert answer.status_code < ACCEPTED, answer.text
        self.placed[key] = answer.json()["number"]

    def _order(self) -> dict[str, Any]:
        number = self.number * 100_000 + len(self.placed)
        return {
            "shop": self.shop,
            "lines": [
                {"sku": self.skus[number % len(self.skus)], "quantity": 1, "price_fen": 5000}
            ],
            "receiver_name": "林一诺",
            "receiver_phone": f"138{number:08}",
            "address": {"text": f"浙江省杭州市西湖区文三路{number + 1}号"},
            "payment": {"method": "WECHAT", "amount_fen": 5000, "reference": f"W{number}"},
        }


@dataclass
class Packer:
    """Takes shipments as they come through waves, picking, checking and packing to the carrier."""

    desk: Desk

    def work(self) -> None:
        while not self.desk.over.is_set():
            if not any([self._go("PLANNED", "/shipments/wave"), self._pack(), self._ship()]):
                time.sleep(PAUSE)

    def _pack(self) -> bool:
        return any(
            [
                self._go("RELEASED", "/shipments/pick"),
                self._go("PICKED", "/shipments/verify", "/shipments/pack"),
            ]
        )

    def _ship(self) -> bool:
        bare = self._found("stage = PACKED and waybill is empty")
        self._do(bare, "/parcels/draw-waybills")
        ready = self._found("stage = PACKED and waybill is not empty")
        self._do(ready, "/parcels/ship")
        return bool(bare or ready)

    def _go(self, stage: str, *acts: str) -> bool:
        numbers = self._found(f"stage = {stage}")
        self._do(numbers, *acts)
        return bool(numbers)

    def _do(self, numbers: list[str], *acts: str) -> None:
        """Do the acts one after the other; whatever came in between is seen the next time."""
        for act in acts:
            answer = self.desk.ask("POST", act, json={"numbers": numbers}) if numbers else None
            if answer is None or answer.status_code != OK:
                self.desk.counts["acts refused"] += bool(answer)
                return

    def _found(self, search: str) -> list[str]:
        asked = {"q": search, "limit": BATCH}
        answer = self.desk.insist("GET", "/shipments", params=asked)
        assert answer.status_code == OK, answer.text
        return [row["number"] for row in answer.json()["rows"]]


@dataclass
class Uploader:
    """Hands files in for the worker, again whenever no answer comes."""

    desk: Desk
    pairs: Sequence[Sequence[str]]
    pause: float = 1.0

    def work(self) -> None:
        for pair in self.pairs:
            with ExitStack() as open_files:
                files = [
                    ("files", (Path(path).name, open_files.enter_context(Path(path).open("rb"))))
                    for path in pair
                ]
                contents = [(name, (title, file.read())) for name, (title, file) in files]
            answer = self.desk.insist("POST", "/imports", data={"shop": SHOP}, files=contents)
            assert answer.status_code < ACCEPTED, answer.text
            self.desk.counts["files handed in"] += len(pair)
            if self.desk.over.wait(self.pause):
                self.pause = 0


@dataclass
class Workers:
    """Threads that work until it is over, and whose first failure is everybody's."""

    threads: list[threading.Thread] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def start(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self.threads.append(thread)
        thread.start()
        return thread

    def refuse_failures(self) -> None:
        """:raises BaseException: what went wrong in a thread, if anything did."""
        if self.failures:
            raise self.failures[0]

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            self.failures.append(failure)
