"""What was found, as a file: streamed, so that a million rows take no more memory than one page."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, TypeAlias

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language, override
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from gendan.ui.listing.cells import exported
from gendan.ui.listing.declaration import Column, Listing
from gendan.ui.listing.saved import chosen_columns
from gendan.ui.listing.state import State

FileFormat: TypeAlias = Literal["csv", "xlsx"]
CHUNK = 1_000
SHEET_ROWS = 1_048_576
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
) -> Iterator[bytes]:
    """Return the bytes of a file with everything found, in the order and columns of the state.

    :raises FindingError: if the search cannot be read
    """
    columns = [
        column for column in state.shown(listing, chosen_columns(listing, person)) if column.export
    ]
    found = listing.found(person, state.tab, state.q, now or timezone.now())
    rows = listing.order(state.sort).apply(found).iterator(chunk_size=CHUNK)
    head = [str(column.label) for column in columns]
    written = _csv if file_format == "csv" else _xlsx
    return written(head, _values(rows, columns, get_language() or "en"), columns)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _values(rows: Iterator[Any], columns: list[Column], language: str) -> Iterator[list[list[Any]]]:
    """Chunks of rows of values, in the asker's language: the file outlives the request."""
    while chunk := list(islice(rows, CHUNK)):
        with override(language):
            values = [[exported(row, column) for column in columns] for row in chunk]
        yield values


def _csv(
    head: list[str], chunks: Iterable[list[list[Any]]], _columns: list[Column]
) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield BOM + str(writer.writerow([csv_cell(label) for label in head])).encode()
    for chunk in chunks:
        lines = (str(writer.writerow([csv_cell(value) for value in row])) for row in chunk)
        yield "".join(lines).encode()


def csv_cell(value: Any) -> str:
    """Return the text of a cell: no text becomes a formula, no long number loses its digits."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float | Decimal):
        return str(value)
    text = str(value).replace("\x00", "")
    if re.match(r"\s*[=+\-@\t\r]", text):
        return f"'{text}"
    # A spreadsheet shows 19 digits as 1.2E+18 and 007 as 7; a tab behind them keeps them text.
    return f"{text}\t" if re.fullmatch(r"\d{12,}|0\d+", text, re.A) else text


def _xlsx(
    head: list[str], chunks: Iterable[list[list[Any]]], columns: list[Column]
) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        _fill(book, head, (row for chunk in chunks for row in chunk), columns)
        book.close()
        file.seek(0)
        while part := file.read(65_536):
            yield part


def _fill(
    book: xlsxwriter.Workbook, head: list[str], rows: Iterator[list[Any]], columns: list[Column]
) -> None:
    formats = [_format(book, column) for column in columns]
    bold = book.add_format({"bold": True, "bottom": 1})
    while True:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(head) - 1, 0), 16)
        for number, label in enumerate(head):
            sheet.write_string(0, number, label, bold)
        if not _fill_sheet(sheet, rows, formats):
            return


def _fill_sheet(sheet: Worksheet, rows: Iterator[list[Any]], formats: list[CellFormat]) -> bool:
    """Write rows until the sheet is full; whether it is."""
    number = 0
    for number, row in enumerate(islice(rows, SHEET_ROWS - 1), start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, formats[place])
    return number == SHEET_ROWS - 1


def _write(sheet: Worksheet, row: int, place: int, value: Any, form: CellFormat) -> None:
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, place, value, form)
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < 10**15:
        sheet.write_number(row, place, float(value), form)
    elif value is not None and value != "":
        sheet.write_string(row, place, str(value), form)


def _format(book: xlsxwriter.Workbook, column: Column) -> CellFormat:
    patterns = {"money": "#,##0.00", "instant": "yyyy-mm-dd hh:mm:ss", "day": "yyyy-mm-dd"}
    pattern = patterns.get(column.kind)
    return book.add_format({"num_format": pattern} if pattern else {})
