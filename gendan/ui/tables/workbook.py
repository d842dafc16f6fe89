"""Workbooks of Excel: the first sheet that has anything in it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from gendan.ui.tables.rows import NotATable, RawRow, TooLarge

MAGICS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
LARGEST = 150 * 1024**2
MOST_CELLS = 5_000_000
"""Bytes a workbook may have when unpacked, and cells a sheet may span: it is read whole."""
CHUNK = 1 << 20
LONGEST_CELL = 32
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb'\br="([A-Z]{0,3})([0-9]{1,7})"')
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
    """Measure a workbook before it is taken into memory, whatever it says of itself."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise TooLarge(path.name)
            sheets = [each for each in entries if _SHEET.fullmatch(each.filename)]
            areas = [_area(archive, sheet) for sheet in sheets]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError) as error:
        raise NotATable(path.name) from error
    except (EOFError, RuntimeError) as error:
        raise NotATable(path.name) from error
    if not areas:
        raise NotATable(path.name)
    if max(areas) > MOST_CELLS:
        raise TooLarge(path.name)


def _area(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> int:
    """Return how many cells the sheet spans: two far corners make a full sheet of empty cells."""
    rows, column, rest = 0, (0, b""), b""
    with archive.open(sheet) as content:
        while chunk := content.read(CHUNK):
            for letters, digits in _CELL.findall(rest + chunk):
                rows = max(rows, int(digits))
                column = max(column, (len(letters), letters))
            rest = chunk[-LONGEST_CELL:]
    width = 0
    for letter in column[1]:
        width = width * 26 + letter - 64
    return rows * width
