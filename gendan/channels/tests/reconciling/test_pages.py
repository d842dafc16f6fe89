from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conftest import TESTER
from gendan.channels.models import DayFile, Difference
from gendan.channels.reconciling.saying import told
from gendan.channels.tests.reconciling.conftest import Found
from gendan.delivery.models import Handover
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.warehouse.models import Carrier, ShipmentQuerySet
from gendan.worklist.models import Item
from gendan.worklist.subjects import page_of


def test_a_day_is_compared_looked_at_settled_and_opened_again(
    client: Client,
    parcels: ShipmentQuerySet,
    today: date,
    zhao: Person,
    wang: Person,
    stranger: Person,
) -> None:
    with entry("test.setup", by=TESTER):
        Handover.objects.get().shipments.remove(parcels[0])
    place = reverse("reconcile-day", args=[f"{today}"])
    client.force_login(wang)
    assert client.get(place).status_code == 403
    client.force_login(zhao)
    assert client.get(reverse("reconcile")).status_code == 302
    assert client.get(reverse("reconcile"), {"on": f"{today}"})["Location"] == place
    assert client.get(reverse("reconcile-day", args=["2026-99-99"])).status_code == 404
    client.post(reverse("reconcile-compare", args=[f"{today}"]))
    page = client.get(place).content.decode()
    assert parcels[0].waybill in page
    assert client.get(page_of(Item.objects.open().get())).status_code == 200
    chosen = {"ids": [Difference.objects.get().pk], "why": "手写补单", "confirmed": "1"}
    client.post(place, {"action": "settle", **chosen})
    assert Difference.objects.get().state == "SETTLED"
    client.post(f"{place}?tab=settled", {"action": "reopen", **chosen})
    assert Difference.objects.get().state == "OPEN"
    assert client.get(f"{place}?file=csv").status_code == 200
    client.force_login(stranger)
    assert parcels[0].waybill not in client.get(f"{place}?tab=all").content.decode()


def test_a_carriers_file_is_dropped_and_waits_for_the_worker(
    client: Client, parcels: ShipmentQuerySet, yuantong: Carrier, today: date, zhao: Person
) -> None:
    client.force_login(zhao)
    place = reverse("reconcile-upload", args=[f"{today}", "carrier"])
    bill = SimpleUploadedFile("bill.csv", f"运单号\n{parcels[0].waybill}\n".encode())
    client.post(place, {"carrier-of": yuantong.pk, "carrier-file": bill})
    assert DayFile.objects.get().is_busy
    shown = client.get(reverse("reconcile-files", args=[f"{today}"])).content.decode()
    assert "hx-get" in shown
    client.post(place, {"carrier-of": yuantong.pk})
    wrong = SimpleUploadedFile("bill.csv", b"a,b\n1,2\n")
    client.post(place, {"carrier-of": yuantong.pk, "carrier-file": wrong})
    assert DayFile.objects.count() == 1


def test_differences_read_as_people_speak(found: Found, parcels: ShipmentQuerySet) -> None:
    assert told("AMOUNT", "25600") == "¥256.00"
    assert told("TWICE", "4") == "4"
    assert told("STATE", "") == "—"
    assert "¥1.00" in told("THERE_ONLY", "PAID 100")


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
def test_a_day_that_has_none_beside_it_is_no_page(client: Client, zhao: Person, on: str) -> None:
    client.force_login(zhao)
    assert client.get(reverse("reconcile-day", args=[on])).status_code == 404
    assert client.post(reverse("reconcile-compare", args=[on])).status_code == 404
    assert client.get(reverse("reconcile"), {"on": on}).status_code == 302
