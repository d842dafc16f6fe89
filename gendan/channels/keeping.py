"""Where uploaded files are kept: below the home's files, under names of our own."""

from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile


def place_of(path: str) -> Path:
    """Return where a kept file is."""
    return Path(default_storage.path(path))


def keep(upload: "UploadedFile[Any]", path: str) -> str:
    """Keep an upload at a path, with its own ending; return the whole path."""
    path += Path(upload.name or "").suffix[:10]
    place = place_of(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path
