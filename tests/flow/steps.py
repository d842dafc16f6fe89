"""What people do in the browser, one function a deed; each leaves the page where the deed ends."""

import base64
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.living import House, wait_until

MOVES_BY_ITSELF = 40.0  # seconds
PLANS_EVERY, NEAR = 120.0, 45.0  # seconds: `plan_ready`, and how long two orders take until there

DROP = """files => {
  const transfer = new DataTransfer();
  for (const { name, body } of files) {
    const bytes = Uint8Array.from(atob(body), letter => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type: "text/csv" }));
  }
  return transfer;
}"""


@contextmanager
def swapping(page: Page, selector: str) -> Iterator[None]:
    """Wait until htmx has put another element in the place of this one."""
    page.locator(selector).evaluate("element => element.dataset.old = 1")
    yield
    page.wait_for_selector(f"{selector}:not([data-old])")


# Orders


def drop_files(page: Page, files: Sequence[Path], shop: str) -> None:
    """Drop order files onto the intake page and have them taken in."""
    page.goto("/intake/")
    bodies = [
        {"name": file.name, "body": base64.b64encode(file.read_bytes()).decode()} for file in files
    ]
    transfer = page.evaluate_handle(DROP, bodies)
    page.dispatch_event(".drop-zone", "drop", {"dataTransfer": transfer})
    for file in files:
        expect(page.locator("[data-files]")).to_contain_text(file.name)
    page.fill("#upload [name=shop]", shop)
    page.click("#upload button.primary")
    expect(page.locator("#files")).to_contain_text(files[0].name)


def take_order(
    page: Page,
    *,
    shop: str,
    said: str,
    goods: Sequence[str],
    payment: str,
    wishes: Sequence[str] = (),
    **more: str,
) -> None:
    """Fill the order form as a clerk does: paste what was said, scan the goods."""
    page.goto("/orders/new")
    page.select_option("[name=shop]", label=shop)
    page.fill("[name=paste]", said)
    with swapping(page, "#where"):
        page.locator("[name=paste]").dispatch_event("change")
    for code in goods:
        scan_goods(page, code)
    for wish in wishes:
        page.locator(f"[name=instruction][value={wish}]").locator("..").click()
    page.select_option("[name=payment]", payment)
    for name, text in more.items():
        page.fill(f"[name={name}]", text)


def scan_goods(page: Page, code: str) -> None:
    """Scan a code into the order form."""
    with swapping(page, "#lines"):
        page.fill("#find", code)
        page.press("#find", "Enter")


def read_back(page: Page, *, heard: bool = True) -> str:
    """Go to the second reading, tick every line, make the order final; return its number."""
    page.click("[data-finish]")
    page.wait_for_url("**/read")
    for box in page.locator("[name=ticked]").all():
        box.check()
    page.locator("[name=heard]").set_checked(heard)
    page.click("[name=then][value=order]")
    page.wait_for_url(re.compile(r"/orders/[^/]+/$"))
    return page.locator("h1").inner_text()


def send_confirmation(page: Page, mail: str) -> None:
    """From an order's page, mail it to its customer."""
    page.locator(".page-actions details summary").click()
    page.locator("a[href$='/document']").first.click()
    expect(page.locator("[name=to_MAIL]")).to_have_value(mail)
    page.locator("button[name=channel][value=MAIL]").click()
    expect(page.locator("main")).to_contain_text("Version 1")


def stage_of(house: House, number: str) -> str:
    return str(house.value("SELECT stage FROM orders_order WHERE number = %s", number))


def wait_for_stage(house: House, number: str, stage: str) -> None:
    """Wait until an order stands at a stage to which it comes by itself."""
    wait_until(lambda: stage_of(house, number) == stage, MOVES_BY_ITSELF, f"{number} is {stage}")


def solve(page: Page, house: House, number: str) -> None:
    """Review a held order: take the remedy of each hold, as far as one click is enough."""
    while stage_of(house, number) == "HELD":
        page.goto(f"/screening/?order={number}")
        expect(page.locator(".split-detail h2")).to_contain_text(number)
        with swapping(page, "#desk"):
            page.locator("[data-hold] form [data-remedy]").first.click()


# The warehouse


def shipments_of(house: House, *orders: str) -> list[str]:
    """Return the numbers of the shipments that hold these orders."""
    found = house.rows(
        "SELECT DISTINCT s.number FROM warehouse_shipment s"
        " JOIN warehouse_shipmentline l ON l.shipment_id = s.id"
        " JOIN orders_order o ON o.id = l.order_id"
        " WHERE o.number = ANY(%s) AND s.stage <> 'RECALLED' ORDER BY 1",
        list(orders),
    )
    return [number for (number,) in found]


def await_own_planning() -> None:
    """Wait, if it is near, until the house has planned by itself, as it does every second minute.

    In between two orders of one buyer it would plan a parcel for the first of them alone.
    """
    left = PLANS_EVERY - time.time() % PLANS_EVERY
    if left < NEAR:
        time.sleep(left + 5)


def plan(page: Page, house: House, *orders: str) -> str:
    """Have shipments planned; return the one shipment of these orders."""
    page.goto("/shipments/")
    if not shipments_of(house, *orders):
        page.locator("form[action$='/shipments/plan'] button").click()
        expect(page.locator("#toasts .toast")).to_be_visible()
    found = shipments_of(house, *orders)
    assert len(found) == 1, found
    return found[0]


def choose_row(page: Page, place: str, words: str) -> Locator:
    """Find the one row of a list by what is typed into its search box; select it."""
    page.goto(place)
    page.fill("#list-q", words)
    with page.expect_response(lambda answer: "q=" in answer.url):
        page.press("#list-q", "Enter")
    row = page.locator("[data-row]")
    expect(row).to_have_count(1)
    row.locator("[name=ids]").check()
    return row


def act_on_chosen(page: Page, action: str) -> None:
    """Press a button of the batch bar and say yes."""
    page.click(f"[data-batch] [name=action][value={action}]")
    dialog = page.locator("dialog[open]")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)


def make_wave(page: Page, house: House, shipment: str) -> str:
    """Put a shipment into a wave of its own; return the wave's number."""
    choose_row(page, "/shipments/?tab=planned", shipment)
    act_on_chosen(page, "release")
    wave = house.value(
        "SELECT w.number FROM warehouse_wave w JOIN warehouse_shipment s ON s.wave_id = w.id"
        " WHERE s.number = %s",
        shipment,
    )
    assert wave
    return str(wave)


def draw_waybills(page: Page, house: House, wave: str, shipment: str) -> str:
    """Draw the waybill numbers of a wave; return that of the shipment."""
    page.goto(f"/waves/{wave}/")
    page.locator("form[action$='/waybills'] button").click()
    waybill = house.value("SELECT waybill FROM warehouse_shipment WHERE number = %s", shipment)
    assert waybill
    expect(page.locator("main")).to_contain_text(waybill)
    return str(waybill)


def print_papers(page: Page, wave: str, into: Path) -> str:
    """Print the papers of a wave; return what the PDF says."""
    page.goto(f"/waves/{wave}/")
    page.locator(f"form[action='/waves/{wave}/print'] button").click()
    link = page.locator("#print-jobs a")
    expect(link).to_be_visible(timeout=60_000)
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    (into / "papers.pdf").write_bytes(answer.body())
    page.locator("form[action$='/acknowledge'] button").click()
    expect(page.locator("form[action$='/acknowledge']")).to_have_count(0)
    return words_of(into / "papers.pdf")


def words_of(pdf: Path) -> str:
    """Return the text of all pages of a PDF, without blanks."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(pdf).pages)


def pick(page: Page, wave: str) -> None:
    """Say that the wave has been picked."""
    page.goto(f"/waves/{wave}/")
    page.locator("form[action$='/pick'] button").click()
    expect(page.locator("form[action$='/pick']")).to_have_count(0)


def scan(page: Page, code: str) -> None:
    """Let the scanner type a code into the packing table."""
    with swapping(page, "#packing"):
        page.locator("#packing [name=code]").fill(code)
        page.locator("#packing [name=code]").press("Enter")


def tick_instructions(page: Page) -> None:
    """Tick every special instruction on the packing table."""
    while (open_ones := page.locator("#packing [data-key]:enabled")).count():
        with swapping(page, "#packing"):
            open_ones.first.click()


def close_parcel(page: Page, grams: int) -> None:
    """Weigh the parcel and say that it is packed."""
    page.fill("#packing [name=weight]", str(grams))
    with swapping(page, "#packing"):
        page.click("#packing button.primary")


def pack(page: Page, house: House, shipment: str, waybill: str, pieces: Sequence[str]) -> None:
    """Scan the waybill and each piece, tick what must be ticked, weigh and close."""
    page.goto("/pack/")
    scan(page, waybill)
    for piece in pieces:
        scan(page, piece)
    tick_instructions(page)
    expected = house.value("SELECT expected_g FROM warehouse_shipment WHERE number = %s", shipment)
    close_parcel(page, int(expected))
    expect(page.locator("#packing .scan-state")).to_have_class(re.compile("ok"))
    assert shipment_stage(house, shipment) == "PACKED"


def shipment_stage(house: House, shipment: str) -> str:
    found = house.value("SELECT stage FROM warehouse_shipment WHERE number = %s", shipment)
    return str(found)


def hand_over(page: Page, house: House, shipment: str) -> None:
    """Give a packed parcel to its carrier."""
    choose_row(page, "/hand-over/", shipment)
    act_on_chosen(page, "hand-over")
    assert shipment_stage(house, shipment) == "SHIPPED"


def leave_the_house(
    page: Page, house: House, orders: Sequence[str], pieces: Sequence[str], into: Path
) -> tuple[str, str, str]:
    """Take orders through the warehouse; return shipment, waybill and the words on its papers."""
    shipment = plan(page, house, *orders)
    wave = make_wave(page, house, shipment)
    waybill = draw_waybills(page, house, wave, shipment)
    papers = print_papers(page, wave, into)
    pick(page, wave)
    pack(page, house, shipment, waybill, pieces)
    hand_over(page, house, shipment)
    return shipment, waybill, papers


def receive_goods(page: Page, code: str, pieces: int) -> None:
    """Take goods in at the door of the warehouse."""
    page.goto("/stock/receive/")
    page.select_option("[name=warehouse]", label="杭州仓")
    page.fill("[name=find]", code)
    page.press("[name=find]", "Enter")
    page.fill("#goods [name=quantity]", str(pieces))
    page.click("[data-goods] button.primary")
    expect(page.locator("#toasts .toast").first).to_be_visible()


# To the customer


def ask_carrier(page: Page, house: House, shipment: str) -> None:
    """Have the carrier asked where a parcel is, three days after it left."""
    house.courier_left_days_ago(shipment, 3)
    page.goto(f"/parcels/{shipment}/")
    page.locator("form[action$='/ask'] button").click()
    wait_until(
        lambda: shipment_stage(house, shipment) == "DELIVERED", 30, f"{shipment} is delivered"
    )


def customer_receives(page: Page, number: str, phone: str) -> None:
    """Let the customer find the order and say that it came."""
    page.goto("/track")
    page.fill("[name=number]", number)
    page.fill("[name=digits]", phone[-4:])
    page.locator("form[action$='/track/find'] button").click()
    page.wait_for_url("**/track/order")
    page.locator("details.fold summary.button").click()
    page.locator("form[action$='/received'] button").click()


# What the database says


def order_of(house: House, platform_order: str) -> str:
    """Return our number of a platform's order, once it is in."""
    ours = "SELECT number FROM orders_order WHERE platform_order = %s"
    wait_until(lambda: bool(house.rows(ours, platform_order)), 60, f"{platform_order} is in")
    return str(house.value(ours, platform_order))


def stock_of(house: House, code: str) -> tuple[int, int]:
    """Return how many pieces of a SKU are on hand and reserved, in all warehouses."""
    [(on_hand, reserved)] = house.rows(
        "SELECT coalesce(sum(b.on_hand), 0), coalesce(sum(b.reserved), 0) FROM stock_balance b"
        " JOIN catalog_sku s ON s.id = b.sku_id WHERE s.code = %s",
        code,
    )
    return int(on_hand), int(reserved)


def is_followed(house: House, shipment: str) -> bool:
    """Say whether the courier pushes the traces of a parcel."""
    return bool(
        house.rows(
            "SELECT FROM delivery_subscription f JOIN warehouse_shipment s ON s.id = f.shipment_id"
            " WHERE s.number = %s AND f.state = 'FOLLOWED'",
            shipment,
        )
    )


def verbs_about(house: House, number: str) -> list[str]:
    """Return what the journal says happened to an order's own row, the oldest first."""
    found = house.rows(
        "SELECT e.verb FROM journal_change c JOIN journal_entry e ON e.id = c.entry_id"
        " JOIN journal_subject j ON j.id = c.subject AND j.name = 'orders_order'"
        " JOIN orders_order o ON o.id = c.subject_id WHERE o.number = %s ORDER BY e.id",
        number,
    )
    return [verb for (verb,) in found]


def payments_of(house: House, number: str) -> list[tuple[str, int]]:
    """Return method and fen of each payment."""
    query = (
        "SELECT p.method, p.amount_fen FROM orders_payment p"
        " JOIN orders_order o ON o.id = p.order_id WHERE o.number = %s ORDER BY p.id"
    )
    return [(method, fen) for method, fen in house.rows(query, number)]


def holds_of(house: House, number: str) -> list[tuple[str, str]]:
    """Return what held an order and who cleared it."""
    found = house.rows(
        "SELECT r.code, p.name FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id"
        " JOIN orders_order o ON o.id = h.order_id"
        " LEFT JOIN people_person p ON p.id = h.cleared_by_id WHERE o.number = %s ORDER BY h.id",
        number,
    )
    return [(code, name) for code, name in found]
