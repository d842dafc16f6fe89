"""Parcels that left today, and files in which carriers and platforms tell of them."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conftest import TESTER
from gendan.channels.models import DayFile, Difference
from gendan.channels.reconciling.actions import compare_house, read_file, take_file
from gendan.delivery.models import Handover, WriteBack, WriteBackState
from gendan.delivery.tests.conftest import ParcelMaker, make_parcels, yuantong
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop
from gendan.warehouse.models import Carrier, ShipmentQuerySet

__all__ = ["ParcelMaker", "make_parcels", "yuantong"]

Found = Callable[..., set[tuple[str, str, str]]]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def today(now: datetime) -> date:
    return timezone.localdate(now)


@pytest.fixture
def parcels(make_parcels: ParcelMaker) -> ShipmentQuerySet:
    """Three parcels that left a moment ago: listed, and their platform told."""
    made = make_parcels(3, hours_ago=0)
    orderly(made)
    return made


def orderly(parcels: ShipmentQuerySet, state: str = WriteBackState.DONE) -> None:
    """Put parcels on a hand-over list, and tell their platform."""
    with entry("test.setup", by=TESTER):
        for parcel in parcels:
            assert parcel.carrier is not None
            listed = Handover.objects.filter(carrier=parcel.carrier).first()
            listed = listed or Handover.objects.create(
                carrier=parcel.carrier, warehouse=parcel.warehouse
            )
            listed.shipments.add(parcel)
            for line in parcel.lines.all():
                WriteBack.objects.create(
                    shipment=parcel,
                    order=line.order,
                    shop=parcel.shop,
                    state=state,
                    done_at=timezone.now() if state == WriteBackState.DONE else None,
                )


@pytest.fixture
def found(today: date, now: datetime) -> Found:
    """Return a way to compare the day, and to say what is open: kind, ours, theirs."""

    def compare(*, again: bool = True) -> set[tuple[str, str, str]]:
        if again:
            compare_house(today, by=TESTER, now=now)
        return set(Difference.objects.filter(state="OPEN").values_list("kind", "ours", "theirs"))

    return compare


@pytest.fixture
def told(today: date, now: datetime, zhao: Person) -> Callable[..., DayFile]:
    """Return a way to hand in a file of today and have it compared."""

    def hand_in(of: Shop | Carrier, content: Path | str, name: str = "file.csv") -> DayFile:
        data = content.read_bytes() if isinstance(content, Path) else content.encode()
        file = take_file(of, today, SimpleUploadedFile(name, data), by=zhao)
        return read_file(file, by=zhao, now=now)

    return hand_in
