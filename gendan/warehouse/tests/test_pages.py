"""The warehouse's pages: who may, who may not, and what the packer sees."""

from typing import Any

import pytest
from django.test import Client

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Line, Order
from gendan.orders.stages import PlatformState
from gendan.people.models import Person
from gendan.warehouse.actions.print_papers import print_papers, typeset
from gendan.warehouse.models import PrintJob, Shipment, Tick, Wave
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker


@pytest.fixture
def warehouse(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def body(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def scan(client: Client, code: str, shipment: Shipment | None = None) -> str:
    posted = {"code": code, "shipment": shipment.number if shipment else ""}
    return body(client.post("/pack/scan", posted, headers={"HX-Request": "true"}))


@pytest.mark.parametrize("page", ["/shipments/", "/waves/", "/prints/", "/pack/"])
def test_pages_open_empty_and_full(
    warehouse: Client, make_shipments: ShipmentMaker, page: str
) -> None:
    body(warehouse.get(page))
    make_shipments(2, stage=Stage.PICKED)
    body(warehouse.get(page, {"tab": "all"}))


def test_ready_orders_are_planned_by_a_button(
    warehouse: Client, make_allocated: OrderMaker
) -> None:
    make_allocated(2)
    assert 'hx-get="/shipments/?to-plan"' in body(warehouse.get("/shipments/"))
    assert 'action="/shipments/plan"' in body(warehouse.get("/shipments/?to-plan"))
    warehouse.post("/shipments/plan")
    assert Shipment.objects.count() == 2
    assert "form" not in body(warehouse.get("/shipments/?to-plan"))


def test_dear_numbers_follow_the_page(warehouse: Client, make_shipments: ShipmentMaker) -> None:
    make_shipments(2)
    assert 'hx-get="?count=blocked"' in body(warehouse.get("/shipments/"))
    assert body(warehouse.get("/shipments/?count=blocked")) == "0"
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=Order.objects.earliest("pk")).update(refund_state="REFUNDED")
    assert body(warehouse.get("/shipments/?count=blocked")) == "1"


def test_chosen_shipments_become_a_wave(warehouse: Client, make_shipments: ShipmentMaker) -> None:
    ids = list(make_shipments(2).values_list("pk", flat=True))
    posted = {"action": "release", "ids": ids, "confirmed": "1", "with-limit": "50"}
    warehouse.post("/shipments/", posted, headers={"HX-Request": "true"})
    assert Wave.objects.get().shipments.count() == 2


def test_the_wave_page_prints_and_confirms(
    warehouse: Client, make_shipments: ShipmentMaker, chen: Person
) -> None:
    shipments = make_shipments(2, stage=Stage.RELEASED)
    wave = Wave.objects.get()
    warehouse.post(f"/waves/{wave.number}/print")
    job = PrintJob.objects.get()
    assert "hx-get" in body(warehouse.get(f"/waves/{wave.number}/prints"))
    typeset(job, [shipment.pk for shipment in shipments], ["PICK_LIST", "NOTE"], "")
    assert f"/prints/{job.pk}.pdf" in body(warehouse.get(f"/waves/{wave.number}/"))
    answer: Any = warehouse.get(f"/prints/{job.pk}.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    warehouse.post(f"/prints/{job.pk}/acknowledge")
    warehouse.post(f"/waves/{wave.number}/pick")
    assert {*shipments.values_list("stage", flat=True)} == {"PICKED"}
    job.refresh_from_db()
    assert job.acknowledged_at


def test_a_parcel_is_packed_with_the_scanner_alone(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    assert 'data-sound="ok"' in scan(warehouse, parcel.number)
    assert "1 / 2" in scan(warehouse, tea.barcode, parcel)
    assert 'name="weight"' in scan(warehouse, tea.barcode, parcel)
    answer = body(warehouse.post(f"/pack/{parcel.number}/close", {"weight": "605"}))
    assert 'data-sound="done"' in answer
    parcel.refresh_from_db()
    assert (parcel.stage, parcel.weight_g) == (Stage.PACKED, 605)


def test_wrong_pieces_and_too_many_are_refused_with_a_sound(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku, bag: Sku
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED, quantity=1).get()
    wrong = scan(warehouse, bag.barcode, parcel)
    assert 'data-sound="wrong"' in wrong
    assert bag.title in wrong
    scan(warehouse, tea.barcode, parcel)
    assert 'data-sound="wrong"' in scan(warehouse, tea.barcode, parcel)


def test_another_weight_asks_why(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED, quantity=1).get()
    scan(warehouse, tea.barcode, parcel)
    close = f"/pack/{parcel.number}/close"
    assert 'name="why"' in body(warehouse.post(close, {"weight": "2000"}))
    body(warehouse.post(close, {"weight": "2000", "why": "wooden box"}))
    parcel.refresh_from_db()
    assert parcel.weight_why == "wooden box"


def test_instructions_are_ticked_on_the_table(
    warehouse: Client, make_shipments: ShipmentMaker
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    with entry("test.setup", by=TESTER):
        wish = Instruction.objects.create(order=Order.objects.get(), code="GIFT_WRAP")
    scan(warehouse, parcel.number)
    body(warehouse.post(f"/pack/{parcel.number}/tick", {"instruction": wish.pk}))
    assert Tick.objects.get().instruction == wish


def test_a_parcel_that_must_not_leave_does_not_come_onto_the_table(
    warehouse: Client, make_shipments: ShipmentMaker
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    with entry("test.setup", by=TESTER):
        Order.objects.update(platform_state=PlatformState.FORBIDDEN)
    answer = scan(warehouse, parcel.number)
    assert 'data-sound="wrong"' in answer
    assert Order.objects.get().number in answer


def test_a_scan_costs_few_statements(
    warehouse: Client,
    make_shipments: ShipmentMaker,
    tea: Sku,
    django_assert_max_num_queries: Any,
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    with django_assert_max_num_queries(24):
        scan(warehouse, tea.barcode, parcel)


def test_a_stranger_finds_nothing(
    client: Client, make_shipments: ShipmentMaker, stranger: Person
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    client.force_login(stranger)
    wave = Wave.objects.get()
    for page in (f"/shipments/{parcel.number}/", f"/waves/{wave.number}/"):
        assert client.get(page).status_code == 404
    for page in (
        f"/shipments/{parcel.number}/do/unpick",
        f"/waves/{wave.number}/pick",
        f"/pack/{parcel.number}/close",
    ):
        assert client.post(page, {"why": "x"}).status_code == 404
    parcel.refresh_from_db()
    assert parcel.stage == Stage.PICKED


def test_a_colleague_without_the_right_is_told_so(
    client: Client, make_shipments: ShipmentMaker, wang: Person
) -> None:
    parcel = make_shipments(1, stage=Stage.PICKED).get()
    client.force_login(wang)
    for page in (
        f"/shipments/{parcel.number}/do/recall",
        f"/pack/{parcel.number}/close",
        "/shipments/plan",
    ):
        assert client.post(page, {"why": "x"}).status_code == 403
    parcel.refresh_from_db()
    assert parcel.stage == Stage.PICKED


def test_the_page_of_a_shipment_acts(
    warehouse: Client, make_shipments: ShipmentMaker, chen: Person
) -> None:
    parcel = make_shipments(1, stage=Stage.RELEASED).get()
    print_papers(Shipment.objects.filter(pk=parcel.pk), by=chen)
    assert "do/pick" in body(warehouse.get(f"/shipments/{parcel.number}/"))
    warehouse.post(f"/shipments/{parcel.number}/do/pick")
    warehouse.post(f"/shipments/{parcel.number}/do/unpick")
    parcel.refresh_from_db()
    assert parcel.stage == Stage.PICKED
    warehouse.post(f"/shipments/{parcel.number}/do/recall", {"why": "customer cancelled"})
    parcel.refresh_from_db()
    assert parcel.stage == Stage.RECALLED
