"""The machine and the programs that a figure was measured on."""

import platform
import sys
import sysconfig
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg


def describe(url: str) -> dict[str, Any]:
    """Return what somebody needs to compare our figures with theirs."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": psutil.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter": sys.executable,
        "profile_guided": profile_guided(),
        "load_at_start": round(psutil.getloadavg()[0], 2),
        **_server(url),
    }


def profile_guided() -> bool | None:
    """Say whether this interpreter was built with profile-guided optimisation; None: unknown.

    The flag is what the compiler was really given. Its mere name stands in the recipe of every
    build; Debian has it wiped out afterwards, there too, so that no extension inherits it.
    """
    names = ("PY_CORE_CFLAGS", "CONFIG_ARGS", "PY_CFLAGS_NODIST")
    used = " ".join(str(sysconfig.get_config_var(name) or "") for name in names)
    if "-fprofile-use" in used or "--enable-optimizations" in used:
        return True
    recipe = str(sysconfig.get_config_var("PGO_PROF_USE_FLAG") or "")
    return False if "-fprofile-use" in recipe else None


def guided(answer: bool | None) -> str:
    """Return the word for it: with, without, or nobody knows."""
    return {True: "with", False: "without", None: "with or without (it does not say)"}[answer]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if "model name" in line), "")


def _server(url: str) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        return {
            f"postgresql_{name.removeprefix('server_')}": _setting(connection, name)
            for name in names
        }


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""
