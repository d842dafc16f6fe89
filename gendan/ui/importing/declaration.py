"""What a room says once about an import: its columns, its key, and the act behind it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import override

from gendan.ui.importing.cells import Parse, text
from gendan.ui.tables.cells import header

Text: TypeAlias = str | Promise
Key: TypeAlias = tuple[Any, ...]
LANGUAGES = ("en", "zh-hans")
ANY_TEXT = text()


@dataclass(frozen=True, eq=False)
class ImportColumn:
    """One column of the file.

    It is recognised by its label in either language, its key, or an alias; a unit in brackets does
    not matter. `required` columns may be left out only for rows that are there already.
    `examples` are the cells of the template's two rows. A column of the key that `may_be_empty`
    tells rows apart by being empty, too.
    """

    key: str
    label: Text
    parse: Parse = ANY_TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    examples: tuple[str, str] = ("", "")
    hint: Text = ""
    reader: Callable[[], Parse] | None = None
    may_be_empty: bool = False

    @cached_property
    def names(self) -> frozenset[str]:
        """The normal forms of the headers that mean this column."""
        labels = []
        for language in LANGUAGES:
            with override(language):
                labels.append(str(self.label))
        return frozenset(normal(name) for name in (self.key, *labels, *self.aliases))


def normal(name: str) -> str:
    """Return a header as columns are matched: no blanks, no star, no unit in brackets."""
    bare = header(name).lower().replace("*", "").replace("_", "")
    return bare.split("(")[0] or bare


@dataclass(frozen=True)
class ImportRow:
    """One good row; a cell that was empty is not among the values: what is there stays."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Mistake:
    """What is wrong in one row: the field by its key, the value, and what to do about it."""

    number: int
    field: str
    value: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Outcome:
    """How many rows were new, changed and as they were, and which ones could not be taken."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    mistakes: Sequence[Mistake] = field(default_factory=list)


class Act(Protocol):
    """The one act behind an import; it says by itself which rows it cannot take."""

    def __call__(self, rows: Sequence[ImportRow], *, by: Any, why: str) -> Outcome: ...


@dataclass(frozen=True, eq=False)
class Import:
    """One import. `known(keys)` tells which of the keys are there already.

    `back` is the name of the URL of the list that it fills.
    """

    name: str
    title: Text
    columns: tuple[ImportColumn, ...]
    key: tuple[str, ...]
    known: Callable[[Collection[Key]], Collection[Key]]
    act: Act
    permission: str
    back: str
    lead: Text = ""

    @cached_property
    def by_key(self) -> dict[str, ImportColumn]:
        """Its columns by their keys."""
        return {column.key: column for column in self.columns}

    @cached_property
    def needed(self) -> tuple[ImportColumn, ...]:
        """The columns without which nobody knows what a row is about."""
        return tuple(self.by_key[key] for key in self.key if not self.by_key[key].may_be_empty)

    def key_of(self, row: ImportRow) -> Key:
        """Return what tells the row apart from all others."""
        return tuple(row.values.get(key) for key in self.key)
