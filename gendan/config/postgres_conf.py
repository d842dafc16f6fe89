"""How the embedded PostgreSQL is set up, by the size of the machine."""

import os
from pathlib import Path

import psutil

MAJOR = 18
MIB = 1024 * 1024


def conf(sockets: Path, *, durable: bool) -> str:
    """Return the text of `gendan.conf`, which is written anew at each start."""
    lines = (f"{name} = {_quoted(value)}" for name, value in _settings(sockets, durable).items())
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _settings(sockets: Path, durable: bool) -> dict[str, str]:
    memory = _memory()
    return {
        "cluster_name": "gendan",
        "listen_addresses": "",
        "unix_socket_directories": _as_one_folder(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_between(32, memory // 8, 2048)}MB",
        "effective_cache_size": f"{_between(256, memory // 2, 65_536)}MB",
        "work_mem": f"{_between(4, memory // 256, 32)}MB",
        "maintenance_work_mem": f"{_between(32, memory // 32, 512)}MB",
        "dynamic_shared_memory_type": _dynamic_shared_memory(),
        "wal_compression": "on",
        "min_wal_size": "128MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        # Where processors are few, they are better left to whoever else asks.
        "max_parallel_workers_per_gather": f"{_between(0, (psutil.cpu_count() or 1) // 4, 2)}",
        "jit": "off",
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_min_duration_statement": "2s",
        "log_checkpoints": "off",
    } | ({} if durable else FORGETFUL)


FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _memory() -> int:
    """Return the memory we may use in MiB: the machine's, or what the container is allowed."""
    whole = psutil.virtual_memory().total // MIB
    try:
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text()) // MIB)
    except (OSError, ValueError):
        return whole


def _dynamic_shared_memory() -> str:
    """Use /dev/shm where it is large enough for parallel queries; in containers it rarely is."""
    try:
        status = os.statvfs("/dev/shm")  # noqa: S108
    except OSError:
        return "mmap"
    return "posix" if status.f_frsize * status.f_blocks >= 512 * MIB else "mmap"


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))


def _as_one_folder(folder: Path) -> str:
    """Quote a folder: the setting is a list, separated by commas."""
    return '"' + str(folder).replace('"', '""') + '"'
