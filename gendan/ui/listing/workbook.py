"""A workbook of what was found.

xlsxwriter makes the book; the rows are written here, as the same XML, a column of some rows at a
time. Its own way, some calls for each cell, takes five times as long.
"""

import tempfile
from collections.abc import Generator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Values = Sequence[Any]
ROWS = 1_048_576  # of a sheet
LONGEST = 32_767  # units of UTF-16 in a cell
EXACT = 10**15  # beyond it a number loses digits
PATTERNS = {"money": "#,##0.00", "instant": "yyyy-mm-dd hh:mm:ss", "day": "yyyy-mm-dd"}
FIRST_DAY = date(1899, 12, 30).toordinal()
TEXTS = frozenset((str, type(None)))
ODD = ("&", "<", ">", "_x", "| ", " |")


def workbook(
    head: list[str], chunks: Iterable[list[Values]], kinds: Sequence[str]
) -> Generator[bytes, None, None]:
    """Return the bytes of a workbook of some rows at a time, which come column by column."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        _fill(book, head, chunks, kinds)
        book.close()
        file.seek(0)
        while part := file.read(65_536):
            yield part


def _fill(
    book: xlsxwriter.Workbook, head: list[str], chunks: Iterable[list[Values]], kinds: Sequence[str]
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = [_format(book, kind) for kind in kinds]
    sheet = Sheet(book.add_worksheet(), head, bold)
    for columns in chunks:
        room = ROWS - sheet.filled
        sheet.add([values[:room] for values in columns], formats)
        if any(values[room:] for values in columns):
            sheet = Sheet(book.add_worksheet(), head, bold)
            sheet.add([values[room:] for values in columns], formats)


def _format(book: xlsxwriter.Workbook, kind: str) -> CellFormat:
    pattern = PATTERNS.get(kind)
    return book.add_format({"num_format": pattern} if pattern else {})


class Sheet:
    """A sheet that takes many rows at a time."""

    def __init__(self, sheet: Worksheet, head: list[str], bold: CellFormat) -> None:
        self.sheet = sheet
        self.filled = 0
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(head) - 1, 0), 16)
        self.add([[label] for label in head], [bold] * len(head))

    def add(self, columns: Sequence[Values], formats: Sequence[CellFormat]) -> None:
        """Add rows under those that are there."""
        first = self.filled + 1
        cells = [
            self._cells(values, f'<c r="{xl_col_to_name(place)}', form._get_xf_index(), first)
            for place, (values, form) in enumerate(zip(columns, formats, strict=True))
        ]
        rows = enumerate(map("".join, zip(*cells, strict=True)), first)
        text = "".join([f'<row r="{number}">{row}</row>' for number, row in rows if row])
        self.sheet.row_data_fh.write(text)
        self.filled += max(map(len, cells), default=0)
        self.sheet.dim_rowmin, self.sheet.dim_rowmax = 0, self.filled - 1
        self.sheet.dim_colmin, self.sheet.dim_colmax = 0, len(columns) - 1

    def _cells(self, values: Values, begin: str, style: int, first: int) -> list[str]:
        number = f'" s="{style}"><v>'
        text = f'" s="{style}" t="inlineStr"><is><t'
        if TEXTS.issuperset(map(type, values)) and not _is_odd(values):
            rests = [f"{text}>{value}</t></is></c>" if value else "" for value in values]
        else:
            rests = [self._rest(value, number, text) for value in values]
        return [f"{begin}{row}{rest}" if rest else "" for row, rest in enumerate(rests, first)]

    def _rest(self, value: Any, number: str, text: str) -> str:
        known = _number(value)
        if known is not None:
            return f"{number}{known:.16G}</v></c>"
        if value is None or value == "":
            return ""
        told = _shortened(str(value))
        told = self.sheet._escape_data(self.sheet._escape_control_characters(told))
        keep = ' xml:space="preserve"' if told != told.strip() else ""
        return f"{text}{keep}>{told}</t></is></c>"


def _is_odd(texts: Sequence[str | None]) -> bool:
    """Whether one is long or says anything that XML says otherwise: all at once, as few do."""
    text = f"|{'|'.join([text or '' for text in texts])}|"
    is_long = len(text) > LONGEST // 2
    return is_long or not text.isprintable() or any(mark in text for mark in ODD)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")


def _number(value: Any) -> float | None:
    """Return the number that a cell holds: a moment is the days since a certain one."""
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return value.toordinal() - FIRST_DAY + seconds / 86_400
    if isinstance(value, date):
        return value.toordinal() - FIRST_DAY
    if isinstance(value, int | float | Decimal) and abs(float(value)) < EXACT:
        return float(value)
    return None
