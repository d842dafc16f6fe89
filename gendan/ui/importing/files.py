"""Workbooks that an import hands out: its template, and the rows to mend."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from gendan.ui.importing.declaration import Import
from gendan.ui.models import Upload

WIDTH = 18


def template(declared: Import) -> bytes:
    """Return a workbook with the columns and two rows as examples; every cell is text."""
    head = [f"{column.label}{'*' if column.required else ''}" for column in declared.columns]
    rows = ([column.examples[n] for column in declared.columns] for n in (0, 1))
    return _workbook(head, rows)


def to_mend(upload: Upload) -> bytes:
    """Return a workbook with the rows that were left out, and what is wrong in a last column."""
    told = upload.told
    width = len(told["headers"])
    rows = (
        [*_fitted(bad["cells"], width), " ".join(_sentence(*m) for m in bad["mistakes"])]
        for bad in told["bad"]
    )
    return _workbook([*told["headers"], _("What is wrong")], rows)


def _sentence(field: str, value: str, sentence: str, remedy: str) -> str:
    where = f"{field}: " if field else ""
    return f"{where}{sentence} {remedy}".strip()


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _workbook(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    words = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(head) - 1, 0), WIDTH, words)
    for place, label in enumerate(head):
        sheet.write_string(0, place, label, bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell, words)
    book.close()
    return file.getvalue()
