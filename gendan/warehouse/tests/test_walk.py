"""The walk with a phone: rows to tick, goods that are not there, and who goes without."""

import pytest
from django.test import Client

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.models import Shipment, Wave
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.warehouse.queries.walk import going_without, walk
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.worklist.models import Item, Kind


@pytest.fixture
def warehouse(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def test_the_page_shows_what_to_fetch_and_ends_the_walk(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku
) -> None:
    make_shipments(3, stage=Stage.RELEASED)
    wave = Wave.objects.get()
    assert [(row.code, row.quantity) for row in walk(wave).rows] == [(tea.code, 6)]
    assert (
        f'value="{tea.code}" required'
        in warehouse.get(f"/waves/{wave.number}/picking/").content.decode()
    )
    warehouse.post(f"/waves/{wave.number}/pick")
    assert {*Shipment.objects.values_list("stage", flat=True)} == {"PICKED"}
    assert walk(wave).rows == ()
    assert warehouse.get(f"/waves/{wave.number}/picking/").status_code == 200


def test_the_urgent_are_served_first_and_each_line_whole(
    make_shipments: ShipmentMaker, tea: Sku
) -> None:
    shipments = list(make_shipments(3, stage=Stage.RELEASED).order_by("wave_position"))
    with entry("test.setup", by=TESTER):
        Shipment.objects.filter(pk=shipments[2].pk).update(priority=9)
    lacking = going_without(Wave.objects.get(), tea.code, 5)
    assert [line.shipment for line in lacking] == [shipments[1]]


def test_what_was_not_found_is_not_planned_again_before_somebody_counted(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku
) -> None:
    make_shipments(2, stage=Stage.RELEASED)
    wave = Wave.objects.get()
    posted = {"code": tea.code, "found": "2", "why": "shelf empty"}
    warehouse.post(f"/waves/{wave.number}/miss", posted)
    assert sorted(Shipment.objects.values_list("stage", flat=True)) == ["RECALLED", "RELEASED"]
    assert not ready_to_plan().exists()
    with entry("test.setup", by=TESTER):
        Item.objects.filter(kind=Kind.SHORT).update(done_at="2026-11-21T12:00Z")
    assert ready_to_plan().count() == 1


@pytest.mark.parametrize("found", ["", "many", "-1", "4"])
def test_a_typing_error_takes_nothing_away(
    warehouse: Client, make_shipments: ShipmentMaker, tea: Sku, found: str
) -> None:
    make_shipments(2, stage=Stage.RELEASED)
    wave = Wave.objects.get()
    warehouse.post(f"/waves/{wave.number}/miss", {"code": tea.code, "found": found})
    assert {*Shipment.objects.values_list("stage", flat=True)} == {"RELEASED"}


def test_strangers_find_nothing_and_colleagues_are_told_so(
    client: Client, make_shipments: ShipmentMaker, stranger: Person, wang: Person, tea: Sku
) -> None:
    make_shipments(1, stage=Stage.RELEASED)
    wave = Wave.objects.get()
    for person, status in ((stranger, 404), (wang, 403)):
        client.force_login(person)
        assert client.get(f"/waves/{wave.number}/picking/").status_code == status
        posted = {"code": tea.code, "found": "0"}
        assert client.post(f"/waves/{wave.number}/miss", posted).status_code == status
    assert Shipment.objects.get().stage == Stage.RELEASED
