"""The end of a large file is read by a process of its own, while what is before it is read here.

It lays aside what it reads, in a file without a name. Should it die, the rest is read here.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import IO

from gendan.channels.formats.format import LINES, Format
from gendan.channels.formats.recognise import KNOWN
from gendan.channels.intake.chunks import Chunk, chunks
from gendan.channels.reading.orders import read_orders
from gendan.ui.tables.rows import NotATable
from gendan.ui.tables.table import open_table

WORTH_IT = 500_000
"""Bytes of a file from which a process more pays: it takes a quarter of a second to begin."""

HEAD_START = 2_500
"""Rows that are read here before the process has begun."""

LENGTH = 8
"""Bytes in which the process says how long the next chunk is that it has laid aside; 0: the end."""

Rest = Callable[[], Iterable[Chunk]]


@dataclass(frozen=True)
class Aside:
    """The rows of a file below row `after`, as another process reads them."""

    after: int
    process: "Popen[bytes]"
    laid: IO[bytes]

    def chunks(self, rest: Rest) -> Iterator[Chunk]:
        """Yield each chunk as soon as it is there; the rest, should the process die."""
        try:
            yield from self._laid()
        except EOFError:
            yield from rest()

    def _laid(self) -> Iterator[Chunk]:
        at = 0
        while length := self._next():
            yield pickle.loads(os.pread(self.laid.fileno(), length, at))  # noqa: S301 (ours)
            at += length

    def _next(self) -> int:
        said = self.process.stdout.read(LENGTH) if self.process.stdout else b""
        if len(said) < LENGTH:
            raise EOFError
        return int.from_bytes(said)


def can_be_read_ahead(path: Path, form: Format) -> bool:
    """Tell whether a file is large enough, and of a format that is not kept in the database."""
    return form in KNOWN and path.stat().st_size >= WORTH_IT


def where_to_cut(form: Format, rows: int, *, alone: bool) -> int | None:
    """Return the row below which another process is to read; nothing if it has nothing to read.

    Where an order may have several rows a file is read by one; the other files by the other.
    """
    if form.is_whole_order or form.rows == LINES:
        return HEAD_START + max(0, rows - HEAD_START) // (2 if alone else 4)
    return None if alone else 0


@contextmanager
def reading_ahead(path: Path, form: Format, file: int, after: int) -> Iterator[Aside]:
    """Have another process read a file's rows below `after`, for as long as the block lasts."""
    with TemporaryFile() as laid:
        words = (str(path), form.key, str(file), str(after), str(laid.fileno()))
        command = [sys.executable, "-m", __name__, *words]
        with Popen(  # noqa: S603 (ours)
            command, stdout=PIPE, stderr=DEVNULL, pass_fds=[laid.fileno()]
        ) as process:
            try:
                yield Aside(after, process, laid)
            finally:
                process.kill()


def _read(path: str, key: str, file: str, after: str, aside: str) -> None:
    """Lay aside the chunks of a file's end, and say of each how long it is."""
    form = next(form for form in KNOWN if form.key == key)
    with open(int(aside), "wb") as laid:
        for chunk in chunks(read_orders(open_table(path), form, after=int(after)), int(file)):
            length = laid.write(pickle.dumps(chunk))
            laid.flush()
            _say(length)
    _say(0)


def _say(length: int) -> None:
    sys.stdout.buffer.write(length.to_bytes(LENGTH))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    with suppress(NotATable):  # whoever reads the rest will find it, and say so
        _read(*sys.argv[1:])
