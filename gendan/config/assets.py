"""What is made from the sources when they change: compiled texts and collected static files."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import polib

HOUSE = Path(__file__).resolve().parent.parent
BUILT = HOUSE / "static-built"
STAMP = BUILT / ".made-from"
FOREIGN = ("django-htmx", "django-ninja", "whitenoise")


def make() -> None:
    """Make what is missing or older than its source."""
    compile_texts()
    collect_static()


def compile_texts() -> None:
    """Compile each room's translations."""
    for source in HOUSE.glob("*/locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            half_made = compiled.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(half_made))
            half_made.replace(compiled)


def collect_static() -> None:
    """Gather, hash and compress the static files of all rooms."""
    made_from = fingerprint(HOUSE.glob("*/static/**/*"), FOREIGN)
    if STAMP.exists() and STAMP.read_text() == made_from:
        return
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity=0"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "gendan.config.settings", "GENDAN_SERVED": "1"},
        check=True,
    )
    STAMP.write_text(made_from)


def fingerprint(files: Iterable[Path], packages: Iterable[str]) -> str:
    """Return a mark that changes when a file or a package does."""
    mark = hashlib.blake2b(digest_size=16)
    for file in sorted(files):
        status = file.stat()
        mark.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    for package in packages:
        mark.update(f"{package} {version(package)}\n".encode())
    return mark.hexdigest()
