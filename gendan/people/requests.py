"""The request of somebody signed in, as the pages of all rooms get it."""

from typing import Any

from django.http import HttpRequest

from gendan.people.models import Person


class StaffRequest(HttpRequest):
    """A request of somebody signed in; `htmx` says what htmx asks for, if it asks."""

    user: Person
    htmx: Any
