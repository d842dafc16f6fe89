"""Rows of a file as COPY's text takes them, so many at a time; no database.

What is read becomes text at once: a hundred thousand small objects at a time would keep the
garbage collector busier than the reader.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gendan.channels.formats.records import OrderRecord
from gendan.channels.intake import told
from gendan.channels.reading.reading import Reading

ROWS = 5_000
CHARACTERS = 5_000_000
"""Rows staged in one transaction, and characters: what a crash can cost, and what memory holds."""

_NULL = r"\N"


@dataclass(slots=True)
class Chunk:
    """Consecutive rows of a file; each line begins with the file and its row."""

    first: int = 0
    last: int = 0
    raw: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def after(self, row: int) -> "Chunk":
        """Return what is below a row."""
        if row < self.first:
            return self
        parts = (self.raw, self.orders, self.lines, self.mistakes)
        below = ([line for line in part if int(line.split("\t", 2)[1]) > row] for part in parts)
        return Chunk(row + 1, self.last, *below)


def chunks(readings: Iterable[Reading], file: int) -> Iterator[Chunk]:
    """Yield what the rows of a file tell, chunk by chunk."""
    chunk, length = Chunk(), 0
    run: tuple[int, OrderRecord] | None = None
    for reading in readings:
        length += _add(chunk, reading, file)
        run = _joined(chunk, run, reading, file)
        if len(chunk.raw) >= ROWS or length >= CHARACTERS:
            yield _closed(chunk, run, file)
            chunk, length, run = Chunk(), 0, None
    if chunk.raw:
        yield _closed(chunk, run, file)


def _add(chunk: Chunk, reading: Reading, file: int) -> int:
    """Add a row as it came, its lines and mistakes; return how long it is."""
    chunk.last = row = reading.raw.number
    chunk.first = chunk.first or row
    cells = told.stores(reading)
    chunk.raw.append(f"{file}\t{row}\t{cells.replace(_BACKSLASH, _DOUBLED)}\n")
    chunk.lines.extend(_text(told.told_line(line, file, row)) for line in reading.lines)
    if reading.errors:
        chunk.mistakes.extend(map(_text, _mistakes(reading, file)))
    return len(cells)


def _joined(
    chunk: Chunk, run: tuple[int, OrderRecord] | None, reading: Reading, file: int
) -> tuple[int, OrderRecord] | None:
    """Join a row to the order of the rows above, or end that order and begin another."""
    order = reading.order
    if order is None:
        return run
    if run and told.belong_together(run[1], order):
        told.merged(run[1], order)
        return run
    _closed(chunk, run, file)
    return reading.raw.number, order


def _closed(chunk: Chunk, run: tuple[int, OrderRecord] | None, file: int) -> Chunk:
    if run is not None:
        chunk.orders.append(_text(told.told_order(run[1], file, run[0])))
    return chunk


def _mistakes(reading: Reading, file: int) -> Iterator[told.Told]:
    for error in reading.errors:
        order = (error.platform_order or reading.platform_order)[:60]
        value = error.value.replace("\0", "\ufffd")[:200]
        yield file, error.row, error.field[:120], value, error.problem, order


_BACKSLASH, _DOUBLED = "\\", "\\\\"


def _text(row: told.Told) -> str:
    """Return a row as COPY's text format wants it; much faster than asking the driver."""
    line = "\t".join(
        [each if each.__class__ is str else _NULL if each is None else str(each) for each in row]
    )
    if _is_plain(line, row):
        return line + "\n"
    return "\t".join(_NULL if each is None else _escaped(str(each)) for each in row) + "\n"


def _is_plain(line: str, row: told.Told) -> bool:
    """Tell whether the marks in a line are ours alone: between the values, and for none."""
    return (
        line.count("\t") == len(row) - 1
        and line.count(_BACKSLASH) == row.count(None)
        and "\n" not in line
        and "\r" not in line
    )


def _escaped(text: str) -> str:
    text = text.replace(_BACKSLASH, _DOUBLED).replace("\t", r"\t")
    return text.replace("\n", r"\n").replace("\r", r"\r")
