from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import PASSWORD, TESTER
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.people.actions import FAILURES_ALLOWED
from gendan.people.models import Person


def attempt(client: Client, password: str = PASSWORD, username: str = "wang") -> int:
    answer = client.post("/sign-in/", {"username": username, "password": password})
    return answer.status_code


def test_it_lets_a_colleague_in_and_says_so(client: Client, wang: Person) -> None:
    assert attempt(client) == 302
    assert Entry.objects.get(verb="person.signed_in").actor_name == "王小满"


@pytest.mark.parametrize("username", ["wang", "nobody"])
def test_it_refuses_wrong_and_unknown_alike(client: Client, wang: Person, username: str) -> None:
    assert attempt(client, "wrong-password", username) == 422
    assert "_auth_user_id" not in client.session


def test_it_locks_after_repeated_failures(client: Client, wang: Person) -> None:
    for _try in range(FAILURES_ALLOWED):
        attempt(client, "wrong-password")
    assert attempt(client) == 422
    wang.refresh_from_db()
    assert wang.locked_until is not None
    assert wang.locked_until > timezone.now() + timedelta(minutes=14)


def test_a_lock_ends_by_itself(client: Client, wang: Person) -> None:
    with entry("test.setup", by=TESTER):
        Person.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert attempt(client) == 302


def test_somebody_who_left_stays_out(client: Client, wang: Person) -> None:
    with entry("test.setup", by=TESTER):
        Person.objects.update(is_active=False)
    assert attempt(client) == 422


def test_an_old_password_must_be_changed_first(client: Client, wang: Person) -> None:
    with entry("test.setup", by=TESTER):
        Person.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    attempt(client)
    assert client.get("/me/").headers["Location"] == "/me/password/"
    form = {"old": PASSWORD, "new": "nie-yong-guo-88", "again": "nie-yong-guo-88"}
    assert client.post("/me/password/", form).headers["Location"] == "/"
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("new", ["short1", "12345678901", PASSWORD])
def test_a_weak_or_used_password_is_refused(client: Client, wang: Person, new: str) -> None:
    wang.used_passwords.create(hash=wang.password)
    attempt(client)
    form = {"old": PASSWORD, "new": new, "again": new}
    assert client.post("/me/password/", form).status_code == 422
    wang.refresh_from_db()
    assert wang.check_password(PASSWORD)


@pytest.mark.parametrize(
    "goal", ["https://elsewhere.example/", "//elsewhere.example", "orders", "?"]
)
def test_it_leads_nowhere_else(client: Client, wang: Person, goal: str) -> None:
    form = {"username": "wang", "password": PASSWORD, "next": goal}
    assert client.post("/sign-in/", form).headers["Location"] == "/"


def test_too_many_tries_from_one_place_are_slowed_down(client: Client, wang: Person) -> None:
    answers = [attempt(client, "wrong-password", f"nobody{n}") for n in range(22)]
    assert answers[-1] == 429


def test_the_password_never_reaches_the_journal(client: Client, wang: Person) -> None:
    attempt(client)
    form = {"old": PASSWORD, "new": "nie-yong-guo-88", "again": "nie-yong-guo-88"}
    client.post("/me/password/", form)
    said = str(list(Change.objects.values_list("before", "after")))
    assert "argon2" not in said
