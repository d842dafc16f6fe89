"""Printing: one PDF for a wave, every page in the ledger, a reprint with a reason."""

import re

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from conftest import TESTER
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Order
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.actions.print_papers import (
    NothingToPrint,
    ReprintNeedsReason,
    acknowledge,
    print_papers,
    typeset,
)
from gendan.warehouse.models import Paper, PrintJob, PrintPage, Shipment, ShipmentQuerySet, Wave
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.papers import texts


@pytest.fixture
def wave(make_shipments: ShipmentMaker) -> ShipmentQuerySet:
    """Two shipments in a wave, with waybills."""
    shipments = make_shipments(2, stage=Stage.RELEASED)
    with entry("test.setup", by=TESTER):
        for number, shipment in enumerate(shipments):
            Shipment.objects.filter(pk=shipment.pk).update(waybill=f"SF10000000000{number:02}")
    return shipments


def printed(shipments: ShipmentQuerySet, by: Person, why: str = "") -> list[str]:
    """Print as the worker would; return the texts of the pages."""
    job = print_papers(shipments, by=by, why=why)[0]
    typeset(job, [shipment.pk for shipment in shipments], list(Paper.values), why)
    job.refresh_from_db()
    with default_storage.open(job.file) as file:
        return texts(file.read())


def test_a_wave_gives_one_pdf_with_all_its_papers(wave: ShipmentQuerySet, chen: Person) -> None:
    pages = printed(wave, chen)
    assert len(pages) == 5
    assert "明前龙井" in pages[0]
    assert Wave.objects.get().number in pages[0]
    assert "SF10 0000 0000 000" in pages[3]


def test_every_page_stands_in_the_ledger(wave: ShipmentQuerySet, chen: Person) -> None:
    printed(wave, chen)
    rows = PrintPage.objects.order_by("page").values_list("page", "paper", "copy")
    assert [*rows] == [
        (1, "PICK_LIST", 1),
        (2, "NOTE", 1),
        (3, "NOTE", 1),
        (4, "WAYBILL", 1),
        (5, "WAYBILL", 1),
    ]
    job = PrintJob.objects.get()
    assert (job.pages_done, job.pages_total, job.asked_by) == (5, 5, chen)
    assert Entry.objects.filter(verb="papers.asked", actor_name=chen.name).exists()


def test_a_reprint_asks_why_and_is_marked(wave: ShipmentQuerySet, chen: Person) -> None:
    assert "补打" not in "".join(printed(wave, chen))
    with pytest.raises(ReprintNeedsReason):
        print_papers(wave, by=chen)
    again = printed(wave, chen, why="paper jam")
    assert all("补打 1" in page for page in again)
    assert {*PrintPage.objects.filter(copy=2).values_list("why", flat=True)} == {"paper jam"}
    assert "补打 2" in printed(wave, chen, why="lost")[3]


def test_a_second_job_before_the_first_is_ready_is_a_reprint_too(
    wave: ShipmentQuerySet, chen: Person
) -> None:
    print_papers(wave, by=chen)
    with pytest.raises(ReprintNeedsReason):
        print_papers(wave, by=chen)


def test_nothing_of_a_parcel_without_prices_shows_one(wave: ShipmentQuerySet, chen: Person) -> None:
    with entry("test.setup", by=TESTER):
        for order in Order.objects.all():
            Instruction.objects.create(order=order, code="NO_PRICE")
        Shipment.objects.update(hides_prices=True, cod_fen=25_600)
    text = "".join(printed(wave, chen))
    assert "代收货款" in text
    assert not re.search(r"[¥￥]|\d+\.\d\d\b|(?<!\d)(256|128)(?!\d)", text)


def test_shipments_outside_a_wave_have_no_papers(
    make_shipments: ShipmentMaker, chen: Person
) -> None:
    with pytest.raises(NothingToPrint):
        print_papers(make_shipments(1), by=chen)
    assert not PrintJob.objects.exists()


def test_only_ready_papers_are_acknowledged(wave: ShipmentQuerySet, chen: Person) -> None:
    print_papers(wave, by=chen)
    with pytest.raises(Refused):
        acknowledge(PrintJob.objects.all(), by=chen, now=timezone.now())
    printed(wave, chen, why="again")
    ready = PrintJob.objects.exclude(ready_at=None)
    assert acknowledge(ready, by=chen, now=timezone.now()).get().acknowledged_at
