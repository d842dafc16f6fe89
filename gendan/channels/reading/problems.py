"""What can be wrong with a row, and what the person can do about it."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Advice(NamedTuple):
    """What is wrong, and what to do."""

    message: Promise | str
    remedy: Promise | str


PROBLEMS: dict[str, Advice] = {
    "MISSING": Advice(
        _("This field is empty and an order cannot do without it."),
        _("Fill it in and feed the file again."),
    ),
    "NUMBER_MANGLED": Advice(
        _("Excel has turned this number into a rounded one; its last digits are lost."),
        _("Export the file again and do not save it in Excel, or set the column to Text first."),
    ),
    "NOT_A_NUMBER": Advice(
        _("This is not an order number."),
        _("Copy the order number from the platform: letters, digits, - and _ only."),
    ),
    "PHONE_MANGLED": Advice(
        _("Excel has turned this phone number into a rounded one."),
        _("Type the phone number again as text, or export the file again."),
    ),
    "MONEY": Advice(
        _("This is not an amount of money."),
        _("Write it as 12.50, in yuan, without other words."),
    ),
    "MONEY_NEGATIVE": Advice(
        _("An order cannot have a negative price or amount."),
        _("A correction in the books is no order: leave the row out, or mend the amount."),
    ),
    "MONEY_FRACTION": Advice(
        _("This amount has more than two decimals."),
        _("Write the amount in yuan with at most two decimals."),
    ),
    "TOO_MUCH": Advice(
        _("This number is larger than anything that can be ordered."),
        _("Check the columns: it may have slipped in from a neighbouring one."),
    ),
    "QUANTITY": Advice(
        _("This is not a quantity."),
        _("Write a whole number of pieces, 1 or more."),
    ),
    "QUANTITY_NOT_POSITIVE": Advice(
        _("The quantity is zero or negative: nothing can be shipped for this row."),
        _("Returns and stock corrections are no orders: leave the row out, or mend the quantity."),
    ),
    "TIME": Advice(
        _("This is not a date and time."),
        _("Write it as 2026-01-31 08:06:59."),
    ),
    "TOO_LONG": Advice(
        _("This field is far too long; a quotation mark may be missing somewhere before it."),
        _("Open the file, look at this row and shorten the field or close the quotation mark."),
    ),
    "QUOTE_OPEN": Advice(
        _("A quotation mark is opened in this row and never closed."),
        _("Close the quotation mark or delete it."),
    ),
    "TOO_MANY_FIELDS": Advice(
        _("This row has more fields than the header has names."),
        _("A comma may stand inside a field without quotation marks: put the field in them."),
    ),
    "TOO_FEW_FIELDS": Advice(
        _("This row has fewer fields than the header has names; it may have been cut off."),
        _("Export the file again, or fill in the missing fields."),
    ),
    "UNREADABLE_BYTES": Advice(
        _("This row contains bytes that are no text."),
        _("Export the file again; do not edit it with a program that changes its encoding."),
    ),
    "CONTRADICTS": Advice(
        _("Rows of this file say different things of the same order, or the same thing twice."),
        _("Keep the rows that are right, leave the others out and feed the file again."),
    ),
    "BESIDE": Advice(
        _("A row beside this one cannot be read; it may belong to the same order."),
        _("Nothing to mend here: keep the row in the file and mend the one beside it."),
    ),
    "SAME_ORDER": Advice(
        _("Another row of the same order has a mistake; an order comes in whole or not at all."),
        _("Nothing to mend here: keep the row in the file and mend the other one."),
    ),
}


class Unreadable(Exception):
    """A cell cannot become the value it should be; `problem` names one of `PROBLEMS`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class RowError:
    """One mistake in one row; `row` counts as Excel does, the header being row 1."""

    row: int
    field: str
    value: str
    problem: str
    platform_order: str = ""

    @property
    def message(self) -> str:
        """Say what is wrong, in the language in use."""
        return str(PROBLEMS[self.problem].message)

    @property
    def remedy(self) -> str:
        """Say what to do about it, in the language in use."""
        return str(PROBLEMS[self.problem].remedy)
