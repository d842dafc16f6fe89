"""Reading a file into the staging tables, chunk by chunk; every chunk remembers how far it came.

Two processes may read the same file: under the file's lock each skips what the other has staged.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from gendan.channels.formats.format import Format
from gendan.channels.formats.records import OrderRecord
from gendan.channels.intake import told
from gendan.channels.intake.choose import STAGED
from gendan.channels.intake.locks import lock_file
from gendan.channels.models import FileState, IncomingFile
from gendan.channels.reading.reading import Reading

ROWS = 5_000
CHARACTERS = 5_000_000
"""Rows staged in one transaction, and characters: what a crash can cost, and what memory holds."""

_SPECIAL = re.compile(r"[\t\n\r\\]")
_NULL = r"\N"

CONTRADICTIONS = """
INSERT INTO channels_mistake (file_id, row, field, value, problem, platform_order)
SELECT %(file)s, max(row), '', '', 'CONTRADICTS', platform_order FROM (
  SELECT platform_order, max(row) AS row FROM channels_stagedorder WHERE file_id = %(file)s
  GROUP BY platform_order HAVING count(*) > 1 AND (count(DISTINCT payable_fen) > 1
    OR count(DISTINCT paid_fen) > 1 OR count(DISTINCT postage_fen) > 1
    OR count(DISTINCT discount_fen) > 1)
  UNION ALL
  SELECT platform_order, max(row) FROM channels_stagedline
  WHERE file_id = %(file)s AND (%(one_row)s OR NOT is_own_key)
  GROUP BY platform_order, CASE WHEN NOT is_own_key THEN key END
  HAVING count(DISTINCT row) > 1
    AND (bool_or(is_own_key) OR count(DISTINCT (code, quantity, total_fen)) > 1)
) told GROUP BY platform_order
"""
"""Orders of which a file tells several amounts: nobody can know which one is right."""

REFUSE = """
DELETE FROM {staged} s USING (
  SELECT DISTINCT platform_order FROM channels_mistake WHERE file_id = %(file)s
) m WHERE s.file_id = %(file)s AND m.platform_order = s.platform_order
"""

Progress = Callable[[IncomingFile], None]


@dataclass(slots=True)
class _Chunk:
    raw: list[told.Told] = field(default_factory=list)
    orders: list[told.Told] = field(default_factory=list)
    lines: list[told.Told] = field(default_factory=list)
    mistakes: list[told.Told] = field(default_factory=list)


def stage(
    file: IncomingFile, form: Format, readings: Iterable[Reading], progress: Progress
) -> None:
    """Stage every row of a file that is not staged yet, and leave out what cannot come in."""
    for chunk in _chunks(readings):
        _stage(file, chunk)
        progress(file)
    _end(file, form)


@transaction.atomic
def _end(file: IncomingFile, form: Format) -> None:
    """Leave out every order with a mistake in one of its rows, or that contradicts itself.

    Only now may orders be made of the file, whichever import makes them.
    """
    lock_file(file.pk)
    file.refresh_from_db(fields=["state"])
    if file.state not in (FileState.WAITS, FileState.READING):
        return
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTIONS, {"file": file.pk, "one_row": form.one_row})
        for table in STAGED:
            cursor.execute(REFUSE.format(staged=table), {"file": file.pk})
    file.state = FileState.ACTING
    file.save(update_fields=["state"])


def _chunks(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    chunk: list[Reading] = []
    length = 0
    for reading in readings:
        chunk.append(reading)
        length += sum(map(len, reading.raw.cells))
        if len(chunk) >= ROWS or length >= CHARACTERS:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


@transaction.atomic
def _stage(file: IncomingFile, readings: list[Reading]) -> None:
    lock_file(file.pk)
    file.refresh_from_db(fields=["rows_read", "state"])
    fresh = [reading for reading in readings if reading.raw.number > file.rows_read]
    if not fresh:
        return
    _copy(_told(fresh, file.pk))
    file.rows_read = fresh[-1].raw.number
    file.state = FileState.READING
    file.save(update_fields=["rows_read", "state"])


def _told(readings: list[Reading], file: int) -> _Chunk:
    chunk = _Chunk()
    run: tuple[int, OrderRecord] | None = None
    for reading in readings:
        row = reading.raw.number
        chunk.raw.append((file, row, told.stores(reading)))
        chunk.lines.extend(told.told_line(line, file, row) for line in reading.lines)
        chunk.mistakes.extend(_mistakes(reading, file))
        order = reading.order
        if order is not None and run and told.belong_together(run[1], order):
            told.merged(run[1], order)
        elif order is not None:
            _close(chunk, run, file)
            run = (row, order)
    _close(chunk, run, file)
    return chunk


def _close(chunk: _Chunk, run: tuple[int, OrderRecord] | None, file: int) -> None:
    if run is not None:
        chunk.orders.append(told.told_order(run[1], file, run[0]))


def _mistakes(reading: Reading, file: int) -> Iterator[told.Told]:
    for error in reading.errors:
        order = (error.platform_order or reading.platform_order)[:60]
        value = error.value.replace("\0", "\ufffd")[:200]
        yield file, error.row, error.field[:120], value, error.problem, order


def _copy(chunk: _Chunk) -> None:
    _copy_into("channels_rawrow", ("file_id", "row", "cells"), chunk.raw)
    _copy_into("channels_stagedorder", told.ORDER, chunk.orders)
    _copy_into("channels_stagedline", told.LINE, chunk.lines)
    columns = ("file_id", "row", "field", "value", "problem", "platform_order")
    _copy_into("channels_mistake", columns, chunk.mistakes)


def _copy_into(table: str, columns: tuple[str, ...], rows: list[told.Told]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        copy.write("".join(map(_row, rows)))


def _row(row: told.Told) -> str:
    """Return a row as COPY's text format wants it; much faster than asking the driver."""
    if _SPECIAL.search("".join([each for each in row if isinstance(each, str)])):
        row = tuple(_escaped(each) if isinstance(each, str) else each for each in row)
    texts = [
        each if isinstance(each, str) else _NULL if each is None else str(each) for each in row
    ]
    return "\t".join(texts) + "\n"


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\\").replace("\t", r"\t")
    return text.replace("\n", r"\n").replace("\r", r"\r")
