"""What a cell says, once the marks that programs put around it are taken away."""

import re
import unicodedata

EMPTY = frozenset({"", "-", "--", "—", "null", "NULL", "None", "N/A"})
"""Words by which exports say that there is nothing."""

_INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060))
_SPACES = {0xA0: " ", 0x3000: " ", 0x2007: " ", 0x202F: " "}
_ODD = re.compile("[" + "".join(map(chr, (*_INVISIBLE, *_SPACES))) + "]")
_TABLE = {**_INVISIBLE, **_SPACES}


def clean(cell: str) -> str:
    """Take away `="…"`, leading `'` and tabs, odd spaces and invisible marks."""
    if not cell:
        return cell
    if not cell.isascii() and _ODD.search(cell):
        cell = cell.translate(_TABLE)
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) >= 3:
        cell = cell[2:-1].replace('""', '"').strip()
    return cell[1:].strip() if cell.startswith("'") else cell


def header(cell: str) -> str:
    """Return a header name by which columns are matched: narrow brackets, no blanks at all."""
    return "".join(narrow(clean(cell)).split())


def narrow(text: str) -> str:
    """Return the text with full-width digits, letters and punctuation made ASCII."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def is_empty(text: str) -> bool:
    """Tell whether a cleaned cell says that there is nothing."""
    return text in EMPTY
