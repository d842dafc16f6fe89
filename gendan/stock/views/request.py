"""What every page of stock begins with."""

from typing import Any

from django.http import HttpRequest

from gendan.people.models import Person


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Person
    htmx: Any
