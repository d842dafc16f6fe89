"""Orders that need a reviewer: special wishes, unknown goods, nothing on the shelf, one parcel."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browsing import Door
from tests.flow import files, steps
from tests.living import House

PRICE = re.compile(r"¥|￥|88\.00|价格|单价|金额|合计")


def to_the_door(
    house: House, door: Door, orders: list[str], pieces: list[str], phone: str, into: Path
) -> str:
    """Take allocated orders to their customer's word; return the words on their papers."""
    shipment, _waybill, papers = steps.leave_the_house(
        door.open("chen"), house, orders, pieces, into
    )
    steps.ask_carrier(door.open("lin"), house, shipment)
    for number in orders:
        steps.customer_receives(door.open(), number, phone)
        assert steps.stage_of(house, number) == "COMPLETED"
    return papers


def test_no_price_goes_into_the_parcel(house: House, door: Door, tmp_path: Path) -> None:
    who = files.buyer()
    clerk = door.open("wang")
    steps.take_order(
        clerk,
        shop="电话与微信",
        said=f"{who.name} {who.phone} {who.line}",
        goods=["T-MUG"],
        payment="WECHAT",
        wishes=["NO_PRICE"],
    )
    number = steps.read_back(clerk)
    steps.wait_for_stage(house, number, "HELD")
    steps.solve(door.open("li"), house, number)
    steps.wait_for_stage(house, number, "ALLOCATED")
    papers = to_the_door(house, door, [number], [files.BARCODE["T-MUG"]], who.phone, tmp_path)
    assert number in papers
    assert not PRICE.search(papers)


def test_what_is_short_is_served_when_goods_arrive(
    house: House, door: Door, tmp_path: Path
) -> None:
    who = files.buyer()
    order = files.bought(who, (files.RARE, 1))
    reviewer = door.open("li")
    steps.drop_files(reviewer, files.taobao_files(tmp_path, order), "TB")
    number = steps.order_of(house, order.number)
    steps.wait_for_stage(house, number, "HELD")
    steps.solve(reviewer, house, number)
    steps.wait_for_stage(house, number, "SHORT")
    reviewer.goto(f"/orders/{number}/")
    expect(reviewer.locator("main")).to_contain_text("T-RARE")

    steps.receive_goods(door.open("chen"), "T-RARE", 1)
    steps.wait_for_stage(house, number, "ALLOCATED")
    to_the_door(house, door, [number], [files.BARCODE["T-RARE"]], who.phone, tmp_path)
    assert steps.stock_of(house, "T-RARE") == (0, 0)


def test_two_orders_of_one_buyer_go_in_one_parcel(house: House, door: Door, tmp_path: Path) -> None:
    who = files.buyer()
    orders = [files.bought(who, (files.MUG, 1)), files.bought(who, (files.TRAY, 1))]
    reviewer = door.open("li")
    steps.drop_files(reviewer, files.taobao_files(tmp_path, *orders), "TB")
    numbers = [steps.order_of(house, order.number) for order in orders]
    steps.await_own_planning()
    for number in numbers:
        steps.wait_for_stage(house, number, "HELD")
        steps.solve(reviewer, house, number)
        steps.wait_for_stage(house, number, "ALLOCATED")
    pieces = [files.BARCODE["T-MUG"], files.BARCODE["T-TRAY"]]
    papers = to_the_door(house, door, numbers, pieces, who.phone, tmp_path)
    assert all(order.number in papers for order in orders)


def test_what_the_buyer_wrote_is_read_before_it_goes_on(
    house: House, door: Door, tmp_path: Path
) -> None:
    who = files.buyer()
    order = files.bought(who, (files.MUG, 1), remark="麻烦发顺丰")
    reviewer = door.open("li", language="zh-CN")
    steps.drop_files(reviewer, files.taobao_files(tmp_path, order), "TB")
    number = steps.order_of(house, order.number)
    steps.wait_for_stage(house, number, "HELD")
    reviewer.goto(f"/screening/?order={number}")
    expect(reviewer.locator("#desk")).to_contain_text("有买家留言")
    expect(reviewer.locator("#desk")).to_contain_text("麻烦发顺丰")
    steps.solve(reviewer, house, number)
    steps.wait_for_stage(house, number, "ALLOCATED")
    assert steps.holds_of(house, number) == [("BUYER_REMARK", "李审言")]
    to_the_door(house, door, [number], [files.BARCODE["T-MUG"]], who.phone, tmp_path)


def test_goods_that_nobody_knows_are_named_by_the_reviewer(
    house: House, door: Door, tmp_path: Path
) -> None:
    order = files.bought(files.buyer(), (files.strange(), 1))
    reviewer = door.open("li")
    steps.drop_files(reviewer, files.taobao_files(tmp_path, order), "TB")
    number = steps.order_of(house, order.number)
    steps.wait_for_stage(house, number, "HELD")
    reviewer.goto(f"/screening/?order={number}")
    reviewer.locator("[data-hold] [data-remedy]").first.click()
    box = reviewer.locator("dialog[open] [name=q]")
    box.fill("T-MUG")
    reviewer.locator("dialog[open] [role=option]", has_text="T-MUG").first.click()
    with steps.swapping(reviewer, "#desk"):
        reviewer.locator("dialog[open] button.primary").click()
    steps.wait_for_stage(house, number, "ALLOCATED")
    code = "SELECT k.code FROM orders_line l JOIN catalog_sku k ON k.id = l.sku_id"
    query = f"{code} JOIN orders_order o ON o.id = l.order_id WHERE o.number = %s"
    assert house.value(query, number) == "T-MUG"
