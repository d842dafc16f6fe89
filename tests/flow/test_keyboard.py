"""Lists by keyboard alone, and the two languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Door
from tests.flow import files, steps
from tests.living import House


@pytest.fixture
def listed(house: House, door: Door, tmp_path: Path) -> Page:
    """The list of orders with three of them."""
    orders = [files.bought(files.buyer(), (files.MUG, 1)) for _ in range(3)]
    page = door.open("li")
    steps.drop_files(page, files.taobao_files(tmp_path, *orders), "TB")
    steps.order_of(house, orders[-1].number)
    page.goto("/orders/?tab=all")
    return page


def test_rows_are_walked_chosen_and_opened(listed: Page) -> None:
    rows = listed.locator("[data-row]")
    listed.keyboard.press("j")
    listed.keyboard.press("j")
    expect(rows.nth(1)).to_contain_class("is-current")
    listed.keyboard.press("k")
    listed.keyboard.press("x")
    expect(rows.nth(0).locator("[name=ids]")).to_be_checked()
    expect(listed.locator("[data-batch]")).to_be_visible()
    listed.keyboard.press("Escape")
    expect(listed.locator("[data-batch]")).to_be_hidden()
    listed.keyboard.press("Enter")
    listed.wait_for_url("**/orders/GD*/")


def test_a_slash_leads_to_the_search(listed: Page) -> None:
    listed.keyboard.press("/")
    expect(listed.locator("[data-search]").first).to_be_focused()


def test_a_mistake_in_the_search_is_pointed_at(listed: Page) -> None:
    listed.fill("#list-q", "total > > 3")
    listed.press("#list-q", "Enter")
    expect(listed.locator("#list-mistake")).to_be_visible()
    expect(listed.locator("#list-q")).to_have_attribute("aria-invalid", "true")


def test_the_language_is_changed_where_one_stands(door: Door) -> None:
    page = door.open("qian", language="zh-CN")
    page.goto("/board/")
    expect(page.locator("h1")).to_have_text("看板")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Board")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
