"""The right to pass through folders, for one user."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from gendan.config import server_user

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a server user")


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A folder in a folder that only root may enter."""
    place = tmp_path / "private" / "home"
    place.mkdir(parents=True)
    place.parent.chmod(0o700)
    return place


def may_reach(name: str, place: Path) -> bool:
    user = pwd.getpwnam(name)
    done = subprocess.run(
        ["/usr/bin/test", "-d", place],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        check=False,
    )
    return done.returncode == 0


def test_it_may_pass_and_nobody_else_may(private: Path) -> None:
    user = server_user.find()
    assert user is not None
    assert not may_reach(user.pw_name, private)
    server_user.let_through(user, private)
    server_user.let_through(user, private)
    assert may_reach(user.pw_name, private)
    assert not may_reach("nobody", private)


def test_what_was_granted_before_stays(private: Path) -> None:
    other, ours = pwd.getpwnam("nobody"), server_user.find()
    assert ours is not None
    for user in (other, ours):
        server_user.let_through(user, private)
    assert may_reach(other.pw_name, private)
    assert may_reach(ours.pw_name, private)


def test_a_folder_that_cannot_be_opened_is_named(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("not supported")

    user = server_user.find()
    assert user is not None
    server_user.let_through(user, private.parent)
    monkeypatch.setattr(os, "setxattr", refuse)
    with pytest.raises(server_user.CannotReach, match=f"chmod o.x {private.parent}$"):
        server_user.let_through(user, private)
