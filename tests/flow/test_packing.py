"""The packing table: what a scanner types, what is refused, and the phone in the warehouse."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import DESK, PHONE, Door
from tests.flow import files, steps
from tests.living import House

MUG, TRAY = files.BARCODE["T-MUG"], files.BARCODE["T-TRAY"]


@dataclass(frozen=True)
class Parcel:
    """A picked parcel of two mugs."""

    shipment: str
    waybill: str


@pytest.fixture
def parcel(house: House, door: Door, tmp_path: Path) -> Parcel:
    order = files.bought(files.buyer(), (files.MUG, 2))
    steps.drop_files(door.open("li"), files.taobao_files(tmp_path, order), "TB")
    number = steps.order_of(house, order.number)
    steps.wait_for_stage(house, number, "ALLOCATED")
    packer = door.open("chen")
    shipment = steps.plan(packer, house, number)
    wave = steps.make_wave(packer, house, shipment)
    waybill = steps.draw_waybills(packer, house, wave, shipment)
    steps.pick(packer, wave)
    return Parcel(shipment, waybill)


def verified(house: House, parcel: Parcel) -> int:
    query = (
        "SELECT sum(l.verified) FROM warehouse_shipmentline l"
        " JOIN warehouse_shipment s ON s.id = l.shipment_id WHERE s.number = %s"
    )
    return int(house.value(query, parcel.shipment))


def refused(page: Page) -> None:
    expect(page.locator("#packing .scan-state.wrong")).to_be_visible()
    expect(page.locator("#packing")).to_have_attribute("data-sound", "wrong")


def test_wrong_pieces_and_too_many_are_refused(house: House, door: Door, parcel: Parcel) -> None:
    packer = door.open("chen")
    packer.goto("/pack/")
    steps.scan(packer, parcel.waybill)
    steps.scan(packer, TRAY)
    refused(packer)
    steps.scan(packer, "0000")
    refused(packer)
    steps.scan(packer, MUG)
    expect(packer.locator(".scan-word")).to_have_text("1 / 2")
    steps.scan(packer, MUG)
    steps.scan(packer, MUG)
    refused(packer)
    assert verified(house, parcel) == 2


def test_a_weight_that_differs_needs_a_reason(house: House, door: Door, parcel: Parcel) -> None:
    packer = door.open("chen")
    packer.goto("/pack/")
    for code in (parcel.waybill, MUG, MUG):
        steps.scan(packer, code)
    steps.close_parcel(packer, 5000)
    refused(packer)
    assert steps.shipment_stage(house, parcel.shipment) == "PICKED"
    packer.fill("#packing [name=why]", "a heavy box")
    steps.close_parcel(packer, 5000)
    assert steps.shipment_stage(house, parcel.shipment) == "PACKED"


def test_a_scanner_types_faster_than_the_house_answers(
    house: House, door: Door, parcel: Parcel
) -> None:
    packer = door.open("chen")
    packer.goto("/pack/")
    packer.keyboard.type(f"{parcel.waybill}\n{MUG}\n{MUG}\n")
    expect(packer.locator("#packing [name=weight]")).to_be_focused()
    assert verified(house, parcel) == 2


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_it_fits_the_screen(
    door: Door, house: House, parcel: Parcel, size: tuple[int, int]
) -> None:
    packer = door.open("chen", language="zh-CN", size=size)
    packer.goto("/pack/")
    for code in (parcel.waybill, MUG):
        steps.scan(packer, code)
    assert packer.evaluate("document.documentElement.scrollWidth") <= size[0]
    expect(packer.locator("#packing [name=code]")).to_be_in_viewport()
    expect(packer.locator(".scan-word")).to_be_in_viewport()
