"""Workbooks of Excel: the first sheet that has anything in it."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from gendan.ui.tables.rows import NotATable, RawRow

MAGICS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
LARGEST = 2 * 1024**3
"""Bytes a workbook may have when unpacked; a larger one is refused before it is opened."""
EXACT = 10**15
"""Excel keeps 15 digits; a larger number has lost some."""

Cell = str | int | float | bool | datetime | date | time | timedelta


@dataclass(frozen=True)
class Workbook:
    """A workbook at a path, read sheet by sheet."""

    path: Path
    kind: str = "XLSX"
    encoding: str = ""

    def stream(self) -> Iterator[RawRow]:
        """Yield the rows of the first sheet that is not empty.

        :raises NotATable: if the file is broken, or far too large
        """
        _refuse_bombs(self.path)
        try:
            yield from _rows(python_calamine.CalamineWorkbook.from_path(str(self.path)))
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise NotATable(self.path.name) from error

    def count(self) -> int:
        """Return the number of rows, which are known only by reading them."""
        return sum(1 for _row in self.stream())


def _rows(book: python_calamine.CalamineWorkbook) -> Iterator[RawRow]:
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield RawRow(number, [_text(cell) for cell in cells])
            return


def _text(cell: Cell) -> str:
    """Return a cell as text; a number with more digits than Excel keeps shows that it is one."""
    if isinstance(cell, str):
        return cell.replace("\0", "\ufffd")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= EXACT:
        return f"{cell:.14E}"
    return str(int(cell)) if cell == int(cell) else repr(cell)


def _refuse_bombs(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise NotATable(path.name) from error
    if size > LARGEST:
        raise NotATable(path.name)
