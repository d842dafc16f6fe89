"""Who may not come in, and what they are told: a stranger, and a colleague without the right."""

from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from tests.browsing import Door
from tests.living import House


def test_nobody_enters_without_signing_in(door: Door) -> None:
    page = door.open()
    page.goto("/orders/")
    expect(page.locator("#sign-in")).to_be_visible()
    assert "/orders/" in page.url


def test_a_wrong_password_says_so(door: Door) -> None:
    page = door.open()
    page.goto("/sign-in/")
    page.fill("[name=username]", "fang")
    page.fill("[name=password]", "not the password")
    page.click("#sign-in button")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("fang")


@pytest.mark.parametrize(
    ("who", "place"), [("chen", "/orders/new"), ("wang", "/pack/"), ("li", "/people/")]
)
def test_a_colleague_without_the_right_gets_a_sentence(door: Door, who: str, place: str) -> None:
    page = door.open(who)
    answer = page.goto(place)
    assert answer
    assert answer.status == HTTPStatus.FORBIDDEN
    expect(page.locator("main")).to_contain_text("may not")


def test_what_one_must_not_know_of_does_not_exist(door: Door) -> None:
    page = door.open("he")
    answer = page.goto("/orders/GD0000000000001/")
    assert answer
    assert answer.status == HTTPStatus.NOT_FOUND


def test_a_customer_learns_nothing_by_guessing(house: House, door: Door) -> None:
    page = door.open()
    page.goto("/track")
    page.fill("[name=number]", "GD2611010000001")
    page.fill("[name=digits]", "0000")
    page.locator("form[action$='/track/find'] button").click()
    expect(page.get_by_role("alert")).to_contain_text("We know no order")
