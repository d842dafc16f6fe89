"""One row of a file as it stands there, before anybody reads meaning into it."""

from dataclasses import dataclass


class NotATable(Exception):
    """The file holds no table that could be read."""


class TooLarge(NotATable):
    """The workbook would need more memory than it may have; as text it can be read at any size."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of a row as they came.

    `number` is the row a person sees in Excel, the header being row 1: a record whose quoted
    fields contain line breaks is one row. `problem` names what keeps it from being read.
    """

    number: int
    cells: list[str]
    problem: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether there is nothing in the row."""
        return not self.problem and not any(cell and not cell.isspace() for cell in self.cells)
