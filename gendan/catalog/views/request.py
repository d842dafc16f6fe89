"""What every page about goods begins with."""

from django.http import HttpRequest

from gendan.people.models import Person


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Person
