"""The rows that stayed outside, as a file to mend and feed again: two columns more say why."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import xlsxwriter
from django.db import connection
from django.utils.translation import gettext as _

from gendan.channels.formats.format import Format
from gendan.channels.models import IncomingFile, Mistake
from gendan.channels.reading.problems import PROBLEMS
from gendan.ui.tables.cells import clean

ROWS = """
SELECT r.row, r.cells FROM channels_rawrow r WHERE r.file_id = %(file)s AND (
  r.row IN (SELECT row FROM channels_mistake WHERE file_id = %(file)s)
  OR translate(r.cells->>%(column)s, E'="''\\t #', '') IN (
    SELECT platform_order FROM channels_mistake WHERE file_id = %(file)s AND platform_order <> ''))
ORDER BY r.row
"""
DANGEROUS = ("=", "+", "-", "@")
LONG = 12
"""Digits from which on a spreadsheet would round a number when the file is saved again."""


def header_of(file: IncomingFile) -> list[str]:
    """Return the file's own columns and two more."""
    return [*file.headers, _("What is wrong"), _("What to do")]


def rows_of(file: IncomingFile, form: Format | None) -> Iterator[list[str]]:
    """Yield each row that stayed outside, and the other rows of its order, cells cleaned."""
    mistakes: dict[int, list[Mistake]] = {}
    for mistake in Mistake.objects.filter(file=file):
        mistakes.setdefault(mistake.row, []).append(mistake)
    positions = form.positions(tuple(file.headers)) if form else {}
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"file": file.pk, "column": positions.get("platform_order", 0)})
        for row, cells in cursor:
            yield [*_fitted(cells, len(file.headers)), *_why(mistakes.get(row, []))]


def as_csv(file: IncomingFile, form: Format | None) -> Iterator[str]:
    """Yield the rows as CSV that Excel opens rightly and does not round."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in chain([header_of(file)], rows_of(file, form)):
        writer.writerow([_guarded(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def as_xlsx(file: IncomingFile, form: Format | None, place: Path) -> None:
    """Write the rows as a workbook whose cells are all text."""
    book = xlsxwriter.Workbook(str(place), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(chain([header_of(file)], rows_of(file, form))):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()


def _fitted(cells: str, width: int) -> list[str]:
    cleaned = [clean(cell) for cell in json.loads(cells)]
    return [*cleaned[:width], *[""] * (width - len(cleaned))]


def _why(mistakes: list[Mistake]) -> tuple[str, str]:
    if not mistakes:
        same = PROBLEMS["SAME_ORDER"]
        return str(same.message), str(same.remedy)
    wrong = "; ".join(
        f"{each.field}: {each.message}" if each.field else each.message for each in mistakes
    )
    return wrong, "; ".join(dict.fromkeys(each.remedy for each in mistakes))


def _guarded(cell: str) -> str:
    """Keep a spreadsheet from rounding a long number or running a formula."""
    if cell.startswith(DANGEROUS):
        return f"'{cell}"
    return f"\t{cell}" if len(cell) >= LONG and cell.isdigit() else cell
