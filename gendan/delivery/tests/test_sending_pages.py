"""The pages of hand-over and write-back."""

import pytest
from django.test import Client

from conftest import TESTER
from gendan.delivery.models import Handover, NumberRange, WriteBack
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.models import Carrier, Shipment, Wave
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import *  # noqa: F403 (the warehouse's cast)
from gendan.warehouse.tests.conftest import ShipmentMaker

HTMX = {"HX-Request": "true"}


@pytest.fixture
def numbers(carrier: Carrier) -> NumberRange:
    with entry("test.setup", by=TESTER):
        return NumberRange.objects.create(
            carrier=carrier, prefix="SF", digits=10, next=1, last=1000
        )


@pytest.fixture
def warehouse(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def test_parcels_go_from_packed_to_the_platform_file(
    warehouse: Client, make_shipments: ShipmentMaker, numbers: NumberRange
) -> None:
    ids = list(make_shipments(2, stage=Stage.PACKED).values_list("pk", flat=True))
    assert warehouse.get("/hand-over/", {"tab": "bare"}).status_code == 200
    warehouse.post("/hand-over/?tab=bare", {"action": "draw", "ids": ids}, headers=HTMX)
    posted = {"action": "hand-over", "ids": ids, "confirmed": "1"}
    warehouse.post("/hand-over/", posted, headers=HTMX)
    handover = Handover.objects.get()
    page = warehouse.get("/hand-over/").content.decode()
    assert f"/hand-over/{handover.number}.pdf" in page
    assert warehouse.get(f"/hand-over/{handover.number}.pdf").content.startswith(b"%PDF")
    assert "/write-backs/TB1/file" in warehouse.get("/write-backs/").content.decode()
    answer = warehouse.post("/write-backs/TB1/file")
    assert answer["Content-Disposition"].startswith('attachment; filename="TB1-')
    assert {*WriteBack.objects.values_list("state", flat=True)} == {"EXPORTED"}


def test_a_wave_and_a_shipment_get_their_waybills(
    warehouse: Client, make_shipments: ShipmentMaker, numbers: NumberRange
) -> None:
    first, _second = make_shipments(2, stage=Stage.RELEASED)
    warehouse.post(f"/shipments/{first.number}/waybill", {"waybill": "SF99"})
    warehouse.post(f"/waves/{Wave.objects.get().number}/waybills")
    assert {*Shipment.objects.values_list("waybill", flat=True)} == {"SF99", "SF0000000001"}


def test_a_stranger_finds_nothing_and_a_colleague_is_told_so(
    client: Client, make_shipments: ShipmentMaker, stranger: Person, wang: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    for person, status in ((stranger, 404), (wang, 403)):
        client.force_login(person)
        enter = client.post(f"/shipments/{shipment.number}/waybill", {"waybill": "SF1"})
        assert enter.status_code == status
        assert client.post("/write-backs/TB1/file").status_code == status
    shipment.refresh_from_db()
    assert shipment.waybill == ""
