"""The rows of a list as they stand in its page.

Fifty rows of ten cells are five hundred turns: written in Python they take a tenth of the time
that they take in a template, where they were most of what a page cost.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gendan.ui.listing.cells import safe, writer
from gendan.ui.listing.declaration import Column, Listing

MOBILE = {1: " list-title", 3: " list-aside"}
END = "</td>"


def drawn(
    listing: Listing, columns: Sequence[Column], rows: Iterable[Any], *, ticked: bool
) -> SafeString:
    """Return the body of the table; `ticked` puts a box before each row to choose it by."""
    openings = [_opening(column) for column in columns]
    writers = [writer(column) for column in columns]
    select = safe(_("Select %(row)s"))
    parts: list[str] = []
    for row in rows:
        parts.append(f'<tr class="{_css(listing, row)}" data-row>')
        if ticked:
            parts.append(_box(row, select))
        cells = [write(row) for write in writers]
        if listing.url:
            cells[0] = f'<a href="{safe(listing.url(row))}" data-open-row>{cells[0]}</a>'
        for opening, content in zip(openings, cells, strict=True):
            parts += (opening, content, END)
        parts.append("</tr>\n")
    return SafeString("".join(parts))


def _opening(column: Column) -> str:
    """The same in every row: where figures stand, and the label that a phone shows."""
    label = format_html(' data-label="{}"', column.label) if column.mobile == 2 else ""
    return f'<td class="{column.align}{MOBILE.get(column.mobile, "")}"{label}>'


def _css(listing: Listing, row: Any) -> str:
    return safe(listing.row_class(row)) if listing.row_class else ""


def _box(row: Any, select: str) -> str:
    said = select % {"row": safe(row)}
    return (
        f'<td class="select"><input type="checkbox" name="ids" value="{row.pk}"'
        f' aria-label="{said}"></td>'
    )
