"""The demo's sign-ins, kept in the home so that every start can show them."""

import json
import os

from gendan.config import home

SignIn = dict[str, str]


def keep(people: list[SignIn]) -> None:
    """Keep name, password and role of the demo's people; its owner alone may read the file."""
    place = home.path("demo.json")
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(people, file, ensure_ascii=False, indent=1)


def kept() -> list[SignIn]:
    """Return them; none where no demo was loaded."""
    place = home.path("demo.json")
    people: list[SignIn] = json.loads(place.read_text()) if place.exists() else []
    return people
