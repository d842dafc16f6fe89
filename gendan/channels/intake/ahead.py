"""Of two large files the smaller is read by a process of its own, while the other is read here.

It lays aside what it reads, in a file without a name. Should it die, the rest is read here.
"""

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen
from tempfile import TemporaryFile
from typing import IO

from gendan.channels.formats.format import Format
from gendan.channels.formats.recognise import KNOWN
from gendan.channels.intake.chunks import Chunk, chunks
from gendan.channels.reading.orders import read_orders
from gendan.ui.tables.rows import NotATable
from gendan.ui.tables.table import open_table

WORTH_IT = 500_000
"""Bytes of a file from which a process more pays: it takes a quarter of a second to begin."""

Rest = Callable[[], Iterable[Chunk]]


def can_be_read_ahead(path: Path, form: Format) -> bool:
    """Tell whether a file is large enough, and of a format that is not kept in the database."""
    return form in KNOWN and path.stat().st_size >= WORTH_IT


@dataclass(frozen=True)
class Ahead:
    """A process that reads, and where it lays what it has read."""

    process: "Popen[bytes]"
    aside: IO[bytes]

    def chunks(self, rest: Rest) -> Iterator[Chunk]:
        """Yield what the process has read, once it is through; then the rest, if it was not."""
        self.process.wait()
        self.aside.seek(0)
        try:
            while chunk := pickle.load(self.aside):  # noqa: S301 (ours)
                yield chunk
        except (EOFError, pickle.UnpicklingError):
            yield from rest()


@contextmanager
def reading_ahead(path: Path, form: Format, file: int, after: int) -> Iterator[Ahead]:
    """Have another process read a file's rows below `after`, for as long as the block lasts."""
    words = (str(path), form.key, str(file), str(after))
    with TemporaryFile() as aside:
        command = [sys.executable, "-m", __name__, *words]
        process = Popen(command, stdout=aside, stderr=DEVNULL)  # noqa: S603 (ours)
        try:
            yield Ahead(process, aside)
        finally:
            process.kill()
            process.wait()


def _read(path: str, key: str, file: str, after: str) -> None:
    """Lay aside the chunks of a file, and a mark behind the last one."""
    form = next(form for form in KNOWN if form.key == key)
    out = sys.stdout.buffer
    for chunk in chunks(read_orders(open_table(path), form, after=int(after)), int(file)):
        pickle.dump(chunk, out)
    pickle.dump(None, out)


if __name__ == "__main__":
    with suppress(NotATable):  # whoever reads the rest will find it, and say so
        _read(*sys.argv[1:])
