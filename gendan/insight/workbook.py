"""A report as a workbook, one sheet for each table."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from gendan.insight.tables import Column, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "money": "#,##0.00",
    "number": "#,##0",
    "weight": "#,##0",
    "time": "[h]:mm:ss",
    "day": "yyyy-mm-dd",
}
NOT_IN_A_NAME = str.maketrans("", "", r"[]:*?/\'")


def workbook(title: str, tables: Sequence[Table]) -> Iterator[bytes]:
    """Return the bytes of the workbook, piece by piece."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": title})
        for number, table in enumerate(tables, start=1):
            _write(book, book.add_worksheet(_name(number, table)), table, title)
        book.close()
        file.seek(0)
        while part := file.read(65_536):
            yield part


def _name(number: int, table: Table) -> str:
    return f"{number} {str(table.title).translate(NOT_IN_A_NAME)}"[:31]


def _write(book: Any, sheet: Any, table: Table, title: str) -> None:
    strong, heading = book.add_format({"bold": True}), {"bold": True, "bottom": 1}
    sheet.write_string(0, 0, f"{title} · {table.title}", strong)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for place, column in enumerate(table.columns):
        side = "left" if column.kind in ("text", "day") else "right"
        form = book.add_format({**heading, "align": side})
        sheet.write_string(1, place, str(column.label), form)
        sheet.set_column(place, place, 24 if column.kind == "text" else 14)
    lines = [*table.rows, table.sums] if table.sums else table.rows
    for column_number, column in enumerate(table.columns):
        plain = _format(book, column)
        total = _format(book, column, bold=True, top=1)
        for row, line in enumerate(lines):
            form = total if line is table.sums else plain
            _cell(sheet, row + 2, column_number, line[column_number], column, form)


def _format(book: Any, column: Column, **more: Any) -> Any:
    pattern = FORMATS.get(column.kind)
    return book.add_format({**more, "num_format": pattern} if pattern else more)


def _cell(sheet: Any, row: int, place: int, value: Any, column: Column, form: Any) -> None:
    if value is None:
        sheet.write_blank(row, place, None, form)
    elif isinstance(value, timedelta):
        sheet.write_number(row, place, value.total_seconds() / 86_400, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value / 100 if column.kind == "money" else value, form)
    else:
        sheet.write_string(row, place, str(value), form)
