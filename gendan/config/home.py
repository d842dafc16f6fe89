"""Gendan's home: the folder that holds the database, the files and the secrets."""

import os
import secrets
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import platformdirs


@cache
def root() -> Path:
    """Return the home, made at first use and readable by its owner only."""
    chosen = os.environ.get("GENDAN_HOME") or platformdirs.user_data_dir("gendan")
    folder = Path(chosen).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path(*parts: str) -> Path:
    """Return a place inside the home; its folder exists."""
    place = root().joinpath(*parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


@cache
def secret(name: str) -> str:
    """Return a secret of this home, made at first use with owner-only rights."""
    place = path("secrets", name)
    place.parent.chmod(0o700)
    if not place.exists():
        _make_secret(place)
    return place.read_text()


def _make_secret(place: Path) -> None:
    """Lay down a whole secret at once: of two processes that make it, both read the first one."""
    with NamedTemporaryFile("w", dir=place.parent) as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        try:
            os.link(file.name, place)
        except FileExistsError:
            return
