"""Starting: how soon a house that is set up shows its first page, and what it takes at rest."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

from gendan.bench.ground import BenchFailed, Ground
from gendan.bench.measuring import median
from gendan.bench.report import Row

RUNS = 5
REST = 30.0  # seconds of idleness before memory is read
UP_WITHIN = 60.0
STOPPED_WITHIN = 60.0
AIM_S, AIM_MB = 5.0, 400
GENDAN = (sys.executable, "-m", "gendan.config.cli")
NAMES = {
    "gendan.config.cli": "gendan serve",
    "gendan.config.web": "web",
    "gendan.config.worker": "worker",
    "gendan.channels.simulator": "courier (of the demo)",
}
POSTGRESQL = "PostgreSQL"


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Return seconds until the sign-in page, and memory at rest by process.

    The home is one of its own, with its own PostgreSQL, as `make run` has it.
    """
    home = ground.folder / "start"
    environment = _environment(home)
    ground.say("loading the demo into a home of its own")
    subprocess.run([*GENDAN, "demo"], env=environment, stdout=sys.stderr, check=True)  # noqa: S603 (ours)
    seconds: list[float] = []
    stops: list[float] = []
    processes: dict[str, float] = {}
    for run in range(1 if quick else RUNS):
        ground.say(f"start {run + 1}")
        with _served(environment, seconds, stops) as served:
            if run == 0:
                time.sleep(REST / 10 if quick else REST)
                processes = _memory(served, home)
    return {
        "first_page_s": round(median(seconds), 2),
        "stopped_s": round(median(stops), 2),
        "at_rest_mb": round(sum(processes.values())),
        "processes": processes,
    }


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"GENDAN_HOME": str(home), "GENDAN_LOG_LEVEL": "WARNING"}


@contextmanager
def _served(
    environment: dict[str, str], seconds: list[float], stops: list[float]
) -> Iterator[psutil.Popen]:
    """Do what `make run` does in a house that is set up; note how long it starts and stops."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.monotonic()
    quiet: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run([*GENDAN, "demo"], check=True, **quiet)  # noqa: S603 (ours)
    process = psutil.Popen([*GENDAN, "serve", "--demo", f"--port={port}"], **quiet)
    try:
        _await_page(f"http://127.0.0.1:{port}/", process)
        seconds.append(time.monotonic() - began)
        yield process
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(STOPPED_WITHIN)
        stops.append(time.monotonic() - began)


def _await_page(address: str, process: psutil.Popen) -> None:
    """Open the first page, which is where a visitor signs in."""
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=UP_WITHIN) as answer:  # noqa: S310 (ours)
                if b"password" in answer.read():
                    return
        except OSError:
            time.sleep(0.02)  # nobody listens yet
    raise BenchFailed("The house shows no page; its own words are above.")


def _memory(served: psutil.Popen, home: Path) -> dict[str, float]:
    """Return MB by process; what several processes share is divided among them."""
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    database = psutil.Process(postmaster)
    ours = [served, *served.children(recursive=True)]
    found: dict[str, float] = defaultdict(float)
    for process in [*ours, database, *database.children(recursive=True)]:
        name = _name(process) if process in ours else POSTGRESQL
        found[name] += process.memory_full_info().pss / 2**20
    largest_first = sorted(found.items(), key=lambda item: -item[1])
    return {name: round(mb, 1) for name, mb in largest_first}


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    return next((name for module, name in NAMES.items() if module in words), words[0])


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return what the table prints."""
    first, rest = facts["first_page_s"], facts["at_rest_mb"]
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in facts["processes"].items())
    return [
        Row(
            "From `make run` in a house that is set up to its first page",
            f"{first:.1f} s",
            aim=f"≤ {AIM_S:.0f} s",
            met=first <= AIM_S,
        ),
        Row(
            f"The whole at rest, in MB: {parts}",
            f"{rest} MB",
            aim=f"≤ {AIM_MB} MB",
            met=rest <= AIM_MB,
        ),
        Row("From SIGTERM until nothing runs", f"{facts['stopped_s']:.1f} s"),
    ]
