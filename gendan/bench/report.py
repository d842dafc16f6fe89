"""Figures as people read them: a table on the terminal, and the same in Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

HEAD = ("What", "Measured", "Of the floor", "Aim", "")
MARKS = {True: "met", False: "missed", None: ""}


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, its ratio to the floor of the same run, and its aim."""

    what: str
    measured: str
    of_floor: float | None = None
    aim: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """Return the row's texts in the order of `HEAD`."""
        ratio = "" if self.of_floor is None else f"{self.of_floor:.2f}"
        return self.what, self.measured, ratio, self.aim, MARKS[self.met]


def terminal(title: str, rows: Iterable[Row]) -> Table:
    """Return the rows for a terminal."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for head in HEAD:
        table.add_column(head)
    for row in rows:
        table.add_row(*row.cells(), style="red" if row.met is False else None)
    return table


def markdown(title: str, rows: Iterable[Row]) -> str:
    """Return the rows as a chapter in Markdown."""
    lines = [" | ".join(cells) for cells in (HEAD, ("---",) * len(HEAD))]
    lines += [" | ".join(row.cells()) for row in rows]
    table = "\n".join(f"| {line} |" for line in lines)
    return f"## {title}\n\n{table}\n"


def replaced(page: str, name: str, chapter: str) -> str:
    """Return a page with a chapter between its marks changed, or added at the end."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, found, rest = page.partition(begin)
    after = rest.partition(end)[2] if found else ""
    gap = "" if found else "\n"
    return f"{before}{gap}{begin}{chapter}{end}{after}"
