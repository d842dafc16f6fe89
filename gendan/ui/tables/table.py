"""A file of rows, whatever program wrote it: told by its content, never by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gendan.ui.tables import delimited, workbook
from gendan.ui.tables.cells import clean
from gendan.ui.tables.rows import NotATable, RawRow


@dataclass(frozen=True)
class Table:
    """A table of text: its header as it stands, and its rows as often as they are asked for."""

    name: str
    kind: str
    encoding: str
    headers: tuple[str, ...]
    _stream: Callable[[], Iterator[RawRow]]
    _count: Callable[[], int]

    def row_estimate(self) -> int:
        """Return about how many rows there are: lines of a text, which a field may contain too."""
        return self._count()

    def rows(self) -> Iterator[RawRow]:
        """Yield every row below the header that is not blank, one at a time."""
        rows = iter(self._stream())
        for row in rows:
            if not row.blank:
                break
        for row in rows:
            if not row.blank:
                yield row


def open_table(path: Path | str, *, name: str = "") -> Table:
    """Look into a file and return it as a table.

    :raises NotATable: if it is empty, or neither a workbook nor text
    """
    path = Path(path)
    source = _source(path)
    header = next((row for row in source.stream() if not row.blank), None)
    if header is None or header.problem:
        raise NotATable(name or path.name)
    return Table(
        name=name or path.name,
        kind=source.kind,
        encoding=source.encoding,
        headers=_names(header.cells),
        _stream=source.stream,
        _count=source.count,
    )


def _source(path: Path) -> "delimited.Delimited | workbook.Workbook":
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(workbook.MAGICS):
        return workbook.Workbook(path)
    return delimited.look_into(path)


def _names(cells: list[str]) -> tuple[str, ...]:
    names = [clean(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
