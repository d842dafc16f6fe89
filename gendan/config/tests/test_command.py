"""The command line, as a person types it."""

import json
from pathlib import Path

import pytest

from gendan.config.cli import COMMANDS
from gendan.config.tests.conftest import Run, processes_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(gendan: Run, unused: Path, name: str) -> None:
    done = gendan(name, "--help", home=unused)
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert not unused.exists()


def test_a_wrong_call_is_told_from_a_failure(gendan: Run) -> None:
    assert gendan("serve", "--port", "many").returncode == 2
    assert gendan("no-such-command").returncode == 2


def test_psql_passes_everything_on(gendan: Run, house: Path) -> None:
    done = gendan("psql", "-X", "-At", "-c", "SELECT 6 * 7")
    assert (done.returncode, done.stdout) == (0, "42\n")
    assert gendan("psql", "-c", "SELECT nonsense").returncode == 1
    assert processes_of(house) == []


def test_colleagues_are_kept_from_the_command_line(gendan: Run) -> None:
    added = json.loads(gendan("user", "add", "lin", "--role", "ADMIN", "--json").stdout)
    assert len(added["password"]) >= 12
    assert gendan("user", "add", "lin").returncode == 1
    assert gendan("user", "add", "wang", "--role", "KING").returncode == 1
    assert gendan("user", "roles", "lin").returncode == 1  # the last administrator
    assert gendan("user", "roles", "lin", "ADMIN", "SUPERVISOR").returncode == 0
    people = json.loads(gendan("user", "list", "--json").stdout)
    assert [(person["username"], person["roles"]) for person in people] == [
        ("lin", ["ADMIN", "SUPERVISOR"])
    ]
    assert gendan("user", "password", "lin", "--password", "123").returncode == 1
    assert gendan("user", "password", "lin").returncode == 0
    assert gendan("user", "unlock", "nobody").returncode == 1


def test_a_database_that_is_not_there_is_named(gendan: Run, unused: Path) -> None:
    done = gendan("user", "list", home=unused, DATABASE_URL="postgresql://x@127.0.0.1:1/gendan")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
