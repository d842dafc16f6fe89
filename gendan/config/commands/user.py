"""`gendan user`: colleagues, from the command line."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from gendan.config.commands.frame import as_json, house, operator, report


@click.group("user")
def command() -> None:
    """List colleagues, add one, set roles, reset a password, unlock."""


@command.command("list")
@as_json
def list_people(as_json: bool) -> None:
    """List everybody with their roles."""
    with house():
        from gendan.people.models import Person

        fields = ("username", "name", "roles", "is_active", "locked_until", "signed_in_at")
        people = list(Person.objects.order_by("username").values(*fields))
    lines = (f"{p['username']:<16} {p['name']:<16} {', '.join(p['roles'])}" for p in people)
    sentence = "\n".join(lines) or "Nobody yet. Add the first: gendan user add NAME --role ADMIN"
    report(people, as_json=as_json, sentence=sentence)


@command.command("add")
@click.argument("username")
@click.option("--name", help="As colleagues see it; by default the sign-in name.")
@click.option("--role", "roles", multiple=True, help="May be given several times, such as ADMIN.")
@click.option("--password", help="By default one is made, shown once and changed at sign-in.")
@as_json
def add(
    username: str, name: str | None, roles: tuple[str, ...], password: str | None, as_json: bool
) -> None:
    """Add a colleague."""
    chosen = password or secrets.token_urlsafe(12)
    with _people():
        from gendan.people.actions import add_person
        from gendan.people.models import Person

        if Person.objects.filter(username=username).exists():
            raise click.ClickException(f"There is a {username} already. See: gendan user list")
        add_person(
            by=operator(),
            username=username,
            name=name or username,
            password=chosen,
            roles=list(roles),
            must_change_password=password is None,
        )
    facts = {"username": username, "roles": roles} | ({} if password else {"password": chosen})
    shown = "" if password else f" with the password {chosen} and then chooses another"
    report(facts, as_json=as_json, sentence=f"{username} can sign in{shown}.")


@command.command("roles")
@click.argument("username")
@click.argument("roles", nargs=-1)
@as_json
def set_roles(username: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Give a colleague exactly these roles."""
    with _people():
        from gendan.people.actions import change_person

        change_person(_named(username), by=operator(), roles=list(roles))
    sentence = f"{username} has now: {', '.join(roles) or 'no role'}."
    report({"username": username, "roles": roles}, as_json=as_json, sentence=sentence)


@command.command("password")
@click.argument("username")
@click.option("--password", help="By default one is made, shown once and changed at sign-in.")
@as_json
def reset_password(username: str, password: str | None, as_json: bool) -> None:
    """Give a colleague a new password; this also unlocks."""
    chosen = password or secrets.token_urlsafe(12)
    with _people():
        from gendan.people.actions import change_password

        person = _named(username).get()
        change_password(person, chosen, by=operator(), must_change=password is None)
    facts = {"username": username} | ({} if password else {"password": chosen})
    shown = "" if password else f": {chosen}"
    report(facts, as_json=as_json, sentence=f"{username} has a new password{shown}.")


@command.command("unlock")
@click.argument("username")
@as_json
def unlock(username: str, as_json: bool) -> None:
    """Let a colleague sign in again at once after too many failures."""
    with _people():
        from gendan.people.actions import unlock

        unlock(_named(username), by=operator())
    report({"username": username}, as_json=as_json, sentence=f"{username} can sign in again.")


@contextmanager
def _people() -> Iterator[None]:
    """Have the house open; a password that is too simple is refused with Django's words."""
    with house():
        from django.core.exceptions import ValidationError

        try:
            yield
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error


def _named(username: str) -> Any:
    from gendan.people.models import Person

    people = Person.objects.filter(username=username)
    if not people:
        raise click.ClickException(f"There is no {username}. See: gendan user list")
    return people
