"""The way of a Taobao order: from the shop's file to the customer's word that it came."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browsing import Door
from tests.flow import files, steps
from tests.living import House, wait_until


def test_it_goes_from_the_shops_file_to_the_customers_word(
    house: House, door: Door, tmp_path: Path
) -> None:
    who = files.buyer()
    order = files.bought(who, (files.MUG, 2), (files.TRAY, 1))

    reviewer = door.open("li", language="zh-CN")
    steps.drop_files(reviewer, files.taobao_files(tmp_path, order), "TB")
    number = steps.order_of(house, order.number)
    steps.wait_for_stage(house, number, "ALLOCATED")
    reviewer.goto(f"/orders/{number}/")
    expect(reviewer.locator("h1")).to_have_text(number)
    expect(reviewer.locator("main")).to_contain_text("旅人马克杯")
    assert who.phone not in reviewer.content()  # masked until somebody asks for it

    packer = door.open("chen", language="zh-CN")
    shipment, waybill, papers = steps.leave_the_house(
        packer, house, [number], [files.BARCODE["T-MUG"]] * 2 + [files.BARCODE["T-TRAY"]], tmp_path
    )
    assert number in papers or order.number in papers
    assert waybill in papers
    assert steps.stock_of(house, "T-MUG")[1] >= 0
    reviewer.goto(f"/orders/{number}/")
    expect(reviewer.locator("main")).to_contain_text("已发货")

    packer.goto("/write-backs/")
    with packer.expect_download() as told:
        packer.locator("form[action='/write-backs/TB/file'] button").click()
    assert told.value.suggested_filename.startswith("TB-")
    state = "SELECT state FROM delivery_writeback b JOIN orders_order o ON o.id = b.order_id"
    assert house.value(f"{state} WHERE o.number = %s", number) == "EXPORTED"

    wait_until(lambda: steps.is_followed(house, shipment), 90, "the courier is asked to push")
    for code, name, text in (
        ("103", "揽收", "【杭州市】余杭区营业部 已揽收"),
        ("5", "派件", "【宁波市】正在派件"),
        ("301", "签收", "【宁波市】您的快件已签收，签收人：本人"),
    ):
        assert house.courier_says(waybill, code, name, text)
    assert steps.shipment_stage(house, shipment) == "DELIVERED"
    packer.goto(f"/parcels/{shipment}/")
    expect(packer.locator("main")).to_contain_text("签收人：本人")

    customer = door.open(language="zh-CN")
    steps.customer_receives(customer, number, who.phone)
    expect(customer.locator(".progress-steps, .steps").first).to_be_visible()
    assert steps.stage_of(house, number) == "COMPLETED"
    assert re.search(r"order\.", " ".join(steps.verbs_about(house, number)))
