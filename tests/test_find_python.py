"""`make setup` takes the fastest Python that it finds, and none that is broken."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "packaging" / "find-python"


def found(*pythons: str | Path) -> str:
    command = ["sh", str(SCRIPT), *map(str, pythons)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def a_python(folder: Path, name: str, does: str) -> Path:
    python = folder / name
    python.write_text(f"#!/bin/sh\n{does}\n")
    python.chmod(0o755)
    return python


def test_it_takes_the_one_that_counts_faster(tmp_path: Path) -> None:
    slow = a_python(tmp_path, "slow", "echo 0.02 /opt/slow/python3.11")
    fast = a_python(tmp_path, "fast", "echo 0.01 /opt/fast/python3.11")

    assert found(slow, fast) == found(fast, slow) == "/opt/fast/python3.11"


def test_it_leaves_out_what_is_broken_or_not_there(tmp_path: Path) -> None:
    broken = a_python(tmp_path, "broken", "exit 1")
    works = a_python(tmp_path, "works", "echo 0.02 /opt/works/python3.11")

    assert found(broken, tmp_path / "nothing", works) == "/opt/works/python3.11"


def test_it_says_nothing_where_there_is_none(tmp_path: Path) -> None:
    assert found(tmp_path / "nothing") == ""


def test_the_real_one_is_a_python_of_our_version() -> None:
    python = found() or sys.executable
    version = subprocess.run([python, "--version"], stdout=subprocess.PIPE, text=True, check=True)

    assert version.stdout.startswith("Python 3.11")
