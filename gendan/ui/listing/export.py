"""What was found, as a file: streamed, so that a million rows take no more memory than one page."""

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Literal, TypeAlias

from django.utils import timezone
from django.utils.translation import get_language, override

from gendan.ui.listing import bare
from gendan.ui.listing.cells import all_in_file, exported
from gendan.ui.listing.declaration import Column, Listing, Rows
from gendan.ui.listing.saved import chosen_columns
from gendan.ui.listing.state import State
from gendan.ui.listing.ways import Of
from gendan.ui.listing.workbook import workbook

FileFormat: TypeAlias = Literal["csv", "xlsx"]
Values: TypeAlias = Sequence[Any]
CHUNK = 1_000
PIECE = 65_536  # characters: what is sent at once
NUMBERS = frozenset((int, float, Decimal, type(None)))
TEXTS = frozenset((str, type(None)))
QUOTED = ',"\r\n'
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
LONG_NUMBER = re.compile(r"\d{12,}|0\d+", re.ASCII)
BOM = b"\xef\xbb\xbf"
CONTENT_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_rows(
    listing: Listing,
    person: Any,
    state: State,
    file_format: FileFormat,
    *,
    now: datetime | None = None,
) -> Generator[bytes, None, None]:
    """Return the bytes of a file with everything found, in the order and columns of the state.

    :raises FindingError: if the search cannot be read
    """
    columns = [
        column for column in state.shown(listing, chosen_columns(listing, person)) if column.export
    ]
    found = listing.found(person, state.tab, state.q, now or timezone.now())
    rows = listing.order(state.sort).apply(found)
    head = [str(column.label) for column in columns]
    is_text = file_format == "csv"
    asked = bare.asked(rows, columns)
    read = _modelled(rows, columns) if asked is None else _bare(rows, asked, columns, is_text)
    values = _spoken(read, get_language() or "en")
    if is_text:
        return _csv(head, values)
    return workbook(head, values, [column.kind for column in columns])


def _spoken(read: Iterator[list[Values]], language: str) -> Iterator[list[Values]]:
    """Read in the asker's language: the file outlives the request."""
    while True:
        with override(language):
            chunk = next(read, None)
        if chunk is None:
            return
        yield chunk


def _bare(
    rows: Rows, asked: list[Of], columns: list[Column], written: bool
) -> Iterator[list[Values]]:
    for chunk in bare.chunks(rows, asked, written=written):
        told = zip(chunk, columns, strict=True)
        yield [all_in_file(values, column.kind) for values, column in told]


def _modelled(rows: Rows, columns: list[Column]) -> Iterator[list[Values]]:
    models = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(models, CHUNK)):
        yield [[exported(row, column) for row in chunk] for column in columns]


def _csv(head: list[str], chunks: Iterable[list[Values]]) -> Generator[bytes, None, None]:
    yield BOM
    labels: list[Values] = [[label] for label in head]
    kept = io.StringIO(newline="")
    for columns in chain([labels], chunks):
        kept.write(_csv_lines(list(map(_csv_cells, columns))))
        if kept.tell() > PIECE:
            yield kept.getvalue().encode()
            kept = io.StringIO(newline="")
    yield kept.getvalue().encode()


def _csv_lines(columns: list[Sequence[str]]) -> str:
    """Return the lines that cells make, given column by column."""
    cells = zip(*columns, strict=True)
    if len(columns) > 1 and not any(map(_has_quoted, columns)):
        return "\r\n".join([*map(",".join, cells), ""])
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    return text.getvalue()


def _has_quoted(cells: Sequence[str]) -> bool:
    text = "".join(cells)
    return any(mark in text for mark in QUOTED)


def _csv_cells(values: Values) -> Sequence[str]:
    types = frozenset(map(type, values))
    if types <= NUMBERS:
        return ["" if value is None else str(value) for value in values]
    if types <= TEXTS:
        texts = [value or "" for value in values]
        return texts if _are_plain(texts) else list(map(csv_cell, texts))
    return list(map(csv_cell, values))


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether no text is a formula or a long number: all at once, since hardly any is."""
    firsts = "".join([text[:1] for text in texts])
    if not firsts.isalnum():
        return not firsts
    return firsts.isalpha() or not any(map(str.isdecimal, texts))


def csv_cell(value: Any) -> str:
    """Return the text of a cell: no text becomes a formula, no long number loses its digits."""
    if not isinstance(value, str):
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.isoformat(" ", "seconds")
        if isinstance(value, int | float | Decimal):
            return str(value)
    text = str(value).replace("\x00", "")
    if not text or text[0].isalpha():  # neither a formula nor a number
        return text
    if FORMULA.match(text):
        return f"'{text}"
    # A spreadsheet shows 19 digits as 1.2E+18 and 007 as 7; a tab behind them keeps them text.
    return f"{text}\t" if LONG_NUMBER.fullmatch(text) else text
