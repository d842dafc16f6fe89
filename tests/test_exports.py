"""Every list that can be taken along as a file: no model is built for any of its rows."""

import gc
from collections.abc import Iterator

from django.urls import get_resolver

from gendan.people.models import Person
from gendan.ui.listing import Listing, bare


def exported() -> Iterator[Listing]:
    assert get_resolver().url_patterns  # every page is read now
    return (one for one in gc.get_objects() if isinstance(one, Listing) and one.may_export)


def test_no_list_needs_models_for_its_file(admin: Person) -> None:
    needing = [
        f"{listing.name}: {column.key}"
        for listing in exported()
        for column in listing.columns
        if column.export
        and bare.asked(listing.rows(admin).annotate(**listing.told), [column]) is None
    ]
    assert needing == []
