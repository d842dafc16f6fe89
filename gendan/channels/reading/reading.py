"""What came out of one row of an order file."""

from dataclasses import dataclass, field

from gendan.channels.formats.records import LineRecord, OrderRecord
from gendan.channels.reading.problems import RowError
from gendan.ui.tables.rows import RawRow


@dataclass(slots=True)
class Reading:
    """An order's part, its lines, or what is wrong with the row."""

    raw: RawRow
    order: OrderRecord | None = None
    lines: list[LineRecord] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    platform_order: str = ""
    is_stray: bool = False
    """Whether the row holds goods of an order that nobody can tell for certain."""
    number_cell: str = ""
    """What stands in a stray row for the order's number."""
