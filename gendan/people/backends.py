"""Signing in with name and password; an account is locked after repeated failures."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from gendan.people import actions
from gendan.people.models import Person
from gendan.ui.statements import Lookup

WORKING = Lookup(Person, "id = %s AND is_active")


class LockingBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        """Return the person, or none; unknown, wrong and locked take the same time."""
        person: Person | None = Person.objects.filter(username=username).first()
        if person is None or password is None:
            make_password(password)
            return None
        now = timezone.now()
        right = check_password(password, person.password)
        if not person.is_active or (person.locked_until and person.locked_until > now):
            return None
        if not right:
            actions.fail_sign_in(Person.objects.filter(pk=person.pk), by=person, now=now)
            return None
        actions.sign_in(Person.objects.filter(pk=person.pk), by=person, now=now)
        return person

    def get_user(self, user_id: int) -> Person | None:
        """Return whom a session belongs to; nobody who has left."""
        return next(iter(WORKING(user_id)), None)
