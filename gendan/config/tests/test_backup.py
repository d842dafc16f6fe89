"""Backup and restore, through the command line, from one home into another."""

import json
import stat
import tarfile
from pathlib import Path

import pytest

from gendan.config.tests.conftest import Run, processes_of

pytestmark = pytest.mark.slow


@pytest.fixture
def backup(gendan: Run, house: Path, tmp_path: Path) -> Path:
    """The backup of a home with one colleague and one file."""
    assert gendan("user", "add", "lin", "--role", "ADMIN").returncode == 0
    (house / "files" / "2026").mkdir(parents=True)
    (house / "files" / "2026" / "订单.csv").write_text("as it came")
    target = tmp_path / "gendan.tar"
    done = gendan("backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file"] == str(target)
    return target


def test_everything_comes_back(gendan: Run, backup: Path, house: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = gendan("restore", str(backup), "--json", home=new)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["home"] == str(new)
    people = json.loads(gendan("user", "list", "--json", home=new).stdout)
    assert [person["username"] for person in people] == ["lin"]
    assert (new / "files" / "2026" / "订单.csv").read_text() == "as it came"
    for name in ("django", "journal"):
        secret = new / "secrets" / name
        assert secret.read_text() == (house / "secrets" / name).read_text()
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert processes_of(new) == processes_of(house) == []


def test_only_its_owner_may_read_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_it_overwrites_no_file(gendan: Run, backup: Path) -> None:
    before = backup.read_bytes()
    done = gendan("backup", str(backup))
    assert done.returncode == 1
    assert "exists" in done.stderr
    assert backup.read_bytes() == before


def test_a_living_home_is_refused(gendan: Run, backup: Path, house: Path) -> None:
    secret = (house / "secrets" / "journal").read_text()
    done = gendan("restore", str(backup))
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert "GENDAN_HOME=" in done.stderr
    assert (house / "secrets" / "journal").read_text() == secret


def test_a_damaged_backup_changes_nothing(gendan: Run, backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    half = tmp_path / "half.tar"
    half.write_bytes(whole[: len(whole) // 2])
    changed = tmp_path / "changed.tar"
    changed.write_bytes(whole.replace(b"as it came", b"as it went"))
    for file in (half, changed):
        new = tmp_path / f"home-{file.stem}"
        done = gendan("restore", str(file), home=new)
        assert done.returncode == 1, done.stdout
        assert [place.name for place in new.iterdir()] == []


def test_a_name_that_leads_out_of_the_home_is_refused(gendan: Run, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    members = {"files/../../stolen": {"bytes": 1, "sha256": "0"}}
    manifest.write_text(json.dumps({"format": 1, "members": members}))
    bad = tmp_path / "bad.tar"
    with tarfile.open(bad, "w") as tar:
        tar.add(manifest, "manifest.json")
    done = gendan("restore", str(bad), home=tmp_path / "new")
    assert done.returncode == 1
    assert "no place in a home" in done.stderr
