"""The cast: parcels, a clerk who may do things, and a visitor who may only look."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import RequestFactory

from gendan.ui.listing import list_view
from gendan.ui.tests.listing.parcels import LISTING, Parcel, Person

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clerk() -> Person:
    return Person(1, "parcels.mark", "parcels.export")


@pytest.fixture
def visitor() -> Person:
    return Person(2)


@pytest.fixture
def parcels(db: None) -> Callable[..., list[Parcel]]:
    """Return a maker of parcels: one for each set of values."""
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)

    def make(*several: dict[str, Any]) -> list[Parcel]:
        standard = {"placed_at": NOW}
        made = [
            Parcel(**{"number": f"N{number:04}", **standard, **values})
            for number, values in enumerate(several)
        ]
        return Parcel.objects.bulk_create(made)

    return make


@pytest.fixture
def ask() -> Callable[..., HttpResponseBase]:
    """Return a browser that knows only the list's address."""

    def send(person: Person, query: str = "", post: Any = None, *, htmx: bool = True) -> Any:
        headers = {"HX-Request": "true", "HX-Target": "list"} if htmx else {}
        path = f"/parcels/{query}"
        factory = RequestFactory()
        request = (
            factory.get(path, headers=headers)
            if post is None
            else factory.post(path, post, headers=headers)
        )
        request.user = person  # type: ignore[assignment]
        return list_view(request, LISTING)

    return send
