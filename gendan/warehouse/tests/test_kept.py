"""How well standards are kept: by region, by carrier there, by warehouse."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.journal.writing import entry
from gendan.people.models import Person, Warehouse
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.models.carriage import Standard
from gendan.warehouse.queries.kept import By, kept
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.test_carry import give
from gendan.warehouse.tests.test_sourcing_api import holding

NOW = timezone.now()
LEFT = NOW - timedelta(days=10)


@pytest.fixture
def standard(db: None) -> None:
    give(Standard(pickup_hours=24, arrive_hours=72))


@pytest.fixture
def parcels(make_shipments: ShipmentMaker, standard: None) -> list[Shipment]:
    """Four that left ten days ago."""
    return list(make_shipments(4).order_by("pk"))


def went(parcel: Shipment, took: float | None, province: str = "浙江省", **more: Any) -> None:
    """Let a parcel leave, and arrive after so many hours."""
    arrived = None if took is None else LEFT + timedelta(hours=took)
    said = {"stage": "SHIPPED" if took is None else "DELIVERED", **more}
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=parcel.pk).update(
            **{"shipped_at": LEFT, "delivered_at": arrived, "province": province, **said}
        )


def heard(parcel: Shipment, at: datetime, state: str = "ACCEPTED") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_trace (shipment_id, provider, at, text, state, code, place) "
            "VALUES (%s, 'TEST', %s, '已揽收', %s, '', '')",
            [parcel.pk, at, state],
        )


def test_what_is_late_or_never_arrived_is_not_kept(parcels: list[Shipment], zhao: Person) -> None:
    first, second, third, fourth = parcels
    went(first, 20)
    went(second, 80)
    went(third, None)
    went(fourth, 10, stage="RETURNED")
    (row,) = kept(zhao, by=By.REGION, now=NOW)
    assert (row.province, row.parcels, row.in_time, row.percent) == ("浙江省", 3, 1, 33)
    assert row.median_hours == 50


def test_what_is_not_due_yet_is_not_counted(parcels: list[Shipment], zhao: Person) -> None:
    went(parcels[0], 1, shipped_at=NOW - timedelta(hours=71))
    assert kept(zhao, by=By.REGION, now=NOW) == []


def test_it_is_told_by_carrier_and_by_warehouse(
    parcels: list[Shipment], zhao: Person, carrier: Carrier, hangzhou: Warehouse
) -> None:
    slow = give(Carrier(code="yunda", name="韵达速递", rank=2))
    for parcel, took in zip(parcels, (20, 30, 90, 100), strict=True):
        went(parcel, took, carrier=slow if took >= 90 else carrier)
    told = kept(zhao, by=By.CARRIER, now=NOW)
    assert {row.carrier: row.percent for row in told} == {carrier: 100, slow: 0}
    (here,) = kept(zhao, by=By.WAREHOUSE, now=NOW)
    assert (here.warehouse, here.province, here.percent) == (hangzhou, "", 50)


def test_pick_up_is_known_of_those_that_were_heard_of(
    parcels: list[Shipment], zhao: Person
) -> None:
    for parcel in parcels:
        went(parcel, 20)
    heard(parcels[0], LEFT + timedelta(hours=3))
    heard(parcels[1], LEFT + timedelta(hours=30))
    heard(parcels[2], LEFT + timedelta(hours=1), "ORDERED")
    (row,) = kept(zhao, by=By.REGION, now=NOW)
    assert (row.heard, row.picked_in_time, row.picked_percent) == (3, 1, 33)


def test_a_program_and_the_page_tell_it_of_what_they_see(
    parcels: list[Shipment], client: Client, zhao: Person, hangzhou: Warehouse
) -> None:
    went(parcels[0], 20)
    rows = holding("warehouse.source").get("/api/sourcing/kept", {"by": "WAREHOUSE"}).json()
    assert [(row["warehouse"], row["in_time"]) for row in rows] == [(hangzhou.code, 1)]
    client.force_login(zhao)
    assert "浙江省" in client.get("/sourcing/").content.decode()
    part = client.get("/sourcing/?kept=WAREHOUSE", headers={"HX-Target": "kept"}).content.decode()
    assert hangzhou.name in part
    assert "<html" not in part


def test_without_standards_nothing_is_counted(db: None, zhao: Person) -> None:
    assert kept(zhao, by=By.REGION, now=NOW) == []
