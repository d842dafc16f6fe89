"""Where in a list somebody stands; all of it is in the address, so that it can be shared."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from gendan.ui.listing.declaration import Column, Listing


@dataclass(frozen=True)
class State:
    """The search, tab, order, place and columns; an empty one is the list as it opens."""

    q: str = ""
    tab: str = ""
    sort: str = ""
    cursor: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryDict) -> "State":
        """Read the state from an address."""
        columns = tuple(filter(None, query.get("columns", "").split(",")))
        words = {name: query.get(name, "").strip() for name in ("q", "tab", "sort", "cursor")}
        return cls(**words, columns=columns)

    def link(self, **changes: Any) -> str:
        """Return the address of this state with some changes; a change starts at the first page."""
        there = (
            replace(self, cursor="", **changes)
            if "cursor" not in changes
            else replace(self, **changes)
        )
        query = {name: getattr(there, name) for name in ("q", "tab", "sort", "cursor")}
        query["columns"] = ",".join(there.columns)
        return "?" + urlencode({name: value for name, value in query.items() if value})

    def shown(self, listing: Listing, chosen: Iterable[str]) -> tuple[Column, ...]:
        """Return the columns to show: the address decides, then the person, then the list."""
        keys = [key for key in self.columns or chosen if key in listing.by_key]
        if keys:
            return tuple(column for column in listing.columns if column.key in keys)
        return tuple(column for column in listing.columns if column.visible)
