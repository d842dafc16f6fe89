"""The home and its secrets."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gendan.config.tests.conftest import environment

READ = "from gendan.config import home; print(home.secret('journal'))"


def secret(home: Path) -> str:
    command = [sys.executable, "-c", READ]
    return subprocess.run(
        command, env=environment(home), capture_output=True, text=True, check=True
    ).stdout


def test_a_secret_is_made_once_and_for_its_owner_only(unused: Path) -> None:
    first = secret(unused)
    assert secret(unused) == first
    assert stat.S_IMODE((unused / "secrets" / "journal").stat().st_mode) == 0o600
    assert stat.S_IMODE((unused / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE(unused.stat().st_mode) == 0o700


@pytest.mark.slow
def test_processes_that_start_at_once_agree_on_it(unused: Path) -> None:
    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(secret, [unused] * 6))) == 1
