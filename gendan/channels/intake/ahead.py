"""Large files are read by two: a process of its own reads the end of the largest and the smallest.

It lays aside what it reads, in files without a name. Should it die, the rest is read here.
"""

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
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

OTHERS_SHARE = 3
"""The other process reads this part of the largest file: it starts later, and has the smallest."""

THROUGH = b"."

Rest = Callable[[], Iterable[Chunk]]


@dataclass(frozen=True)
class Part:
    """The rows of a file below row `after`; `file` is its key."""

    path: Path
    form: Format
    file: int
    after: int

    @property
    def words(self) -> tuple[str, ...]:
        """How the other process is told of it."""
        return str(self.path), self.form.key, str(self.file), str(self.after)


@dataclass(frozen=True)
class Aside:
    """What the other process has laid aside of a part."""

    after: int
    process: "Popen[bytes]"
    laid: IO[bytes]

    def chunks(self, rest: Rest) -> Iterator[Chunk]:
        """Yield what was read, once the part is through; then the rest, if it was not.

        Parts are asked for in the order in which they are read.
        """
        if self.process.stdout:
            self.process.stdout.read(1)
        self.laid.seek(0)
        try:
            while chunk := pickle.load(self.laid):  # noqa: S301 (ours)
                yield chunk
        except (EOFError, pickle.UnpicklingError):
            yield from rest()


def can_be_read_ahead(path: Path, form: Format) -> bool:
    """Tell whether a file is large enough, and of a format that is not kept in the database."""
    return form in KNOWN and path.stat().st_size >= WORTH_IT


def end_of(form: Format, rows: int) -> int | None:
    """Return the row below which another process may read; nothing if orders may lie across it."""
    whole_rows = form.is_whole_order or form.rows == LINES
    return rows - rows // OTHERS_SHARE if whole_rows else None


@contextmanager
def reading_ahead(parts: Sequence[Part]) -> Iterator[dict[int, Aside]]:
    """Have another process read these parts for as long as the block lasts; return them by file."""
    if not parts:
        yield {}
        return
    with ExitStack() as stack:
        laid = [stack.enter_context(TemporaryFile()) for _part in parts]
        words = [
            word
            for part, aside in zip(parts, laid, strict=True)
            for word in (*part.words, str(aside.fileno()))
        ]
        process = stack.enter_context(_reader(words, [aside.fileno() for aside in laid]))
        yield {
            part.file: Aside(part.after, process, aside)
            for part, aside in zip(parts, laid, strict=True)
        }


@contextmanager
def _reader(words: Sequence[str], passed: Sequence[int]) -> Iterator["Popen[bytes]"]:
    command = [sys.executable, "-m", __name__, *words]
    process = Popen(command, stdout=PIPE, stderr=DEVNULL, pass_fds=passed)  # noqa: S603 (ours)
    with process:
        try:
            yield process
        finally:
            process.kill()


def _read(path: str, key: str, file: str, after: str, aside: str) -> None:
    """Lay aside the chunks of a part, a mark behind the last one, and say that it is through."""
    form = next(form for form in KNOWN if form.key == key)
    with open(int(aside), "wb") as out:
        for chunk in chunks(read_orders(open_table(path), form, after=int(after)), int(file)):
            pickle.dump(chunk, out)
        pickle.dump(None, out)
    sys.stdout.buffer.write(THROUGH)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    told = sys.argv[1:]
    with suppress(NotATable):  # whoever reads the rest will find it, and say so
        for at in range(0, len(told), 5):
            _read(*told[at : at + 5])
