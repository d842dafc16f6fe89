"""From the text of a cell to an order number, an amount, a quantity, an instant."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from gendan.channels.reading.problems import Unreadable
from gendan.ui.tables.cells import is_empty, narrow

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_FEN = 10**13
MOST_PIECES = 10**7
LONGEST_TEXT = 5000

_PLAIN_MONEY = re.compile(r"[0-9]{1,11}\.[0-9]{2}")
_MONEY = re.compile(
    r"(?:[¥$€£]|CNY|RMB)?\s*(-?[0-9][0-9,]*(?:\.[0-9]+)?|-?\.[0-9]+)(?:[eE]([+-]?[0-9]{1,2}))?"
    r"\s*元?(?:\s*\(.*\))?",
    re.DOTALL,
)
_COUNT = re.compile(r"(-?[0-9]{1,12})(?:\.0*)?\s*[件个只双盒套条瓶袋]?")
_IDENTITY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.#/\-]{0,59}")
_ROUNDED = re.compile(
    r"[0-9]+\.[0-9]+[eE]\+?[0-9]+|[0-9]+[eE]\+[0-9]+|[0-9]{16,}\.[0-9]*|[0-9]{9,}\.[0-9]*[1-9][0-9]*"
)
_TIME = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"(?:[T\s]*([0-9]{1,2})[:时]([0-9]{1,2})(?:[:分]([0-9]{1,2})(?:\.[0-9]+)?秒?|分)?)?"
    r"\s*(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIAL_ZERO = datetime.fromisoformat("1899-12-30")
"""The day from which spreadsheets count; it has no zone."""
_PHONE_ROUNDED = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+")
_CLOSING_ZERO = re.compile(r"([0-9]+)\.0+")


def text(cell: str) -> str:
    """Return the cell's words; `-` and the like are empty.

    :raises Unreadable: if it is longer than any remark can be
    """
    if len(cell) > LONGEST_TEXT:
        raise Unreadable("TOO_LONG")
    return "" if is_empty(cell) else cell


def identity(cell: str) -> str:
    """Return an order or sub-order number, never one that Excel has rounded.

    :raises Unreadable: if digits are lost or it is no number at all
    """
    if is_empty(cell):
        return ""
    cell = narrow(cell)
    if _ROUNDED.fullmatch(cell):
        raise Unreadable("NUMBER_MANGLED")
    whole = _CLOSING_ZERO.fullmatch(cell)
    cell = whole[1] if whole else cell
    if not _IDENTITY.fullmatch(cell):
        raise Unreadable("NOT_A_NUMBER")
    return cell


def code(cell: str) -> str:
    """Return a code of goods or of a buyer; a whole number that Excel gave a `.0` loses it.

    :raises Unreadable: if digits are lost or it is too long
    """
    if is_empty(cell):
        return ""
    if _ROUNDED.fullmatch(cell) and cell[0] != "0":
        raise Unreadable("NUMBER_MANGLED")
    if len(cell) > 200:
        raise Unreadable("TOO_LONG")
    whole = _CLOSING_ZERO.fullmatch(cell)
    return whole[1] if whole else cell


def order_name(cell: str) -> str:
    """Return a shop system's order name such as `#1001`, without the mark before it.

    :raises Unreadable: as `identity`
    """
    return identity(cell.lstrip("#").strip())


def amount(cell: str) -> Decimal | None:
    """Return an amount in yuan, exactly as written; None when the cell is empty.

    :raises Unreadable: if it is no amount, or an impossible one
    """
    if is_empty(cell):
        return None
    found = _MONEY.fullmatch(narrow(cell).strip())
    if not found:
        raise Unreadable("MONEY")
    value = Decimal(found[1].replace(",", ""))
    value = value.scaleb(int(found[2])) if found[2] else value
    if value < 0:
        raise Unreadable("MONEY_NEGATIVE")
    if value * 100 > MOST_FEN:
        raise Unreadable("TOO_MUCH")
    return value


def money(cell: str) -> int | None:
    """Return an amount in fen; the noise of a spreadsheet's floats is taken off, nothing else.

    :raises Unreadable: if it is no amount, or has a part of a fen
    """
    if _PLAIN_MONEY.fullmatch(cell):
        return int(cell[:-3] + cell[-2:])
    value = amount(cell)
    if value is None:
        return None
    fen = round(value * 100)
    if abs(value * 100 - fen) > Decimal("0.0001"):
        raise Unreadable("MONEY_FRACTION")
    return fen


def price(cell: str) -> int | Decimal | None:
    """Return a unit price in fen; a part of a fen is kept until it is multiplied.

    :raises Unreadable: if it is no amount
    """
    if _PLAIN_MONEY.fullmatch(cell):
        return int(cell[:-3] + cell[-2:])
    value = amount(cell)
    if value is None:
        return None
    fen = round(value * 100)
    return fen if abs(value * 100 - fen) < Decimal("0.0001") else value * 100


def count(cell: str) -> int | None:
    """Return a whole number of pieces, which may be negative; None when the cell is empty.

    :raises Unreadable: if it is no whole number, or an impossible one
    """
    if is_empty(cell):
        return None
    found = _COUNT.fullmatch(narrow(cell).replace(",", ""))
    if not found:
        raise Unreadable("QUANTITY")
    pieces = int(found[1])
    if abs(pieces) > MOST_PIECES:
        raise Unreadable("TOO_MUCH")
    return pieces


def instant(cell: str) -> datetime | None:
    """Return an instant; without a zone it is Shanghai's, and the year 1 means none.

    :raises Unreadable: if it is no time
    """
    if is_empty(cell) or cell.startswith(("0000-", "0001-")):
        return None
    try:
        return _instant(narrow(cell))
    except (ValueError, OverflowError):
        raise Unreadable("TIME") from None


def _instant(cell: str) -> datetime:
    if len(cell) == 19 and cell[10] == " ":
        return _placed(datetime.fromisoformat(cell))
    found = _TIME.fullmatch(cell)
    if found:
        return _placed(_from_parts(found))
    if _SERIAL.fullmatch(cell):
        return _placed(_SERIAL_ZERO + timedelta(seconds=round(float(cell) * 86400)))
    raise ValueError(cell)


def _from_parts(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, zone = found.groups()
    stamp = (
        f"{year}-{int(month):02}-{int(day):02}T"
        f"{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}"
    )
    return datetime.fromisoformat(stamp + ("+00:00" if zone in ("Z", "UTC") else zone or ""))


def _placed(when: datetime) -> datetime:
    when = when if when.tzinfo else when.replace(tzinfo=SHANGHAI)
    if not 1990 <= when.year <= 2200:
        raise ValueError(when)
    return when.astimezone(UTC)


def phone(cell: str) -> str:
    """Return a phone number as it was written, without its marks.

    :raises Unreadable: if Excel has rounded it
    """
    if is_empty(cell):
        return ""
    cell = narrow(cell)
    if _PHONE_ROUNDED.fullmatch(cell):
        raise Unreadable("PHONE_MANGLED")
    whole = _CLOSING_ZERO.fullmatch(cell)
    return text(whole[1] if whole else cell).lstrip("'")[:60]


def yes(cell: str) -> bool:
    """Tell whether the cell says yes."""
    return cell.lower() in {"是", "yes", "true", "1", "y", "✓", "赠品", "有"}
