"""Searches with a name and chosen columns, kept for each person and list."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from gendan.ui.errors import Refused
from gendan.ui.listing.declaration import Listing
from gendan.ui.models import ColumnChoice, SavedSearch
from gendan.ui.statements import Lookup

SEARCHES = Lookup(SavedSearch, "(owner_id = %s OR shared) AND listing = %s ORDER BY name, id")
CHOICE = Lookup(ColumnChoice, "owner_id = %s AND listing = %s")


def searches(listing: Listing, person: Any) -> list[SavedSearch]:
    """Return the searches that the person saved here, and those shared by others."""
    return SEARCHES(person.pk, listing.name)


def save_search(
    listing: Listing, person: Any, name: str, q: str, columns: Iterable[str], *, shared: bool
) -> SavedSearch:
    """Keep a search under a name; the person's search of the same name is replaced.

    :raises Refused: if it has no name or finds nothing in particular
    :raises FindingError: if it cannot be read
    """
    listing.finder.check(q)
    if not name.strip() or not q.strip():
        raise Refused(_("Write a search and give it a name, then save it."))
    values = {"expression": q, "columns": list(columns), "shared": shared}
    return SavedSearch.objects.update_or_create(
        owner_id=person.pk, listing=listing.name, name=name.strip()[:40], defaults=values
    )[0]


def forget_search(listing: Listing, person: Any, pk: str) -> None:
    """Delete a search of the person's own."""
    if pk.isdecimal():
        mine = SavedSearch.objects.filter(owner_id=person.pk, listing=listing.name)
        mine.filter(pk=int(pk)).delete()


def chosen_columns(listing: Listing, person: Any) -> list[str]:
    """Return the keys of the columns that the person chose here; none if they never did."""
    return [key for choice in CHOICE(person.pk, listing.name) for key in choice.columns]


def choose_columns(listing: Listing, person: Any, keys: Iterable[str]) -> None:
    """Remember the columns; without any, the list shows its own again."""
    known = [key for key in keys if key in listing.by_key]
    if not known:
        ColumnChoice.objects.filter(owner_id=person.pk, listing=listing.name).delete()
        return
    ColumnChoice.objects.update_or_create(
        owner_id=person.pk, listing=listing.name, defaults={"columns": known}
    )
