"""Machines: each a network namespace with an address of its own, all on one bridge.

Needs root, Linux and iproute2. A machine that is cut off hears and says nothing more, as when
somebody pulls its cable; its processes do not notice.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

NET = "10.213.0"
BRIDGE = "gendan0"
NEEDED = ("ip", "pgbouncer", "setpriv")
IP = shutil.which("ip") or "/usr/sbin/ip"


def why_not() -> str:
    """Return why there can be no machines here, or nothing."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        return f"not installed: {', '.join(missing)} (iproute2, pgbouncer, util-linux)"
    tried = subprocess.run([IP, "netns", "add", "gendan-try"], capture_output=True, check=False)
    subprocess.run([IP, "netns", "del", "gendan-try"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "network namespaces are not allowed here"


@dataclass(frozen=True)
class Host:
    """One machine."""

    name: str
    address: str

    def command(self, *words: str) -> list[str]:
        """Return the command that runs another one on this machine."""
        return [IP, "netns", "exec", f"gendan-{self.name}", *words]

    def start(
        self, words: Sequence[str], environment: dict[str, str], log: IO[bytes], folder: Path
    ) -> subprocess.Popen[bytes]:
        """Start a process here."""
        return subprocess.Popen(
            self.command(*words), env=environment, stdout=log, stderr=log, cwd=folder
        )

    def cut_off(self) -> None:
        """Pull the cable."""
        _ip("link", "set", f"gd-{self.name}", "down")

    def connect(self) -> None:
        """Put the cable back."""
        _ip("link", "set", f"gd-{self.name}", "up")


@contextmanager
def network(*names: str) -> Iterator[dict[str, Host]]:
    """Have machines of these names; nothing of them is left behind."""
    with ExitStack() as around:
        _ip("link", "add", BRIDGE, "type", "bridge")
        around.callback(_ip, "link", "del", BRIDGE)
        _ip("addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        yield {
            name: around.enter_context(_host(name, f"{NET}.{number}"))
            for number, name in enumerate(names, 10)
        }


@contextmanager
def _host(name: str, address: str) -> Iterator[Host]:
    space, outside = f"gendan-{name}", f"gd-{name}"
    _ip("netns", "add", space)
    try:
        _ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("link", "set", outside, "master", BRIDGE, "up")
        for words in (
            ("addr", "add", f"{address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", space, *words)
        yield Host(name, address)
    finally:
        _ip("netns", "del", space)


def _ip(*words: str) -> None:
    subprocess.run([IP, *words], check=True)
