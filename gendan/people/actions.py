"""Everything that can happen to colleagues, shops, warehouses and keys."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import (
    ApiKey,
    Merchant,
    Person,
    PersonQuerySet,
    Shop,
    UsedPassword,
    Warehouse,
)
from gendan.people.models.keys import key_hash
from gendan.people.permissions import PERMISSIONS, Role
from gendan.ui.errors import Refused

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)


class UnknownRole(Refused):
    """A role or permission is not on the list."""


class LastAdministrator(Refused):
    """Nobody would be left who may manage people."""


def sign_in(people: PersonQuerySet, *, by: Actor, now: datetime) -> PersonQuerySet:
    """Note that the people signed in; earlier failures are forgotten."""
    with entry("person.signed_in", by=by):
        people.update(signed_in_at=now, failed_sign_ins=0, locked_until=None)
    return people


def fail_sign_in(people: PersonQuerySet, *, by: Actor, now: datetime) -> PersonQuerySet:
    """Count a wrong password; the fifth in a row locks the account for a quarter of an hour."""
    with entry("person.failed_to_sign_in", by=by):
        people.update(failed_sign_ins=F("failed_sign_ins") + 1)
        people.filter(failed_sign_ins__gte=FAILURES_ALLOWED).update(
            locked_until=now + LOCKED_FOR, failed_sign_ins=0
        )
    return people


def unlock(people: PersonQuerySet, *, by: Actor, why: str = "") -> PersonQuerySet:
    """Let the people sign in again at once."""
    with entry("person.unlocked", by=by, why=why):
        people.update(locked_until=None, failed_sign_ins=0)
    return people


def add_person(*, by: Actor, username: str, name: str, password: str, **more: Any) -> Person:
    """Add a colleague, who must choose a password of their own unless `must_change_password=False`.

    :raises UnknownRole: if a role is not on the list
    :raises django.core.exceptions.ValidationError: if the password is too simple
    """
    _check_roles(more.get("roles", []))
    person = Person(username=username, name=name, **{"must_change_password": True, **more})
    validate_password(password, person)
    with entry("person.added", by=by, name=name):
        _set_password(person, password)
    return person


def change_person(
    people: PersonQuerySet, *, by: Actor, why: str = "", **new: Any
) -> PersonQuerySet:
    """Change name, roles, shops, warehouses, limits, or whether the people are active.

    :raises UnknownRole: if a role is not on the list
    :raises LastAdministrator: if no active administrator would be left
    """
    _check_roles(new.get("roles", []))
    with entry("person.changed", by=by, why=why):
        people.update(**new)
        if not Person.objects.with_role(Role.ADMIN).exists():
            raise LastAdministrator(
                _("Somebody must stay administrator. Give the role to a colleague first.")
            )
    return people


def change_password(person: Person, password: str, *, by: Actor, must_change: bool = False) -> None:
    """Give a person a new password, and remember it so that it is not used again.

    :raises django.core.exceptions.ValidationError: if it is too simple or was used before
    """
    validate_password(password, person)
    with entry("person.password_changed", by=by):
        person.must_change_password = must_change
        person.locked_until, person.failed_sign_ins = None, 0
        _set_password(person, password)


def _set_password(person: Person, password: str) -> None:
    person.set_password(password)
    person.save()
    Person.objects.filter(pk=person.pk).update(password_changed_at=Now())
    UsedPassword.objects.create(person=person, hash=person.password)


def _check_roles(roles: list[str]) -> None:
    unknown = set(roles) - set(Role.values)
    if unknown:
        raise UnknownRole(
            _("There is no role %(role)s. The roles are: %(roles)s.")
            % {"role": ", ".join(sorted(unknown)), "roles": ", ".join(Role.values)}
        )


def make_key(
    *, by: Actor, name: str, scopes: list[str], expires_at: datetime | None = None, **more: Any
) -> tuple[ApiKey, str]:
    """Make an API key; return it and its secret, which is shown once and never stored.

    :raises UnknownRole: if a scope is not a permission on the list
    """
    unknown = set(scopes) - set(PERMISSIONS)
    if unknown:
        raise UnknownRole(_("There is no permission %(name)s.") % {"name": ", ".join(unknown)})
    secret = ApiKey.new_secret()
    with entry("key.made", by=by, name=name):
        key = ApiKey.objects.create(
            name=name,
            hint=secret[:8],
            hash=key_hash(secret),
            scopes=sorted(scopes),
            expires_at=expires_at,
            **more,
        )
    return key, secret


def revoke_key(key: ApiKey, *, by: Actor, now: datetime, why: str = "") -> None:
    """Make a key useless from now on."""
    with entry("key.revoked", by=by, why=why, name=key.name):
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def save_shop(shop: Shop, *, by: Actor, why: str = "") -> Shop:
    """Add a shop or change it."""
    with entry("shop.changed" if shop.pk else "shop.added", by=by, why=why, name=shop.name):
        shop.save()
    return shop


def save_warehouse(warehouse: Warehouse, *, by: Actor, why: str = "") -> Warehouse:
    """Add a warehouse or change it."""
    verb = "warehouse.changed" if warehouse.pk else "warehouse.added"
    with entry(verb, by=by, why=why, name=warehouse.name):
        warehouse.save()
    return warehouse


def save_merchant(merchant: Merchant, *, by: Actor, why: str = "") -> Merchant:
    """Change what stands on papers, in mails and at the top of every page."""
    with entry("merchant.changed", by=by, why=why):
        merchant.save()
    cache.delete("merchant")
    return merchant


def choose_language(people: PersonQuerySet, language: str, *, by: Actor) -> PersonQuerySet:
    """Keep the language that a person chose."""
    with entry("person.language_chosen", by=by):
        people.update(language=language)
    return people
