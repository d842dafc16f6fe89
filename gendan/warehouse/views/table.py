"""What the tables have in common at which a scanner types: one scan, one act, one answer."""

from collections.abc import Callable
from typing import Protocol

from django.http import HttpResponse
from django.shortcuts import render

from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.next_up import next_up
from gendan.warehouse.stages import Stage
from gendan.warehouse.views.shipments import one

OK, WRONG, DONE = "ok", "wrong", "done"


class Table(Protocol):
    """Shows a parcel on the table, or none, with a sound and what is to be said."""

    def __call__(
        self, request: StaffRequest, shipment: Shipment | None, sound: str = "", said: str = ""
    ) -> HttpResponse: ...


def scanned(request: StaffRequest) -> tuple[str, Shipment | None]:
    """Return what was scanned, and the parcel that lies on the table."""
    number = request.POST.get("shipment", "")
    return request.POST.get("code", "").strip(), one(request, number) if number else None


def up_next(
    request: StaffRequest, stage: Stage, *, coming: Stage, url: str, title: str, nothing: str
) -> HttpResponse:
    """Show beside the scanning what should be done next; the page asks again at the address."""
    found = next_up(request.user, stage, coming=coming)
    context = {"next": found, "url": url, "title": title, "nothing": nothing}
    return render(request, "warehouse/_next_up.html", context)


def tried(
    request: StaffRequest,
    shipment: Shipment,
    act: Callable[[], object],
    table: Table,
    said: str = "",
) -> HttpResponse:
    """Do something with the parcel on the table; a refusal stays there to be read."""
    try:
        act()
    except Refused as refused:
        return table(request, shipment, WRONG, refused.sentence)
    return table(request, shipment, OK, said)
