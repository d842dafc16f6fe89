"""Every page of the house, tried by those who may not open it."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from conftest import person
from gendan.people.access import PUBLIC, SIGNED_IN
from gendan.people.models import Person
from tests.test_house import urls

GUARDED = [
    pattern
    for pattern in urls(get_resolver().url_patterns)
    if getattr(pattern.callback, "permission", PUBLIC) not in (PUBLIC, SIGNED_IN)
]
NAMED = {"number": "GD0", "pk": 1, "username": "nobody", "code": "x", "token": "x", "kind": "x"}


def address(pattern: URLPattern) -> str:
    """Return an address of the page; one that names something names what is not there."""
    converters = pattern.pattern.converters
    values = {
        name: 1 if type(converter).__name__ == "IntConverter" else NAMED.get(name, "x")
        for name, converter in converters.items()
    }
    try:
        return reverse(str(pattern.name), kwargs=values)
    except NoReverseMatch:
        pytest.skip("reached by another way")


def title(pattern: URLPattern) -> str:
    return str(pattern.name)


@pytest.fixture
def newcomer(db: None) -> Person:
    """Signed in, without any role yet."""
    return person("new", "新来的")


@pytest.mark.parametrize("pattern", GUARDED, ids=title)
def test_a_visitor_is_sent_to_sign_in(client: Client, db: None, pattern: URLPattern) -> None:
    for answer in (client.get(address(pattern)), client.post(address(pattern))):
        assert answer.status_code == 405 or answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("pattern", GUARDED, ids=title)
def test_a_colleague_without_the_right_is_told_so(
    client: Client, newcomer: Person, pattern: URLPattern
) -> None:
    client.force_login(newcomer)
    answers = [client.get(address(pattern)), client.post(address(pattern))]
    assert {answer.status_code for answer in answers} <= {403, 405}
    refused = [answer for answer in answers if answer.status_code == 403]
    assert refused
    assert all(b"/static/" in answer.content for answer in refused)  # a page, not a bare word


@pytest.mark.parametrize("pattern", GUARDED, ids=title)
def test_a_stranger_finds_nothing(client: Client, stranger: Person, pattern: URLPattern) -> None:
    """What is named is not there for them; a list is there and empty; nothing breaks."""
    client.force_login(stranger)
    status = client.get(address(pattern)).status_code
    named = bool(pattern.pattern.converters)
    assert status in ({404, 405} if named else {200, 302, 400, 404, 405})
