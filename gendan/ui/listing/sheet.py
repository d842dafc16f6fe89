"""Everything that the page of a list shows, read once and ready for its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.safestring import SafeString

from gendan.ui.finding import FindingError
from gendan.ui.listing import saved
from gendan.ui.listing.counting import count_soon, written
from gendan.ui.listing.declaration import BatchAction, Column, Link, Listing, Rows, Tab
from gendan.ui.listing.paging import Order, Page, page_of
from gendan.ui.listing.state import State
from gendan.ui.listing.table import drawn
from gendan.ui.models import SavedSearch


@dataclass(frozen=True)
class TabShown:
    """A tab; `later` is the address of its number, if that follows the page."""

    tab: Tab
    count: str | None
    current: bool
    link: str
    later: str


@dataclass(frozen=True)
class HeadShown:
    """The head of a column; `sorted` is ascending, descending or empty."""

    column: Column
    sorted: str
    link: str


@dataclass(frozen=True)
class SavedShown:
    search: SavedSearch
    link: str
    current: bool
    mine: bool


@dataclass(frozen=True)
class Mistake:
    """The search as typed, cut around what cannot be read."""

    error: FindingError
    before: str
    wrong: str
    behind: str


class Sheet:
    """One look at a list, for one person, at one moment."""

    def __init__(self, listing: Listing, person: Any, state: State, now: datetime) -> None:
        self.listing = listing
        self.person = person
        self.state = state
        self.now = now
        self.mistake: Mistake | None = None
        self.page, self.found = self._look()

    def _look(self) -> tuple[Page, int | None]:
        state = self.state
        try:
            rows = self.listing.found(self.person, state.tab, state.q, self.now)
        except FindingError as error:
            self.mistake = _mistake(state.q, error)
            return Page([], "", ""), 0
        page = page_of(rows, self.order, state.cursor, self.listing.page_size)
        return page, self._count(rows, page)

    def _count(self, rows: Rows, page: Page) -> int | None:
        """How many were found, if that is known; a whole tab has been counted already."""
        if not (page.before or page.behind):
            return len(page.rows)
        tab = self.listing.tab(self.state.tab)
        known = tab and not self.state.q and tab.key in self.counts
        return self.counts[tab.key] if tab and known else count_soon(rows)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many rows each tab has."""
        return self.listing.tab_counts(self.person, self.now) if self.listing.tabs else {}

    @cached_property
    def order(self) -> Order:
        """The order of the rows."""
        return self.listing.order(self.state.sort)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown."""
        return self.state.shown(self.listing, saved.chosen_columns(self.listing, self.person))

    @cached_property
    def body(self) -> SafeString:
        """The rows of this page as they stand in its table."""
        ticked = bool(self.actions)
        return drawn(self.listing, self.columns, self.page.rows, ticked=ticked)

    @property
    def heads(self) -> tuple[HeadShown, ...]:
        """The heads of the columns."""
        return tuple(map(self._head, self.columns))

    def _head(self, column: Column) -> HeadShown:
        """A click on it sorts by the column, a second one turns the order round."""
        mine = self.order.name.removeprefix("-") == column.key
        way = ("descending" if self.order.descending else "ascending") if mine else ""
        sort = column.key if way == "descending" else f"-{column.key}"
        return HeadShown(column, way, self.state.link(sort=sort) if column.sort else "")

    @property
    def tabs(self) -> tuple[TabShown, ...]:
        """The tabs with their numbers."""
        return tuple(map(self._tab, self.listing.tabs))

    def _tab(self, tab: Tab) -> TabShown:
        count = self.counts.get(tab.key)
        shown = None if count is None else written(count)
        later = f"?{urlencode({'count': tab.key})}" if tab.counted_later else ""
        is_current = tab is self.listing.tab(self.state.tab)
        return TabShown(tab, shown, is_current, self.state.link(tab=tab.key), later)

    @cached_property
    def searches(self) -> list[SavedShown]:
        """The saved searches, the current one marked."""
        first = self.listing.tabs[0].key if self.listing.tabs else ""
        return [
            SavedShown(
                search,
                State(q=search.expression, tab=first, columns=tuple(search.columns)).link(),
                search.expression == self.state.q,
                search.owner_id == self.person.pk,
            )
            for search in saved.searches(self.listing, self.person)
        ]

    @cached_property
    def actions(self) -> tuple[BatchAction, ...]:
        """The batch actions that the person may take."""
        return tuple(one for one in self.listing.every_action if self.person.may(one.permission))

    @property
    def links(self) -> list[Link]:
        """The ways on that the person may go."""
        return [
            link
            for link in self.listing.links
            if not link.permission or self.person.may(link.permission)
        ]

    @property
    def exports(self) -> bool:
        """Whether the person may take what was found along as a file."""
        return bool(self.listing.may_export) and bool(self.person.may(self.listing.may_export))

    @property
    def found_text(self) -> str:
        """How many were found: exactly, more than 10,000, or more than stand here."""
        return f"{len(self.page.rows)}+" if self.found is None else written(self.found)

    @property
    def looks_for_something(self) -> bool:
        """Whether an empty list is empty because of the search or the tab."""
        first = self.listing.tabs[0].key if self.listing.tabs else ""
        return bool(self.state.q) or self.state.tab not in ("", first)

    @property
    def address(self) -> str:
        """The address of what is shown."""
        return self.state.link(cursor=self.state.cursor)

    @property
    def newer(self) -> str:
        """The address of the page before; empty on the first."""
        return self.state.link(cursor=self.page.before) if self.page.before else ""

    @property
    def older(self) -> str:
        """The address of the page behind; empty on the last."""
        return self.state.link(cursor=self.page.behind) if self.page.behind else ""

    @property
    def more(self) -> bool:
        """Whether more was found than stands on this page."""
        return bool(self.page.before or self.page.behind)

    @property
    def export_csv(self) -> str:
        """The address of what was found as a CSV file."""
        return f"{self.state.link()}&export=csv"

    @property
    def export_xlsx(self) -> str:
        """The address of what was found as an XLSX file."""
        return f"{self.state.link()}&export=xlsx"

    @property
    def everything(self) -> str:
        """The address of the list without search."""
        return self.state.link(q="", tab="")

    @property
    def first_page(self) -> str:
        """The address of the first page."""
        return self.state.link()


def sheet_of(listing: Listing, person: Any, state: State) -> Sheet:
    """Return what the list shows to the person now."""
    return Sheet(listing, person, state, timezone.now())


def _mistake(text: str, error: FindingError) -> Mistake:
    start, end = error.position, error.position + error.length
    return Mistake(error, text[:start], text[start:end] or " ", text[end:])
