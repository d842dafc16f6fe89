"""Files of rows, read as text whatever program wrote them: CSV and its relatives, workbooks."""

from gendan.ui.tables.rows import NotATable, RawRow
from gendan.ui.tables.table import Table, open_table

__all__ = ["NotATable", "RawRow", "Table", "open_table"]
