"""The tables of a report: the page and the workbook are drawn from the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """`kind` is text, number, money (fen), weight (g), time (a duration) or day."""

    label: Text
    kind: str = "number"


@dataclass(frozen=True)
class Table:
    """Rows under a heading; `sums` is the last line, `empty` what is said without rows."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    sums: Sequence[Any] = ()
    empty: Text = ""


def summed(rows: Sequence[Sequence[Any]], label: str) -> list[Any]:
    """Return the last line of a table whose columns after the first are all added up."""
    if len(rows) < 2:
        return []
    return [label, *(sum(column) for column in list(zip(*rows, strict=True))[1:])]
