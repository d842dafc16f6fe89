"""A home of its own for each test, and the real command line in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

COMMAND = (sys.executable, "-m", "gendan.config.cli")
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which only this home exists."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("GENDAN_")}
    bare = {name: value for name, value in os.environ.items() if name not in ours}
    bare.pop("DATABASE_URL", None)
    return bare | {"GENDAN_HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture
def unused(tmp_path: Path) -> Path:
    """A home that nobody has used."""
    return tmp_path / "unused"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is ready, made once: the others are copies of it."""
    home = tmp_path_factory.mktemp("furnished") / "home"
    subprocess.run([*COMMAND, "user", "list"], env=environment(home), check=True)
    return home


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Path:
    """A home with its tables and nobody in it."""
    home = tmp_path / "home"
    subprocess.run(["cp", "-a", furnished, home], check=True)  # noqa: S607
    return home


@pytest.fixture
def gendan(house: Path) -> Run:
    """Run `gendan ...` in the home to its end."""

    def run(*arguments: str, home: Path = house, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            env=environment(home) | more,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def processes_of(home: Path) -> list[str]:
    """Return the command lines of everything that runs for a home."""
    return [
        " ".join(process.info["cmdline"] or [])
        for process in psutil.process_iter(["cmdline", "environ"])
        if _belongs(process.info, home)
    ]


def _belongs(info: Mapping[str, object], home: Path) -> bool:
    environ, cmdline = info["environ"], info["cmdline"]
    named = isinstance(environ, dict) and environ.get("GENDAN_HOME") == str(home)
    return named or (isinstance(cmdline, list) and any(str(home) in word for word in cmdline))
