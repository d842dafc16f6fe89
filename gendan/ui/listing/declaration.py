"""What a room says once about a list: its rows, columns, tabs, actions and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable, Expression
from django.forms import Form
from django.utils.functional import Promise

from gendan.ui.finding import Finder
from gendan.ui.listing.counting import count_up_to, counts_up_to
from gendan.ui.listing.paging import Order
from gendan.ui.listing.ways import Of, way

Text: TypeAlias = str | Promise
Rows: TypeAlias = QuerySet[Any, Any]


class Person(Protocol):
    """Whoever looks at a list: all that this room knows of people."""

    pk: Any

    def may(self, permission: str) -> bool: ...


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    `value` is a path of attributes (`customer.name`; by default the key), a function of some paths
    (`Of`), or a function of the row. A file needs no models for the first two; for the third,
    `asked` is an expression of the ORM, or an `Of` of expressions, that says the same.
    `kind` is one of text, code, number, money (fen), weight (g), instant, day, yesno. `draw`
    writes the cell of a row instead, as safe HTML; `template` does so with `row` and `value`, which
    takes longer; `tone` makes the cell a badge (good, warn, bad, info, muted); `note` is a second,
    smaller line. `sort` is a path of the ORM or an expression. `mobile` 1 is the title of the card,
    2 a line of it, 3 is left out. `export` is False, or another value than the one shown.
    """

    key: str
    label: Text
    value: str | Of | Callable[[Any], Any] = ""
    kind: str = "text"
    draw: Callable[[Any], str] | None = None
    template: str = ""
    tone: Callable[[Any], str] | None = None
    note: str | Of | Callable[[Any], Any] = ""
    sort: str | Expression | Combinable = ""
    visible: bool = True
    mobile: int = 2
    export: bool | Callable[[Any], Any] = True
    asked: Combinable | Of | None = None

    @cached_property
    def taken(self) -> Callable[[Any], Any]:
        """The way from a row to the column's value."""
        return way(self.value or self.key)

    @cached_property
    def noted(self) -> Callable[[Any], Any] | None:
        """The way from a row to the column's note; none without one."""
        return way(self.note) if self.note else None

    @property
    def align(self) -> str:
        """The class of its cells: figures stand right."""
        return {"money": "money", "number": "number", "weight": "number"}.get(self.kind, "")


@dataclass(frozen=True, eq=False)
class Tab:
    """A part of the list: a condition, an expression, or a function of the person.

    The number of one that is `counted_later`, because counting takes long, follows the page.
    """

    key: str
    label: Text
    where: Q | str | Callable[[Any], Q] = ""
    counted: bool = True
    counted_later: bool = False


@dataclass(frozen=True)
class Onward:
    """What an action returns that did nothing yet: the address where a person looks and decides."""

    url: str


@dataclass(frozen=True, eq=False)
class BatchAction:
    """What can be done with the chosen rows.

    `run(rows, *, by, why, data)` returns a sentence on what happened, or an `Onward`; `data` is
    what the form brought. It raises a `Refused` to say why not; nothing is changed then. `confirm`
    may name the number of rows as `%(n)s`. `tone` is empty, primary, accent or danger.
    """

    name: str
    label: Text
    permission: str
    run: Callable[..., Text | Onward]
    needs_why: bool = False
    form: type[Form] | None = None
    confirm: Text = ""
    tone: str = ""
    icon: str = ""
    on_everything: bool = True

    @property
    def asks(self) -> bool:
        """Whether a dialog comes before it."""
        return bool(self.confirm or self.needs_why or self.form)


@dataclass(frozen=True)
class Link:
    """A way out of the list, such as to the page that makes a new row."""

    label: Text
    url: str | Promise
    permission: str = ""
    icon: str = "plus"
    is_act: bool = True  # the first one is then the page's main button; else another view or rules


@dataclass(frozen=True)
class Empty:
    """What a list without rows says: what it means, and what to do."""

    title: Text
    text: Text = ""
    icon: str = ""


@dataclass(frozen=True, eq=False)
class Listing:
    """One list. `rows(person)` returns only what the person may see.

    `sort` is the key of a column, with a minus for the largest first. `told` are expressions that
    come with the rows that are shown, and cost nothing where they are counted. `counts(person)`
    supplies the tabs' numbers where counting would be slow.
    """

    name: str
    title: Text
    rows: Callable[[Any], Rows]
    finder: Finder
    columns: tuple[Column, ...]
    sort: str
    empty: Empty
    tabs: tuple[Tab, ...] = ()
    actions: tuple[BatchAction, ...] = ()
    url: Callable[[Any], str] | None = None
    row_class: Callable[[Any], str] | None = None
    permission: str = ""
    may_export: str = ""
    links: tuple[Link, ...] = ()
    placeholder: Text = ""
    lead: Text = ""
    icon: str = "list"
    told: Mapping[str, Combinable] = field(default_factory=dict)
    counts: Callable[[Any], Mapping[str, int]] | None = None
    page_size: int = 50
    later: list[BatchAction] = field(default_factory=list, repr=False)

    def add(self, action: BatchAction) -> None:
        """Let a later room do something with the rows, too; what is dangerous stays last."""
        self.later.append(action)

    @property
    def every_action(self) -> list[BatchAction]:
        """Its batch actions, with those of later rooms."""
        return sorted((*self.actions, *self.later), key=lambda one: one.tone == "danger")

    @property
    def model(self) -> type[Model]:
        """The model of its rows."""
        return self.finder.model

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """Its columns by their keys."""
        return {column.key: column for column in self.columns}

    def tab(self, key: str) -> Tab | None:
        """Return the tab of that key; the first one if there is none, nothing without tabs."""
        return next(
            (tab for tab in self.tabs if tab.key == key), self.tabs[0] if self.tabs else None
        )

    def action(self, name: str) -> BatchAction | None:
        """Return the batch action of that name."""
        return next((action for action in self.every_action if action.name == name), None)

    def order(self, sort: str) -> Order:
        """Return the order that `sort` names; the list's own if it names none."""
        column = self.by_key.get(sort.removeprefix("-"))
        if not column or not column.sort:
            sort, column = self.sort, self.by_key[self.sort.removeprefix("-")]
        return Order(self.model, column.sort, sort.startswith("-"), sort)

    def found(self, person: Any, tab: str, q: str, now: datetime) -> Rows:
        """Return the rows of a tab that an expression finds.

        :raises FindingError: if the expression cannot be read
        """
        rows = self._part(tab, person, now).filter(self.finder.q(q, now=now))
        told: Rows = rows.annotate(**self.told)
        return told

    def tab_counts(self, person: Any, now: datetime) -> Mapping[str, int]:
        """Return how many rows each tab has that is counted at once, in one query.

        One more than `MOST_COUNTED` means more than that: what a tab costs to count stays the same
        however many rows there are.
        """
        if self.counts:
            return self.counts(person)
        counted = [tab for tab in self.tabs if tab.counted and not tab.counted_later]
        rows = self.rows(person)
        return counts_up_to(
            {tab.key: rows.filter(self._where(tab.key, person, now)) for tab in counted}
        )

    def tab_count(self, tab: str, person: Any, now: datetime) -> int:
        """Return how many rows a tab has; one more than `MOST_COUNTED` means more than that."""
        return count_up_to(self._part(tab, person, now))

    def _part(self, tab: str, person: Any, now: datetime) -> Rows:
        return self.rows(person).filter(self._where(tab, person, now))

    def _where(self, key: str, person: Any, now: datetime) -> Q:
        tab = self.tab(key)
        if tab is None:
            return Q()
        if callable(tab.where):
            return tab.where(person)
        return self.finder.q(tab.where, now=now) if isinstance(tab.where, str) else tab.where
