"""A backup: one file that holds all of a home, and the way back into an empty one.

The file is a plain tar: `manifest.json` (what is in it, with sizes and SHA-256), `database.dump`
(pg_dump's custom format), `files/` and `secrets/`. The secrets belong to it: without them the keyed
hashes in the journal match nothing, and nobody stays signed in.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any

import psycopg

from gendan.config import database, home, postgres
from gendan.config.postgres_conf import MAJOR

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
FOLDERS = ("files", "secrets")
LIVING = ("postgres", *FOLDERS)
COUNT_TABLES = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
"""

Facts = dict[str, Any]


class CannotBackUp(Exception):
    """No backup was made; the sentence says why and what to do."""


class CannotRestore(Exception):
    """Nothing was restored and nothing has changed; the sentence says why and what to do."""


def back_up(target: Path) -> Facts:
    """Write all of this home into one file that only its owner may read; return the manifest.

    The database goes first: what it knows of is then among the files.

    :raises CannotBackUp: if the file exists, or the database cannot be read
    """
    if target.exists():
        raise CannotBackUp(f"{target} exists. Choose another name, or move it away.")
    half_made = target.with_name(f"{target.name}.half-made")
    try:
        with postgres.running(), TemporaryDirectory(dir=home.root()) as folder:
            dump = Path(folder, DUMP)
            _dump(dump)
            manifest = _write(half_made, {DUMP: dump, **_files_of_home()})
        half_made.rename(target)
    finally:
        half_made.unlink(missing_ok=True)
    return manifest


def restore(source: Path) -> Facts:
    """Bring a backup back into an empty home; return its manifest.

    Everything is checked before anything is written, and taken away again if it goes wrong.

    :raises CannotRestore: if the home lives already, or the file is no whole backup
    """
    _refuse_living_home()
    try:
        with tarfile.open(source) as tar:
            manifest = _checked(tar)
            try:
                _bring_back(tar, manifest)
            except BaseException:
                _empty_home()
                raise
    except tarfile.TarError as error:
        raise CannotRestore(f"{source} is not a backup of Gendan: {error}") from error
    return manifest


def _dump(target: Path) -> None:
    error = _run("pg_dump", "--format=custom", "--no-unlogged-table-data", f"--file={target}")
    if error:
        raise CannotBackUp(f"The database could not be read: {error}")


def _run(name: str, *options: str) -> str:
    """Run one of PostgreSQL's programs on our database; return what went wrong, if anything."""
    command = [str(postgres.program(name)), *options, f"--dbname={database.url()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stderr.strip() if done.returncode else ""


def _files_of_home() -> dict[str, Path]:
    """Return every file of the home that belongs into a backup, by its name there."""
    root = home.root()
    found = (file for folder in FOLDERS for file in sorted((root / folder).rglob("*")))
    return {file.relative_to(root).as_posix(): file for file in found if file.is_file()}


def _write(target: Path, members: dict[str, Path]) -> Facts:
    manifest = _manifest(members)
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        about = tarfile.TarInfo(MANIFEST)
        about.size = len(text)
        tar.addfile(about, io.BytesIO(text))
        for name, path in members.items():
            tar.add(path, name, recursive=False)
    return manifest


def _manifest(members: dict[str, Path]) -> Facts:
    return {
        "format": FORMAT,
        "gendan": version("gendan"),
        "postgresql": MAJOR,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "members": {name: _described(path) for name, path in members.items()},
    }


def _described(path: Path) -> Facts:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": _digest(file)}


def _digest(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # an open file is one; typeshed asks for more


def _refuse_living_home() -> None:
    root = home.root()
    living = [name for name in LIVING if (root / name).is_dir() and any((root / name).iterdir())]
    if living:
        raise CannotRestore(
            f"{root} is in use: it has {', '.join(living)}. A restore goes into an empty home: "
            "GENDAN_HOME=/an/empty/folder gendan restore FILE"
        )
    if not database.is_embedded() and _has_tables():
        raise CannotRestore("The database of DATABASE_URL has tables. Restore into an empty one.")


def _has_tables() -> bool:
    with psycopg.connect(database.url()) as connection:
        row = connection.execute(COUNT_TABLES).fetchone()
        return row is not None and row[0] > 0


def _checked(tar: tarfile.TarFile) -> Facts:
    """Return the manifest once every member is there, safe to write, and as it was."""
    manifest: Facts = json.load(_opened(tar, MANIFEST))
    if manifest.get("format") != FORMAT:
        raise CannotRestore(
            f"The backup is of format {manifest.get('format')}, this Gendan reads {FORMAT}. "
            f"Restore it with Gendan {manifest.get('gendan')}."
        )
    for name, about in manifest["members"].items():
        if not _belongs(name):
            raise CannotRestore(f"The backup holds {name}, which has no place in a home.")
        if _digest(_opened(tar, name)) != about["sha256"]:
            raise CannotRestore(f"{name} in the backup is damaged. Take an older backup.")
    return manifest


def _opened(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise CannotRestore(f"The file holds no {name}: it is not a backup, or not a whole one.")
    return file


def _belongs(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DUMP or (path.parts[0] in FOLDERS and ".." not in path.parts)


def _bring_back(tar: tarfile.TarFile, manifest: Facts) -> None:
    for name in manifest["members"]:
        if name != DUMP:
            _copy(tar, name, home.path(name))
    with TemporaryDirectory(dir=home.root()) as folder, postgres.running():
        dump = Path(folder, DUMP)
        _copy(tar, DUMP, dump)
        error = _run("pg_restore", "--no-owner", "--single-transaction", str(dump))
        if error:
            raise CannotRestore(f"The database could not be written: {error}")


def _copy(tar: tarfile.TarFile, name: str, target: Path) -> None:
    """Write one member; its rights are ours, whatever the archive says."""
    target.parent.chmod(0o700)
    private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "wb") as file:
        shutil.copyfileobj(_opened(tar, name), file)


def _empty_home() -> None:
    for name in LIVING:
        shutil.rmtree(home.root() / name, ignore_errors=True)
