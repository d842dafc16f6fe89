"""Gendan's home: the folder that holds the database, the files and the secrets."""

import os
import secrets
from functools import cache
from pathlib import Path

import platformdirs


@cache
def root() -> Path:
    """Return the home, made at first use and readable by its owner only."""
    chosen = os.environ.get("GENDAN_HOME") or platformdirs.user_data_dir("gendan")
    folder = Path(chosen).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
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
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return place.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return place.read_text()
