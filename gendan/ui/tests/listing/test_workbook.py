"""Workbooks: what xlsxwriter would have written, only sooner."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from gendan.ui.listing import workbook

NOON = datetime.fromisoformat("2026-11-22T12:00")  # local, as the database tells it
LONG_AGO = datetime.fromisoformat("1999-12-31")
MOMENTS = [NOON, None, NOON + timedelta(seconds=1, microseconds=654_321), LONG_AGO]
TEXTS = [
    "一",
    "",
    None,
    " 前",
    "后\u3000",
    "<&>",
    '"1"',
    "行\n行",
    "_x0041_",
    "\x07\ufffe",
    "字" * 40_000,
    "😀" * 20_000,
]
NUMBERS = [0, -7, Decimal("12.5"), 1.1, None, 10**14 + 1]


def made(*columns: list[Any], kinds: tuple[str, ...] = ()) -> bytes:
    head = [f"列{number}" for number in range(len(columns))]
    known = kinds or ("text",) * len(columns)
    return b"".join(workbook.workbook(head, [list(columns)], known))


def sheet(content: bytes) -> bytes:
    return ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def by_xlsxwriter(values: list[Any]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold, plain = book.add_format({"bold": True, "bottom": 1}), book.add_format({})
    page = book.add_worksheet()
    page.freeze_panes(1, 0)
    page.set_column(0, 0, 16)
    page.write_string(0, 0, "列0", bold)
    for row, value in enumerate(values, start=1):
        if isinstance(value, date):
            page.write_datetime(row, 0, value, plain)
        elif value is not None and value != "":
            write = page.write_string if isinstance(value, str) else page.write_number
            write(row, 0, value, plain)
    book.close()
    return file.getvalue()


def told(content: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.parametrize("values", [TEXTS, NUMBERS, MOMENTS, [date(2026, 11, 22)], ["一", 2]])
def test_it_is_the_xml_of_xlsxwriter(values: list[Any]) -> None:
    assert sheet(made(values)) == sheet(by_xlsxwriter(values))


def test_no_text_becomes_markup() -> None:
    assert told(made(["<r><t>粗</t></r>"])) == [[["列0"], ["<r><t>粗</t></r>"]]]


def test_numbers_times_and_days_keep_their_kind() -> None:
    columns = [Decimal("1250.5")], [NOON], [date(2026, 11, 22)], ["4183207715550982713"]
    content = made(*columns, kinds=("money", "instant", "day", "code"))
    assert told(content)[0][1] == [1250.5, NOON, date(2026, 11, 22), "4183207715550982713"]


def test_a_number_that_would_lose_digits_is_text() -> None:
    assert told(made([10**15, -(10**16)])) == [[["列0"], [str(10**15)], [str(-(10**16))]]]


def test_what_finds_no_room_goes_to_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 4)
    chunks: list[list[Any]] = [[["一", "二"]], [["三", "四", "五"]], [["六"]]]
    content = b"".join(workbook.workbook(["列"], chunks, ["text"]))
    assert told(content) == [[["列"], ["一"], ["二"], ["三"]], [["列"], ["四"], ["五"], ["六"]]]


def test_a_book_of_nothing_has_its_head() -> None:
    assert told(b"".join(workbook.workbook(["一", "二"], [], ["text", "text"]))) == [[["一", "二"]]]
