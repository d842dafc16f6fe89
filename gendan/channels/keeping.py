"""Where uploaded files are kept: below the home's files, under names of our own."""

from pathlib import Path

from django.core.files.storage import default_storage


def place_of(path: str) -> Path:
    """Return where a kept file is."""
    return Path(default_storage.path(path))
