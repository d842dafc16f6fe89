"""Our own template as a file to fill in: Chinese or English headers and an example row."""

import csv
import io

import xlsxwriter
from django.utils.translation import get_language

from gendan.channels.formats.own import TEMPLATE


def headers() -> list[str]:
    """Return the column names in the language in use."""
    chinese = (get_language() or "zh").startswith("zh")
    return [column[0] if chinese else column[1] for column in TEMPLATE]


def as_csv() -> str:
    """Return the template as CSV that Excel opens as UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([headers(), [column[2] for column in TEMPLATE]])
    return "\ufeff" + text.getvalue()


def as_xlsx() -> bytes:
    """Return the template as a workbook; all cells are text, so that no number is rounded."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    text, must = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    sheet.set_column(0, len(TEMPLATE) - 1, 16, text)
    for place, (name, column) in enumerate(zip(headers(), TEMPLATE, strict=True)):
        sheet.write_string(0, place, name, must if column[3] else None)
        sheet.write_string(1, place, column[2], text)
    book.close()
    return content.getvalue()
