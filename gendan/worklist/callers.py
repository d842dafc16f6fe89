"""Who is at the other end of a live line: sessions and people, checked many at a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from gendan.people.models import Person


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who may see the worklist, and until when they are signed in."""

    person: Person
    until: datetime


def callers(session_keys: Collection[str]) -> dict[str, Caller]:
    """Return who may see the worklist, by session; checked as Django checks each request."""
    sessions = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    said = {session: session.get_decoded() for session in sessions}
    people = Person.objects.in_bulk([data[SESSION_KEY] for data in said.values() if _claims(data)])
    return dict(_admitted(said, people))


def _claims(data: dict[str, str]) -> bool:
    """Say whether a session says that somebody is signed in."""
    return data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS


def _admitted(
    said: dict[Session, dict[str, str]], people: dict[int, Person]
) -> Iterator[tuple[str, Caller]]:
    for session, data in said.items():
        person = people.get(int(data[SESSION_KEY])) if _claims(data) else None
        if person and _is_in(person, data.get(HASH_SESSION_KEY, "")):
            yield session.session_key, Caller(person, session.expire_date)


def _is_in(person: Person, kept: str) -> bool:
    """Say whether the person signed in with today's password and may still see what waits."""
    return (
        person.may("worklist.see")  # which nobody may who is not active
        and not person.password_expired
        and constant_time_compare(kept, person.get_session_auth_hash())
    )
