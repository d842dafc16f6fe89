"""Orders that people take: at the counter, by phone, to be paid on delivery."""

import re
from pathlib import Path

from playwright.sync_api import expect

from gendan.config.demo.buyers import Buyer
from tests.browsing import Door
from tests.flow import files, steps
from tests.living import House, wait_until

STORE, PHONE = "西湖门店", "电话与微信"


def said_by(who: Buyer) -> str:
    """Return what a customer writes in a chat."""
    return f"{who.name}，{who.phone}，{who.line}"


def to_the_door(house: House, door: Door, number: str, who: Buyer, into: Path) -> str:
    """Take an order of one mug from the shelf to the customer's word; return its papers' words."""
    steps.wait_for_stage(house, number, "ALLOCATED")
    packer = door.open("chen")
    shipment, _waybill, papers = steps.leave_the_house(
        packer, house, [number], [files.BARCODE["T-MUG"]], into
    )
    steps.ask_carrier(door.open("lin"), house, shipment)
    steps.customer_receives(door.open(), number, who.phone)
    assert steps.stage_of(house, number) == "COMPLETED"
    return papers


def test_an_order_at_the_counter_is_paid_in_cash(house: House, door: Door, tmp_path: Path) -> None:
    who = files.buyer()
    clerk = door.open("wang")
    steps.take_order(clerk, shop=STORE, said=said_by(who), goods=["T-MUG"], payment="CASH")
    expect(clerk.locator("#lines")).to_contain_text("旅人马克杯")
    expect(clerk.locator("[name=receiver_phone]")).to_have_value(who.phone)
    number = steps.read_back(clerk)
    expect(clerk.locator("main")).to_contain_text("¥88.00")
    paid = "SELECT p.method, p.amount_fen FROM orders_payment p JOIN orders_order o"
    assert house.rows(f"{paid} ON o.id = p.order_id WHERE o.number = %s", number) == [
        ("CASH", 8800)
    ]
    to_the_door(house, door, number, who, tmp_path)


def test_an_order_by_phone_is_confirmed_by_mail(house: House, door: Door, tmp_path: Path) -> None:
    who = files.buyer()
    mail = f"{who.phone}@customer.example"
    clerk = door.open("wang")
    steps.take_order(
        clerk, shop=PHONE, said=said_by(who), goods=["T-MUG"], payment="TRANSFER", mail=mail
    )
    number = steps.read_back(clerk, heard=False)
    assert steps.stage_of(house, number) == "UNCONFIRMED"

    steps.send_confirmation(clerk, mail)
    wait_until(lambda: any(mail in (m["To"] or "") for m in house.mails()), 30, "the mail is there")
    letter = next(m for m in house.mails() if mail in m["To"])
    assert number in letter["Subject"]
    body = letter.get_body(("plain",))
    link = re.search(r"http\S+/confirm/\S+", body.get_content() if body else "")
    assert link
    [sheet] = letter.iter_attachments()
    (tmp_path / "confirmation.pdf").write_bytes(sheet.get_content())
    assert number in steps.words_of(tmp_path / "confirmation.pdf")

    customer = door.open()
    customer.goto(link.group())
    expect(customer.locator("main, body").first).to_contain_text("旅人马克杯")
    customer.get_by_role("button", name="All right").click()
    expect(customer.get_by_role("status").first).to_contain_text("you have confirmed")
    to_the_door(house, door, number, who, tmp_path)
    assert "order.confirmed" in steps.verbs_about(house, number)


def test_an_order_is_paid_on_delivery(house: House, door: Door, tmp_path: Path) -> None:
    who = files.buyer()
    clerk = door.open("wang")
    steps.take_order(clerk, shop=PHONE, said=said_by(who), goods=["T-MUG"], payment="COD")
    number = steps.read_back(clerk)
    expect(clerk.locator("main")).to_contain_text("Cash on delivery")
    papers = to_the_door(house, door, number, who, tmp_path)
    assert "88.00" in papers  # the courier must know what to collect
