"""The forms of a shipment's page: another carrier, goods not found, its papers again."""

import pytest
from django.test import Client

from gendan.people.models import Person
from gendan.warehouse.actions.print_papers import typeset
from gendan.warehouse.models import Carrier, PrintJob, PrintPage, Shipment
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.worklist.models import Item, Kind


@pytest.fixture
def warehouse(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def test_the_page_offers_and_does_them(
    warehouse: Client, make_shipments: ShipmentMaker, carrier: Carrier
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    page = warehouse.get(f"/shipments/{shipment.number}/").content.decode()
    for form in ("carrier", "miss", "print"):
        assert f'action="/shipments/{shipment.number}/{form}"' in page
    warehouse.post(f"/shipments/{shipment.number}/carrier", {"carrier": carrier.pk})
    line = {"line": shipment.lines.get().pk, "why": "shelf empty"}
    warehouse.post(f"/shipments/{shipment.number}/miss", line)
    shipment.refresh_from_db()
    assert shipment.stage == Stage.RECALLED
    assert Item.objects.filter(kind=Kind.SHORT).exists()


def test_a_reprint_of_one_asks_why_and_is_marked(
    warehouse: Client, make_shipments: ShipmentMaker
) -> None:
    shipment, other = make_shipments(2, stage=Stage.RELEASED)
    address = f"/shipments/{shipment.number}/print"
    warehouse.post(address, {"papers": "NOTE"})
    typeset(PrintJob.objects.get(), [shipment.pk], ["NOTE"], "")
    warehouse.post(address, {"papers": "NOTE"})
    assert PrintJob.objects.count() == 1
    warehouse.post(address, {"papers": "NOTE", "why": "卡纸"})
    typeset(PrintJob.objects.latest("pk"), [shipment.pk], ["NOTE"], "卡纸")
    assert [*PrintPage.objects.order_by("pk").values_list("shipment", "copy", "why")] == [
        (shipment.pk, 1, ""),
        (shipment.pk, 2, "卡纸"),
    ]
    assert "卡纸" in warehouse.get(f"/shipments/{shipment.number}/prints").content.decode()
    assert not other.printed_pages.exists()


def test_it_is_acknowledged_on_the_same_page(
    warehouse: Client, make_shipments: ShipmentMaker
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    warehouse.post(f"/shipments/{shipment.number}/print", {"papers": "NOTE"})
    job = PrintJob.objects.get()
    typeset(job, [shipment.pk], ["NOTE"], "")
    answer = warehouse.post(f"/prints/{job.pk}/acknowledge", {"shipment": shipment.number})
    assert answer["Location"] == f"/shipments/{shipment.number}/"
    job.refresh_from_db()
    assert job.acknowledged_at


@pytest.mark.parametrize(
    "posted", [("carrier", {"carrier": "x"}), ("miss", {"line": "0"}), ("miss", {"line": "x"})]
)
def test_nonsense_changes_nothing(
    warehouse: Client, make_shipments: ShipmentMaker, posted: tuple[str, dict[str, str]]
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    form, data = posted
    assert warehouse.post(f"/shipments/{shipment.number}/{form}", data).status_code in (302, 404)
    shipment.refresh_from_db()
    assert shipment.stage == Stage.RELEASED


def test_strangers_find_nothing_and_colleagues_are_told_so(
    client: Client, make_shipments: ShipmentMaker, stranger: Person, wang: Person, carrier: Carrier
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    line = shipment.lines.get().pk
    for person, status in ((stranger, 404), (wang, 403)):
        client.force_login(person)
        for form in ("carrier", "miss", "print"):
            posted = {"carrier": carrier.pk, "line": line, "why": "x"}
            answer = client.post(f"/shipments/{shipment.number}/{form}", posted)
            assert answer.status_code == status
    assert Shipment.objects.get().stage == Stage.RELEASED
    assert not PrintJob.objects.exists()
