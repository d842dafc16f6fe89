"""A file read against the columns of an import: good rows, and what is wrong with the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from gendan.ui.errors import Refused
from gendan.ui.importing.cells import BadCell, Parse
from gendan.ui.importing.declaration import (
    Import,
    ImportColumn,
    ImportRow,
    Key,
    Mistake,
    normal,
)
from gendan.ui.tables import NotATable, RawRow, open_table
from gendan.ui.tables.cells import clean, is_empty

MOST_ROWS = 20_000
SHOWN = 5
DO_NOTHING_WITH = frozenset({"whatiswrong", "错在哪里"})
"""The column that our own file of rejected rows adds."""


class CannotRead(Refused):
    """The file as a whole cannot be taken."""


@dataclass
class Reading:
    """What stands in a file: its columns, its first rows, good rows, mistakes, the cells of all."""

    headers: Sequence[str]
    columns: Sequence[ImportColumn | None]  # by position; None: not used
    parsers: Sequence[Parse | None] = ()
    rows: list[ImportRow] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    cells: dict[int, list[str]] = field(default_factory=dict)

    @property
    def sample(self) -> list[list[str]]:
        return list(self.cells.values())[:SHOWN]


def read(declared: Import, path: Path, name: str) -> Reading:
    """Read a file.

    :raises CannotRead: if it is no table, lacks the key's columns, or is far too long
    """
    try:
        table = open_table(path, name=name)
        columns = recognised(declared, table.headers)
        reading = Reading(table.headers, columns, [_parser(column) for column in columns])
        for raw in table.rows():
            _take(declared, reading, raw)
            if len(reading.cells) > MOST_ROWS:
                raise CannotRead(
                    _("More than %(n)s rows at once. Split the file.") % {"n": MOST_ROWS}
                )
    except NotATable as error:
        raise CannotRead(
            _("%(name)s is no table. Save it as XLSX or CSV and choose it again.") % {"name": name}
        ) from error
    if not reading.cells:
        raise CannotRead(_("There is no row below the header. Fill in some and try again."))
    _refuse_twice(declared, reading)
    _refuse_incomplete(declared, reading)
    return reading


def recognised(declared: Import, headers: Sequence[str]) -> list[ImportColumn | None]:
    """Return the column that each header means.

    :raises CannotRead: if a column of the key is missing
    """
    found: list[ImportColumn | None] = []
    for name in headers:
        means = (column for column in declared.columns if normal(name) in column.names)
        column = next(means, None)
        found.append(column if column not in found else None)
    missing = [column for column in declared.needed if column not in found]
    if missing:
        raise CannotRead(
            _(
                "The column “%(column)s” is missing. Name it so in the first row, "
                "or start from the template."
            )
            % {"column": missing[0].label}
        )
    return found


def _parser(column: ImportColumn | None) -> Parse | None:
    if column is None:
        return None
    return column.reader() if column.reader else column.parse


def unused(reading: Reading) -> list[str]:
    """Return the headers that mean nothing here."""
    pairs = zip(reading.headers, reading.columns, strict=True)
    return [h for h, column in pairs if column is None and h and normal(h) not in DO_NOTHING_WITH]


def _take(declared: Import, reading: Reading, raw: RawRow) -> None:
    cells = [clean(cell) for cell in raw.cells]
    reading.cells[raw.number] = cells
    if raw.problem:
        sentence = _("This row cannot be read: a quotation mark is open, or its bytes are no text.")
        remedy = _("Save the file again as XLSX.")
        reading.mistakes.append(Mistake(raw.number, "", cells[0][:80], sentence, remedy))
        return
    row, wrong = ImportRow(raw.number, {}), list(_cells(reading, raw.number, cells))
    mistakes = [found for found in wrong if isinstance(found, Mistake)]
    row.values.update(found for found in wrong if not isinstance(found, Mistake))
    mistakes += _keyless(declared, row, mistakes)
    reading.mistakes += mistakes
    if not mistakes:
        reading.rows.append(row)


def _cells(
    reading: Reading, number: int, cells: Sequence[str]
) -> Iterator[Mistake | tuple[str, object]]:
    for column, parse, cell in zip(reading.columns, reading.parsers, cells, strict=False):
        if column is None or parse is None or is_empty(cell):
            continue
        try:
            yield column.key, parse(cell)
        except BadCell as bad:
            yield Mistake(number, column.key, cell[:80], bad.sentence, bad.remedy)


def _keyless(declared: Import, row: ImportRow, mistakes: Sequence[Mistake]) -> list[Mistake]:
    wrong = {mistake.field for mistake in mistakes}
    needed = [column.key for column in declared.needed]
    lacking = [key for key in needed if key not in row.values and key not in wrong]
    return [Mistake(row.number, key, "", _("This cell is empty."), _fill()) for key in lacking]


def _fill() -> str:
    return _("Fill it in and feed the row again.")


def _refuse_twice(declared: Import, reading: Reading) -> None:
    """A key that stands in the file twice: the first row counts, the others are shown."""
    first: dict[Key, int] = {}
    kept = []
    for row in reading.rows:
        at = first.setdefault(declared.key_of(row), row.number)
        if at == row.number:
            kept.append(row)
            continue
        reading.mistakes.append(
            Mistake(
                row.number,
                declared.key[-1],
                str(declared.key_of(row)[-1]),
                _("This stands in row %(row)s already.") % {"row": at},
                _("Keep one of the two rows."),
            )
        )
    reading.rows = kept


def _refuse_incomplete(declared: Import, reading: Reading) -> None:
    """A row that is new must bring everything that is required."""
    known = set(declared.known([declared.key_of(row) for row in reading.rows]))
    needed = [column.key for column in declared.columns if column.required]
    kept = []
    for row in reading.rows:
        lacking = [key for key in needed if key not in row.values]
        if not lacking or declared.key_of(row) in known:
            kept.append(row)
            continue
        sentence = _("This is new, so the cell must not be empty.")
        reading.mistakes += [Mistake(row.number, k, "", sentence, _fill()) for k in lacking]
    reading.rows = kept
