"""Reading a file into the staging tables, chunk by chunk; every chunk remembers how far it came.

Two processes may read the same file: under the file's lock each skips what the other has staged.
"""

from collections.abc import Callable, Iterable

from django.db import connection

from gendan.channels.formats.format import Format
from gendan.channels.intake.choose import STAGED
from gendan.channels.intake.chunks import Chunk
from gendan.channels.intake.locks import lock_file
from gendan.channels.intake.step import step
from gendan.channels.models import FileState, IncomingFile, StagedLine, StagedOrder

RAW = ("file_id", "row", "cells")
ORDER = tuple(each.attname for each in StagedOrder._meta.concrete_fields if each.attname != "id")
LINE = tuple(each.attname for each in StagedLine._meta.concrete_fields if each.attname != "id")
MISTAKE = ("file_id", "row", "field", "value", "problem", "platform_order")
"""The columns that are copied in, in the order in which `told.py` gives them."""

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


def stage(file: IncomingFile, form: Format, chunks: Iterable[Chunk], progress: Progress) -> None:
    """Stage every row of a file that is not staged yet, and leave out what cannot come in."""
    for chunk in chunks:
        _stage(file, chunk)
        progress(file)
    _end(file, form)


@step()
def _stage(file: IncomingFile, chunk: Chunk) -> None:
    lock_file(file.pk)
    file.refresh_from_db(fields=["rows_read", "state"])
    if chunk.last <= file.rows_read:
        return
    _copy(chunk.after(file.rows_read))
    file.rows_read = chunk.last
    file.state = FileState.READING
    file.save(update_fields=["rows_read", "state"])


def _copy(chunk: Chunk) -> None:
    _copy_into("channels_rawrow", RAW, chunk.raw)
    _copy_into("channels_stagedorder", ORDER, chunk.orders)
    _copy_into("channels_stagedline", LINE, chunk.lines)
    _copy_into("channels_mistake", MISTAKE, chunk.mistakes)


def _copy_into(table: str, columns: tuple[str, ...], lines: list[str]) -> None:
    if not lines:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        copy.write("".join(lines))


@step()
def _end(file: IncomingFile, form: Format) -> None:
    """Leave out every order with a mistake in one of its rows, or that contradicts itself.

    Only now may orders be made of the file, whichever import makes them.
    """
    lock_file(file.pk)
    file.refresh_from_db(fields=["state"])
    if file.state not in (FileState.WAITS, FileState.READING, FileState.FAILED):
        return
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTIONS, {"file": file.pk, "one_row": form.one_row})
        for table in STAGED:
            cursor.execute(REFUSE.format(staged=table), {"file": file.pk})
    file.state = FileState.ACTING
    file.save(update_fields=["state"])
