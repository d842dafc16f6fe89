"""Hand-over by scanning: each parcel is counted or refused, then the counted ones leave."""

import pytest
from django.test import Client

from conftest import TESTER
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import Handover, NumberRange
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import PlatformState
from gendan.people.models import Person
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import *  # noqa: F403 (the warehouse's cast)
from gendan.warehouse.tests.conftest import ShipmentMaker

HTMX = {"HX-Request": "true"}


@pytest.fixture
def other(db: None) -> Carrier:
    with entry("test.setup", by=TESTER):
        carrier = Carrier.objects.create(code="zhongtong", name="中通快递", rank=2)
        NumberRange.objects.create(carrier=carrier, prefix="ZT", digits=3, next=1, last=99)
    return carrier


@pytest.fixture
def parcels(make_shipments: ShipmentMaker, carrier: Carrier, other: Carrier) -> list[Shipment]:
    """Return three packed parcels, the third of another carrier."""
    with entry("test.setup", by=TESTER):
        NumberRange.objects.create(carrier=carrier, prefix="SF", digits=3, next=1, last=99)
    made = make_shipments(3, stage=Stage.PACKED)
    choose_carrier(made.filter(pk=made.latest("pk").pk), other, by=TESTER)
    return list(draw_waybills(made, by=TESTER).order_by("pk"))


@pytest.fixture
def warehouse(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def scan(client: Client, code: str) -> str:
    answer = client.post("/hand-over/scan/count", {"code": code}, headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_counted_parcels_leave_together_and_others_stay(
    warehouse: Client, parcels: list[Shipment]
) -> None:
    first, second, _foreign = parcels
    assert 'data-sound="ok"' in scan(warehouse, first.waybill)
    assert second.waybill in scan(warehouse, first.waybill)  # named as not scanned yet
    assert 'data-sound="ok"' in scan(warehouse, second.waybill.lower())
    assert second.waybill in warehouse.get("/hand-over/scan/").content.decode()
    answer = warehouse.post("/hand-over/scan/leave", headers=HTMX).content.decode()
    handover = Handover.objects.get()
    assert f"/hand-over/{handover.number}.pdf" in answer
    assert {*handover.shipments.all()} == {first, second}
    assert Shipment.objects.filter(stage=Stage.PACKED).count() == 1
    assert "SF001" not in warehouse.get("/hand-over/scan/").content.decode()


def test_another_carriers_parcel_is_refused(warehouse: Client, parcels: list[Shipment]) -> None:
    scan(warehouse, parcels[0].waybill)
    answer = scan(warehouse, parcels[2].waybill)
    assert 'data-sound="wrong"' in answer
    assert "中通快递" in answer
    warehouse.post("/hand-over/scan/leave", headers=HTMX)
    assert Handover.objects.get().shipments.count() == 1


def test_what_is_unknown_or_not_packed_is_refused(
    warehouse: Client, make_shipments: ShipmentMaker, parcels: list[Shipment]
) -> None:
    picked = make_shipments(1, stage=Stage.PICKED).get()
    for code in ("SF999", picked.number):
        assert 'data-sound="wrong"' in scan(warehouse, code)
    answer = warehouse.post("/hand-over/scan/leave", headers=HTMX).content.decode()
    assert 'data-sound="wrong"' in answer
    assert not Handover.objects.exists()


def test_what_the_buyer_wants_refunded_is_refused(
    warehouse: Client, parcels: list[Shipment]
) -> None:
    with entry("test.setup", by=TESTER):
        Order.objects.update(platform_state=PlatformState.REFUNDING)
    assert 'data-sound="wrong"' in scan(warehouse, parcels[0].waybill)


def test_a_parcel_is_taken_off_again(warehouse: Client, parcels: list[Shipment]) -> None:
    for parcel in parcels[:2]:
        scan(warehouse, parcel.waybill)
    warehouse.post("/hand-over/scan/take-off", {"shipment": parcels[0].number}, headers=HTMX)
    warehouse.post("/hand-over/scan/leave", headers=HTMX)
    assert Handover.objects.get().shipments.get() == parcels[1]


def test_strangers_cannot_see_the_parcels_and_colleagues_are_told_so(
    client: Client, parcels: list[Shipment], stranger: Person, wang: Person
) -> None:
    client.force_login(wang)
    assert client.post("/hand-over/scan/count", {"code": "SF001"}).status_code == 403
    client.force_login(stranger)
    answer = client.post("/hand-over/scan/count", {"code": "SF001"}, headers=HTMX)
    assert answer.status_code in (200, 404)
    assert "/shipments/" not in answer.content.decode()
    client.post("/hand-over/scan/leave", headers=HTMX)
    assert not Handover.objects.exists()
