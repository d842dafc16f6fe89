"""From the text of a cell to a value; what a spreadsheet has spoilt is refused, never guessed."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gendan.ui.tables.cells import narrow

Parse: TypeAlias = Callable[[str], Any]
Choices: TypeAlias = Iterable[tuple[Any, str | Promise]]

ROUNDED = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+")
CLOSING_ZERO = re.compile(r"([0-9]+)\.0+")
MONEY = re.compile(r"[¥$]?\s*(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*元?")
WEIGHT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(g|克|kg|千克|公斤|斤)?", re.IGNORECASE)
LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(mm|毫米|cm|厘米|m|米)?", re.IGNORECASE)
MILLIMETRES = {"": 1, "mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "m": 1000, "米": 1000}
GRAMS = {"": 1, "g": 1, "克": 1, "kg": 1000, "千克": 1000, "公斤": 1000, "斤": 500}
YES = frozenset({"是", "yes", "y", "true", "1", "✓", "有"})
NO = frozenset({"否", "no", "n", "false", "0", "无", "×"})
MOST_FEN = 10**12
MOST = 10**8
MOST_MM = 10_000


class BadCell(Exception):
    """A cell cannot become the value that its column needs."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


def text(longest: int = 200) -> Parse:
    """Return a reader of words of at most so many characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(
                _("This is longer than %(n)s characters.") % {"n": longest}, _("Shorten it.")
            )
        return cell

    return parse


def code(longest: int = 60, *, capitals: bool = False) -> Parse:
    """Return a reader of codes, barcodes and phones: words that may look like numbers."""
    words = text(longest)

    def parse(cell: str) -> str:
        cell = narrow(cell)
        if ROUNDED.fullmatch(cell) and (cell[0] != "0" or "+" in cell):
            raise BadCell(
                _("A spreadsheet has rounded this number; its last digits are lost."),
                _("Set the column to Text, then type or paste the number again."),
            )
        whole = CLOSING_ZERO.fullmatch(cell)
        found = str(words(whole[1] if whole else cell))
        return found.upper() if capitals else found

    return parse


def money(cell: str) -> int:
    """Return an amount in yuan as fen."""
    found = MONEY.fullmatch(narrow(cell).strip())
    try:
        fen = Decimal(found[1].replace(",", "")) * 100 if found else None
    except InvalidOperation:
        fen = None
    if fen is None or not 0 <= fen <= MOST_FEN or abs(fen - round(fen)) > Decimal("0.001"):
        raise BadCell(
            _("This is not an amount of money."), _("Write it in yuan, such as 128 or 128.50.")
        )
    return round(fen)


def weight(cell: str) -> int:
    """Return a weight in grams; without a unit it is grams."""
    found = WEIGHT.fullmatch(narrow(cell).strip())
    grams = float(found[1]) * GRAMS[(found[2] or "").lower()] if found else -1
    if not 0 <= grams <= MOST:
        raise BadCell(_("This is not a weight."), _("Write it in grams, such as 250 or 0.25kg."))
    return round(grams)


def length(cell: str) -> int:
    """Return a length in millimetres; without a unit it is millimetres."""
    found = LENGTH.fullmatch(narrow(cell).strip())
    far = float(found[1]) * MILLIMETRES[(found[2] or "").lower()] if found else 0
    if not 1 <= far <= MOST_MM:
        raise BadCell(
            _("This is not a length."), _("Write it in millimetres, such as 240 or 24cm.")
        )
    return round(far)


def whole(least: int = 0, most: int = MOST) -> Parse:
    """Return a reader of whole numbers from `least` to `most`."""

    def parse(cell: str) -> int:
        found = re.fullmatch(r"([0-9]{1,12})(?:\.0*)?", narrow(cell).replace(",", "").strip())
        if not found or not least <= int(found[1]) <= most:
            raise BadCell(
                _("This is not a whole number from %(least)s to %(most)s.")
                % {"least": least, "most": most},
                _("Write digits only."),
            )
        return int(found[1])

    return parse


def yes_or_no(cell: str) -> bool:
    """Return whether the cell says yes."""
    said = narrow(cell).strip().lower()
    if said not in YES | NO:
        raise BadCell(_("This is neither yes nor no."), _("Write yes or no."))
    return said in YES


def choice(choices: Callable[[], Choices]) -> Parse:
    """Return a reader of one of several values, by its code or its label."""

    def parse(cell: str) -> Any:
        offers = [(value, str(label)) for value, label in choices()]
        said = narrow(cell).strip().lower()
        for value, label in offers:
            if said in (str(value).lower(), narrow(label).lower()):
                return value
        raise BadCell(
            _("Nobody knows this."),
            _("Write one of: %(choices)s") % {"choices": "、".join(label for _v, label in offers)},
        )

    return parse


def coded(rows: Callable[[], Iterable[tuple[Any, str, str]]]) -> Callable[[], Parse]:
    """Return what makes a reader of one of the rows (value, code, name), looked up once a file."""

    def reader() -> Parse:
        offers = [(value, said) for value, *names in rows() for said in names]
        return choice(lambda: offers)

    return reader


def tags(cell: str) -> list[str]:
    """Return words that commas or the like part, each once."""
    words = (word.strip()[:20] for word in re.split(r"[,，、;；|]", cell))
    return list(dict.fromkeys(word for word in words if word))
